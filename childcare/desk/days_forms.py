"""What staff ask and type about the days; forms look at shape only, the verbs decide."""

from datetime import date
from typing import Any

from django import forms

from childcare.days import book, lateness
from childcare.models import Group
from childcare.models.places import GroupQuerySet
from communities.models import User
from core import clock


class MonthFilter(forms.Form):
    """Whatever is wrong in the address counts as not said: then the newest group and this month."""

    group = forms.ModelChoiceField(Group.objects.none(), label="班", required=False, empty_label=None)
    month = forms.TypedChoiceField(label="月份", required=False, coerce=date.fromisoformat, empty_value=None)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own, mine = book.groups_of(user), dict[str, Any](self.fields)
        mine["group"].queryset = own
        mine["group"].label_from_instance = lambda one: f"{one.centre}，{one}"
        self.chosen = _picked(own, self.data.get("group", ""))
        months = book.months_of(self.chosen) if self.chosen else []
        mine["month"].choices = [(one.isoformat(), f"{one.year}年{one.month}月") for one in months]

    def asked(self) -> tuple[Group | None, date]:
        """The group and the first day of a month; None where the reader sees no group."""
        self.is_valid()
        default = clock.today().replace(day=1)
        if self.chosen is not None and self.chosen.last_on < default:
            default = self.chosen.last_on.replace(day=1)
        return self.chosen, self.cleaned_data.get("month") or default


def _picked(own: GroupQuerySet, said: str) -> Group | None:
    chosen = own.filter(pk=int(said)).first() if said.isascii() and said.isdecimal() and len(said) < 19 else None
    return chosen or own.first()


class ExportForm(forms.Form):
    purpose = forms.CharField(label="导出原因", min_length=2, max_length=100)


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label="不计的原因", min_length=2, max_length=lateness.EXCUSE, help_text="如：暴雪停运，已提前打电话。"
    )
