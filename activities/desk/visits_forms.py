"""What staff type about visits."""

from typing import Any

from django import forms

from activities.desk.planning_forms import DayInput
from activities.models import Visit
from activities.visiting import STATES
from communities.filters import OwnFilter
from communities.models import Community, Estate, Grid, Resident, User
from core import clock


class VisitFilter(OwnFilter):
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *STATES.items()], required=False)
    mine = forms.BooleanField(label="只看我登记的", required=False)

    field_order = ("state", "community", "mine")


class VisitForm(forms.ModelForm[Visit]):
    """登记走访: to `resident`, or to a place of one's own communities."""

    class Meta:
        model = Visit
        fields = ("community", "on", "grid", "estate", "text", "follow_up")
        widgets = {"text": forms.Textarea({"rows": 4}), "on": DayInput()}
        help_texts = {
            "text": "只写跟进需要的情况，不写病情、收入等无关的隐私",
            "follow_up": "写了就会出现在待办里，直到办结",
        }

    def __init__(self, data: Any = None, *, user: User, resident: Resident | None) -> None:
        super().__init__(data, initial={"on": clock.today()})
        self.resident = resident
        own = Community.objects.for_staff(user).order_by("pk")
        own = own.filter(pk=resident.community_id) if resident else own
        among = {
            "community": own,
            "grid": Grid.objects.filter(community__in=own).order_by("community", "name"),
            "estate": Estate.objects.filter(community__in=own).order_by("community", "name"),
        }
        for name, rows in among.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        for name in ("grid", "estate"):
            self.fields[name].empty_label = "不选"  # type: ignore[attr-defined]
        self.fields["community"].empty_label = None  # type: ignore[attr-defined]
        self.fields["community"].initial = own.first()

    def visit(self) -> Visit:
        """The unsaved visit."""
        made = self.save(commit=False)
        made.resident = self.resident
        return made
