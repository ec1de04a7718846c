"""What staff choose above the review queue."""

from typing import Any

from django import forms

from activities import queue
from communities.models import Community, User

WHOSE = [("", "我能审核的"), ("all", "全部，含须由同事审核的")]


class QueueFilter(forms.Form):
    """All of it optional; what is not understood is left out."""

    kind = forms.ChoiceField(label="类别", required=False)
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部")
    whose = forms.ChoiceField(label="范围", choices=WHOSE, required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        kinds = [("", "全部"), *((kind.code, kind.title) for kind in queue.kinds())]
        self.fields["kind"] = forms.ChoiceField(label="类别", choices=kinds, required=False)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]

    field_order = ("kind", "community", "whose")

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
