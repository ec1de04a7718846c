"""What staff type to book a room and to look through bookings; the verbs decide."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from communities.filters import OwnFilter
from communities.models import User
from core import clock, words
from venues import series
from venues.booking import LONGEST
from venues.bookingbook import STATES
from venues.claiming import Purpose
from venues.models import Room, Use
from venues.series import Day, Pattern

YEARS = (2000, 2200)  # a slip of the finger; moments end with the calendar


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OwnRoom(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.community}，容纳{obj.capacity}人）"


class BookingFilter(OwnFilter):
    """Above the list of bookings."""

    state = forms.ChoiceField(label="状态", choices=list(STATES.items()), required=False)
    use = forms.ChoiceField(label="用途", choices=[("", "全部"), *Use.choices], required=False)
    room = forms.ModelChoiceField(Room.objects.none(), label="活动室", required=False, empty_label="全部")
    since = forms.DateField(label="从", widget=DayInput, required=False)
    until = forms.DateField(label="到", widget=DayInput, required=False)

    field_order = ("state", "use", "room", "since", "until", "community")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["room"].queryset = Room.objects.for_staff(user).order_by("community", "name")  # type: ignore[attr-defined]


class BookingForm(forms.Form):
    """预订: once, or on weekdays from one day to another. `seen` is what was looked at before it is booked."""

    room = OwnRoom(Room.objects.none(), label="活动室", empty_label="请选择")
    use = forms.ChoiceField(label="用途", choices=[(one.value, one.label) for one in series.USES])
    title = forms.CharField(label="事由", max_length=60, help_text="别人订同一时间会看到，不要写居民姓名")
    unit = forms.CharField(label="使用单位", max_length=60, required=False, help_text="如“文兴合唱团”")
    people = forms.IntegerField(label="人数", min_value=1, max_value=2000, required=False)
    first = forms.DateField(label="日期", widget=DayInput)
    last = forms.DateField(label="重复到", widget=DayInput, required=False, help_text="只用一次的不填")
    starts = forms.TimeField(label="开始", widget=ClockInput)
    ends = forms.TimeField(label="结束", widget=ClockInput)
    weekdays = forms.TypedMultipleChoiceField(
        label="每周哪几天", coerce=int, choices=[(n, f"周{name}") for n, name in enumerate(words.WEEKDAYS)], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="重复时选；不选就是每天",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        rooms = Room.objects.for_staff(user).in_use().select_related("community__sub_district").order_by("pk")
        self.fields["room"].queryset = rooms.prefetch_related("hours")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        for name in ("first", "last"):
            day: date | None = asked.get(name)
            if day and not YEARS[0] <= day.year <= YEARS[1]:
                self.add_error(name, "请检查日期的年份。")
        if asked.get("starts") and asked.get("ends") and asked["ends"] <= asked["starts"]:
            self.add_error("ends", "结束要晚于开始。")
        room, people = asked.get("room"), asked.get("people")
        if room and people and people > room.capacity:
            self.add_error("people", f"这个活动室最多容纳{room.capacity}人（消防核定）。")
        return asked

    def pattern(self) -> Pattern:
        """What a valid form asks for; a single day has no weekdays."""
        asked, today = self.cleaned_data, clock.today()
        begins, ends = (datetime.combine(today, asked[name]) for name in ("starts", "ends"))
        last = asked["last"] or asked["first"]
        weekdays = tuple(sorted(asked["weekdays"])) if last != asked["first"] else ()
        return Pattern(asked["first"], last, asked["starts"], (ends - begins) // timedelta(minutes=1), weekdays)

    def purpose(self) -> Purpose:
        asked = self.cleaned_data
        return Purpose(Use(asked["use"]), asked["title"], unit=asked["unit"], people=asked["people"])

    def mark(self) -> str:
        """What the days that were looked at belong to; another one, and they are to be looked at anew."""
        pattern = self.pattern()
        days = f"{pattern.first}.{pattern.last}.{pattern.starts:%H%M}.{pattern.minutes}"
        return f"{self.cleaned_data['room'].pk}.{self.cleaned_data['use']}.{days}.{''.join(map(str, pattern.weekdays))}"


class DaysForm(forms.Form):
    """The days that are ticked below."""

    days = forms.MultipleChoiceField(required=False)
    seen = forms.CharField(required=False)

    def __init__(self, data: Any, *, offered: Iterable[Day]) -> None:
        super().__init__(data)
        self.fields["days"].choices = [(one.day.isoformat(), "") for one in offered]  # type: ignore[attr-defined]

    def chosen(self) -> set[date]:
        """What is no day of the pattern any more is left out."""
        self.is_valid()
        return {date.fromisoformat(day) for day in self.cleaned_data.get("days", [])}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=LONGEST, help_text="预订人会看到")
