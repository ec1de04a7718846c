"""What staff type about rooms; forms look at shape only, the verbs decide."""

import re
import unicodedata
from datetime import date, time
from typing import Any

from django import forms

from communities.filters import OwnFilter
from communities.models import Community, User
from core import clock, words
from venues.checkbook import STATES
from venues.models import OpeningHours, Room
from venues.register import Opening

SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
BETWEEN = re.compile(r"[、,;\s]+")
DASHES = re.compile(r"\s*(?:—+|–|~|至|到|-)\s*")
Pair = tuple[time, time]


class SpansField(forms.CharField):
    """08:30—12:00 14:30—21:00: as many stretches of a day as there are; full-width signs and any dash will do."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, required=False, **options)

    def clean(self, value: Any) -> list[Pair]:
        text = DASHES.sub("-", unicodedata.normalize("NFKC", super().clean(value)))
        return [self._pair(one) for one in BETWEEN.split(text.strip()) if one]

    def _pair(self, text: str) -> Pair:
        found = SPAN.fullmatch(text)
        hours = [int(one) for one in found.groups()] if found else []
        if not hours or max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59:
            raise forms.ValidationError("请按“08:30—21:00”填写；中午关门的填两段，中间空一格。")
        return time(hours[0], hours[1]), time(hours[2], hours[3])


class RoomForm(forms.ModelForm[Room]):
    """登记 or 修改. `community` is chosen once."""

    standing = forms.ChoiceField(
        label="状态", choices=[(one, one.label) for one in (Room.Standing.USED, Room.Standing.IDLE)]
    )

    class Meta:
        model = Room
        fields = (
            "community", "name", "place", "floor", "area", "capacity", "facilities", "accessible", "access_note", "holder",
            "safety_person", "safety_phone", "keeper", "standing", "shared",
        )  # fmt: skip
        help_texts = {
            "capacity": "按消防核定的人数填写。",
            "place": "如“活动室2楼”",
            "facilities": "如“投影、音响、把杆、饮水机”",
            "access_note": "如“有坡道，卫生间有扶手”",
        }
        widgets = {"capacity": forms.NumberInput({"min": 1, "max": 2000}), "area": forms.NumberInput({"min": 1, "step": "0.1"})}  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Community.objects.for_staff(user).select_related("sub_district").order_by("pk")
        if self.instance.pk:
            del self.fields["community"]
        else:
            choice = forms.ModelChoiceField(own, label="社区", empty_label=None)
            choice.initial = own.first()
            self.fields["community"] = choice
        spoken = _spoken(list(self.instance.hours.all())) if self.instance.pk else {}
        for weekday, name in enumerate(words.WEEKDAYS):
            self.fields[f"day{weekday}"] = SpansField(label=f"周{name}", initial=spoken.get(weekday, ""))

    def asked(self) -> Room:
        """The room as it was filled in, unsaved."""
        room = self.instance
        if not room.pk:
            room.community = self.cleaned_data["community"]
        return room

    def hours(self) -> list[Opening]:
        return [Opening(weekday, *pair) for weekday in range(7) for pair in self.cleaned_data[f"day{weekday}"]]

    def days(self) -> list[forms.BoundField]:
        """The fields of the opening hours, which stand together."""
        return [self[f"day{weekday}"] for weekday in range(7)]

    def facts(self) -> list[forms.BoundField]:
        """All other fields."""
        return [field for field in self if not field.name.startswith("day")]

    def _get_validation_exclusions(self) -> set[str]:
        """What the form's fields do not say, the verb says in its own words: a name twice, an area of nought."""
        return {field.name for field in self.instance._meta.fields}


def _spoken(hours: list[OpeningHours]) -> dict[int, str]:
    found: dict[int, str] = {}
    for one in sorted(hours, key=lambda one: one.opens):
        found[one.weekday] = f"{found.get(one.weekday, '')} {one}".strip()
    return found


class RoomFilter(OwnFilter):
    """Above the list of rooms."""

    standing = forms.ChoiceField(label="状态", choices=[("", "全部"), *Room.Standing.choices], required=False)
    shared = forms.ChoiceField(
        label="居民预订", choices=[("", "全部"), ("yes", "可以预订"), ("no", "不可预订")], required=False
    )

    field_order = ("standing", "shared", "community")


class MonthField(forms.CharField):
    """A month as browsers send it: 2026-11; its first day, or nothing for what is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=7, required=False, widget=forms.TextInput({"type": "month"}), **options)

    def clean(self, value: Any) -> date | None:
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", super().clean(value), re.ASCII)
        return date(int(found[1]), int(found[2]), 1) if found else None


class RateFilter(OwnFilter):
    """Above the use rates."""

    month = MonthField(label="月份")

    field_order = ("month", "community")

    def asked_month(self) -> date:
        """The month asked for, not one to come; this month without."""
        this = clock.today().replace(day=1)
        month: date = self.asked().get("month") or this
        return min(month, this)


class CheckFilter(OwnFilter):
    """Above the hand-over records."""

    state = forms.ChoiceField(label="交接", choices=[("", "全部"), *STATES.items()], required=False)
    room = forms.ModelChoiceField(Room.objects.none(), label="活动室", required=False, empty_label="全部")
    month = MonthField(label="月份")

    field_order = ("state", "month", "room", "community")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        own = Room.objects.for_staff(user).select_related("community").order_by("community", "name")
        self.fields["room"].queryset = own  # type: ignore[attr-defined]


class DayFilter(OwnFilter):
    """Which community on which day."""

    on = forms.DateField(label="日期", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    field_order = ("on", "community")
