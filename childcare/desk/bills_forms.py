"""What staff choose above the list of bills, and for which centre and month they draw."""

from datetime import date
from typing import Any

from django import forms

from childcare.billing import book
from childcare.billing.fees import after, named
from childcare.models import BillQuerySet, Centre, CentreQuerySet
from communities.models import Community, User
from core import clock

BACK, ON = 3, 4  # months before this one, and from it on


class BillFilter(forms.Form):
    """Above the list; whatever is wrong in the address counts as not said."""

    month = forms.TypedChoiceField(label="月份", required=False, coerce=date.fromisoformat, empty_value=None)
    centre = forms.ModelChoiceField(Centre.objects.none(), label="托管中心", required=False, empty_label="全部")
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *book.STATES], required=False)

    def __init__(self, data: Any, *, seen: BillQuerySet, centres: CentreQuerySet) -> None:
        super().__init__(data)
        mine: Any = self.fields
        mine["month"].choices = [("", "全部"), *((one.isoformat(), named(one)) for one in book.months(seen))]
        mine["centre"].queryset = centres.order_by("name", "pk")

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RunForm(forms.Form):
    centre = forms.ModelChoiceField(Centre.objects.none(), label="托管中心", empty_label=None)
    month = forms.TypedChoiceField(label="月份", coerce=date.fromisoformat)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User) -> None:
        following = after(clock.today().replace(day=1))
        super().__init__(data, initial={"month": following.isoformat()})
        mine: Any = self.fields
        mine["centre"].queryset = Centre.objects.for_staff(user).order_by("name", "pk")
        mine["month"].choices = [(one.isoformat(), named(one)) for one in _around(clock.today())]

    def said(self) -> dict[str, Any]:
        """The arguments of `running.run`."""
        said = self.cleaned_data
        return {"centre": said["centre"], "month": said["month"], "after": said["after"] or 0}


def _around(today: date) -> list[date]:
    number = today.year * 12 + today.month - 1
    return [date((number + step) // 12, (number + step) % 12 + 1, 1) for step in range(-BACK, ON)]


def centres_of(user: User) -> CentreQuerySet:
    """Whose sums the reader reads."""
    return Centre.objects.filter(community__in=Community.objects.for_books(user))
