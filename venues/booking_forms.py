"""What is typed to book a room; the verbs decide."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django import forms

from communities import settings
from communities.settings import Value
from core import clock
from venues import opening
from venues.booking import Reason, Wish
from venues.claiming import Hours
from venues.models import Room


class WishForm(forms.Form):
    """When, how long, how many, what for. The day is in the address."""

    start = forms.TypedChoiceField(label="几点开始", coerce=time.fromisoformat)
    minutes = forms.TypedChoiceField(label="用多久", coerce=int)
    people = forms.IntegerField(label="多少人", min_value=1, max_value=2000)
    reason = forms.ChoiceField(label="做什么", choices=Reason.choices)

    def __init__(
        self, data: Any = None, *, day: date, room: Room, free: Iterable[Hours], rules: dict[Value, int]
    ) -> None:
        super().__init__(data)
        slot, most = rules[settings.ROOM_SLOT], rules[settings.ROOM_HOURS_MOST] * 60
        self.day = day
        self.fields["start"].choices = [(at, at) for at in starts(free, slot)]  # type: ignore[attr-defined]
        self.fields["minutes"].choices = [(n, spoken(n)) for n in range(slot, most + 1, slot)]  # type: ignore[attr-defined]
        self.fields["minutes"].initial = min(most, max(slot, 120 // slot * slot))
        self.fields["start"].error_messages["invalid_choice"] = "这个时间刚刚被别人订了，请重新选择。"
        self.fields["people"].help_text = f"最多{room.capacity}人（消防核定）"

    def wish(self) -> Wish:
        """What a valid form asks for."""
        asked = self.cleaned_data
        begins = clock.at(self.day, asked["start"])
        return Wish(
            Hours(begins, begins + timedelta(minutes=asked["minutes"])), asked["people"], Reason(asked["reason"])
        )


def starts(free: Iterable[Hours], slot: int) -> list[str]:
    """The clock times at which a booking of at least one slot can begin."""
    found = []
    for window in opening.slots(free, slot):
        begins = window.starts_at
        while begins < window.ends_at:
            found.append(f"{clock.local(begins):%H:%M}")
            begins += timedelta(minutes=slot)
    return found


def spoken(minutes: int) -> str:
    """30分钟, 1小时, 1个半小时, 2小时."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}分钟"
    if rest == 30:
        return f"{hours}个半小时"
    return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"
