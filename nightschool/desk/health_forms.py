"""The filter above 办班情况."""

from typing import Any

from django import forms
from django.http import Http404

from communities.models import Community, User
from nightschool.health import RUNNING, SORTS, STATES
from nightschool.models import Term


class HealthFilter(forms.Form):
    """Another community is not there at all (404)."""

    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    community = forms.TypedChoiceField(label="社区", required=False, coerce=int, empty_value=None)
    term = forms.TypedChoiceField(label="期次", required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(label="排序", required=False, choices=[("", "新的在前"), *SORTS.items()])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = list(Community.objects.for_staff(user).order_by("pk"))
        terms = Term.objects.filter(sub_district__communities__in=mine).distinct().order_by("-starts_on", "-pk")
        self.fields["community"].choices = [("", "全部"), *((one.pk, one.name) for one in mine)]  # type: ignore[attr-defined]
        self.fields["term"].choices = [("", "全部"), *((one.pk, one.name) for one in terms)]  # type: ignore[attr-defined]
        if len(mine) == 1:
            self.fields["community"].widget = forms.HiddenInput()

    def asked(self) -> dict[str, Any]:
        """What to look for; something that is no choice is not there at all."""
        if not self.is_valid():
            raise Http404
        return {**self.cleaned_data, "state": self.cleaned_data["state"] or RUNNING}
