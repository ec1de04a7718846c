"""What is typed about centres, groups and places; forms look at shape only, the verbs decide."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from childcare.models import Centre, Group, Place
from childcare.places import centres, ending, groups
from communities import duties
from communities.filters import OwnFilter
from communities.models import Community, User
from core import clock, words
from partners.models import Agreement, Partner
from venues.models import Room

WEEKDAYS = [(n, f"周{name}") for n, name in enumerate(words.WEEKDAYS)]
SHOWN = {"": "在托、候补和待确认", **dict(Place.Status.choices), "all": "全部"}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class LastDayForm(forms.Form):
    last_day = forms.DateField(label="最后一天", widget=DayInput, help_text="这一天还照常接送，从第二天起托位给下一位")


class EndForm(LastDayForm):
    """At the desk, with the reason; some are the head's alone."""

    reason = forms.ChoiceField(label="原因")

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        own = [one for one in Place.EndReason if one not in (*ending.BY_ITSELF, "expired", "unfit", "consent")]
        self.fields["reason"].choices = [(one.value, one.label) for one in own]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    to = forms.ModelChoiceField(Group.objects.none(), label="转到", empty_label="请选择")
    first_day = forms.DateField(label="从哪天起", widget=DayInput)

    def __init__(self, data: Any = None, *, place: Place) -> None:
        super().__init__(data, initial={"first_day": clock.today()})
        others = Group.objects.filter(centre=place.group.centre_id, status="open", last_on__gte=clock.today())
        self.fields["to"].queryset = others.exclude(pk=place.group_id).order_by("starts", "pk")  # type: ignore[attr-defined]


class CentreForm(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", empty_label="请选择")
    operator = forms.ModelChoiceField(
        Partner.objects.none(), label="运营单位", empty_label="请选择", help_text="与社区的协议正在生效的合伙人"
    )
    name = forms.CharField(label="名称", max_length=40)
    address = forms.CharField(label="地址", max_length=80)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    licensed = forms.IntegerField(label="核定人数", min_value=1, max_value=2000, help_text="证照上同时在托的人数上限")

    def __init__(self, data: Any = None, *, user: User, centre: Centre | None = None) -> None:
        facts = ("name", "address", "phone", "licensed", "operator")
        super().__init__(data, initial={name: getattr(centre, name) for name in facts} if centre else {})
        mine: Any = self.fields
        own = Community.objects.filter(pk__in=duties.served_by(user)).order_by("pk")
        mine["community"].queryset = own
        if centre is not None or len(own) < 2:
            del self.fields["community"]
        here = [centre.community_id] if centre else list(own.values_list("pk", flat=True))
        running = Agreement.objects.in_force(clock.today()).filter(community__in=here).values("partner")
        known = Q(pk__in=running) | Q(pk=centre.operator_id if centre else None)
        mine["operator"].queryset = Partner.objects.filter(known).order_by("name", "pk")
        self.only = own[0] if len(own) == 1 else None

    def facts(self) -> centres.Facts:
        said = self.cleaned_data
        return centres.Facts(said["name"], said["address"], said["phone"], said["licensed"])

    def community_of(self) -> Community | None:
        return self.cleaned_data.get("community") or self.only


class GroupForm(forms.Form):
    """A group as planned; the fees stand by how many days a week a child comes."""

    name = forms.CharField(label="班名", max_length=40)
    kind = forms.ChoiceField(label="班次", choices=Group.Kind.choices, help_text="临时班按天收费")
    room = forms.ModelChoiceField(Room.objects.none(), label="活动室", empty_label="请选择")
    weekdays = forms.TypedMultipleChoiceField(
        label="每周哪几天", coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    starts = forms.TimeField(label="开始", widget=ClockInput)
    ends = forms.TimeField(label="结束", widget=ClockInput)
    first_on = forms.DateField(label="从", widget=DayInput)
    last_on = forms.DateField(label="到", widget=DayInput)
    seats = forms.IntegerField(label="座位数", min_value=1, max_value=200)
    grades = forms.CharField(label="适合年级", max_length=40, required=False, help_text="如“1至3年级”")

    def __init__(self, data: Any = None, *, centre: Centre, group: Group | None = None) -> None:
        super().__init__(data, initial=_planned(group) if group else {"weekdays": range(5), "kind": "after_school"})
        rooms = Room.objects.in_use().filter(community=centre.community_id).select_related("community").order_by("pk")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        for days in range(7, 0, -1):
            label = "每周1天（临时班：一天）" if days == 1 else f"每周{days}天"
            self.fields[f"fee_{days}"] = forms.DecimalField(
                label=f"{label}（元）", required=False, min_value=Decimal(0), max_value=Decimal(10000), decimal_places=2
            )

    def facts(self) -> groups.Facts:
        said = dict(self.cleaned_data)
        yuan = {days: said.pop(f"fee_{days}", None) for days in range(1, 8)}
        fees = {days: int(value * 100) for days, value in yuan.items() if value is not None}
        return groups.Facts(**{**said, "kind": Group.Kind(said["kind"])}, fees=fees)


class OpenForm(forms.Form):
    """The days of the plan that are ticked; `seen` says that they were looked at."""

    days = forms.TypedMultipleChoiceField(
        coerce=date.fromisoformat, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, offered: list[date]) -> None:
        super().__init__(data)
        self.fields["days"].choices = [(day.isoformat(), day.isoformat()) for day in offered]  # type: ignore[attr-defined]

    def chosen(self) -> list[date]:
        self.is_valid()
        return list(self.cleaned_data.get("days", []))


class PlaceFilter(OwnFilter):
    """Above the list of places and of those who wait."""

    state = forms.ChoiceField(label="状态", choices=list(SHOWN.items()), required=False)
    group = forms.ModelChoiceField(Group.objects.none(), label="班", required=False, empty_label="全部")
    field_order = ("state", "group", "community")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        own = Group.objects.for_staff(user).exclude(status="draft").select_related("centre").order_by("-last_on", "pk")
        self.fields["group"].queryset = own  # type: ignore[attr-defined]


def _planned(group: Group) -> dict[str, Any]:
    names = ("name", "kind", "room", "weekdays", "starts", "ends", "first_on", "last_on", "seats", "grades")
    fees = {f"fee_{days}": Decimal(fen) / 100 for days, fen in group.fees.items()}
    return {name: getattr(group, name) for name in names} | fees
