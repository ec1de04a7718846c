"""班级看板: each child of a group on one day, with what is known of it so far; a fixed number of queries for any number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from django.db.models import Q

from childcare.days import allergies
from childcare.models import Alarm, Attendance, Group, Handover, LeaveNote, Place, Staffer
from core import clock


class State(Enum):
    """What is said of a child; the value is what people read."""

    ALARM = "没有到班"
    LEFT_BEHIND = "没有接走"
    EXPECTED = "待到"
    ARRIVED = "在班"
    GONE = "已离开"
    LEAVE = "请假"
    ABSENT = "缺勤"


TONES = {
    State.ALARM: "r", State.LEFT_BEHIND: "r", State.EXPECTED: "y", State.ARRIVED: "g", State.GONE: "", State.LEAVE: "b",
    State.ABSENT: "",
}  # fmt: skip
ORDER = {state: number for number, state in enumerate(State)}


@dataclass(frozen=True)
class Row:
    """One child of the day. `way` is who took it home, `note` why it does not come; `extra`: it came on a day off its plan.

    `on_leave`: a note of the family's stands; `marked_away`: a teacher wrote that it is away.
    """

    place: Place
    state: State
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    way: str = ""
    note: str = ""
    alarm: Alarm | None = None
    allergies: str = ""
    extra: bool = False
    on_leave: bool = False
    marked_away: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def here(self) -> bool:
        """In the room now, so that a roll call asks for it."""
        return self.state in (State.ARRIVED, State.LEFT_BEHIND)

    @property
    def awaited(self) -> bool:
        """May be marked as come."""
        return self.state in (State.EXPECTED, State.ALARM)


def of(group: Group, day: date, *, watching: Staffer | None = None) -> list[Row]:
    """Who is expected on `day`, and who came: who needs somebody first, then by name. `watching` sees allergies and why a child
    stays away, if on duty today (childcare/days/allergies.py), and the sight is written down."""
    places = places_of([group.pk], day)
    told = facts_of(places, day)
    rows = [row_of(one, day, told) for one in places]
    sees = watching is not None and day == clock.today() and allergies.may_see(watching)
    words = (
        allergies.shown_to(watching, group, {one.child_id: one.child for one in places}) if watching and sees else {}
    )
    shown = [
        replace(
            row, allergies=words.get(row.place.child_id, ""), note=row.note if sees or row.state == State.ABSENT else ""
        )
        for row in rows
    ]
    return sorted(shown, key=lambda row: (ORDER[row.state], row.place.child.pinyin, row.place.pk))


def places_of(groups: Iterable[int], day: date) -> list[Place]:
    """Whose plan covers `day`, and whoever came nevertheless, with the child and the group."""
    came = Attendance.objects.filter(day=day, arrived_at__isnull=False).values("place")
    found = Place.objects.held_on(day).filter(Q(plan__contains=[day.weekday()]) | Q(pk__in=came), group__in=groups)
    people = ("child__community", "group__centre__community__sub_district")
    return list(found.select_related(*people).order_by("pk"))


@dataclass(frozen=True)
class Facts:
    """What was written down of a day, by place."""

    attendances: dict[int, Attendance]
    notes: dict[int, LeaveNote]
    alarms: dict[int, Alarm]
    handovers: dict[int, Handover]


def facts_of(places: Iterable[Place], day: date) -> Facts:
    """Four queries for any number of places."""
    asked = [one.pk for one in places]
    return Facts(
        {one.place_id: one for one in Attendance.objects.filter(place__in=asked, day=day)},
        {one.place_id: one for one in LeaveNote.objects.filter(place__in=asked, day=day, withdrawn_at=None)},
        {one.place_id: one for one in Alarm.objects.open().filter(place__in=asked, day=day)},
        {one.place_id: one for one in Handover.objects.filter(place__in=asked, day=day).select_related("pickup", "guardian", "carer")},
    )  # fmt: skip


def row_of(place: Place, day: date, told: Facts) -> Row:
    """What `told` says of one place."""
    written, note = told.attendances.get(place.pk), told.notes.get(place.pk)
    alarm = told.alarms.get(place.pk)
    if written is not None and written.arrived_at:
        state = State.GONE if written.left_at else State.LEFT_BEHIND if alarm else State.ARRIVED
        way, extra = way_of(told.handovers.get(place.pk)), day.weekday() not in place.plan
        return Row(place, state, written.arrived_at, written.left_at, way, alarm=alarm, extra=extra)
    row = Row(place, State.EXPECTED, alarm=alarm, on_leave=note is not None, marked_away=written is not None)
    if alarm is not None:
        return replace(row, state=State.ALARM)
    if written is not None and written.absence != Attendance.Absence.UNEXCUSED:
        return replace(row, state=State.LEAVE, note=written.get_absence_display())
    if note is not None:
        return replace(row, state=State.LEAVE, note=note.get_reason_display())
    if written is not None:
        return replace(row, state=State.ABSENT, note=written.get_absence_display())
    return row


def way_of(left: Handover | None) -> str:
    """外婆, 母亲, 自行离开: whom the child left with, by the relation and never by name."""
    if left is None:
        return ""
    one = left.pickup or left.carer or left.guardian
    return one.relation if one is not None else left.get_way_display()


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many of each: due (all who should come), here, away, gone, called."""
    many = Counter(row.state for row in rows)
    here = many[State.ARRIVED] + many[State.LEFT_BEHIND]
    return {
        "due": sum(many.values()) - many[State.LEAVE], "here": here, "gone": many[State.GONE], "leave": many[State.LEAVE],
        "missing": many[State.ALARM], "waiting": many[State.EXPECTED] + many[State.ALARM], "late": many[State.LEFT_BEHIND],
    }  # fmt: skip
