"""What one child's day was, thrown with the dice: when it came, who took it home, or why it did not come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from childcare.models import Group, Handover, LeaveNote, Place
from childcare.models.days import Attendance
from core import clock

Absence, Way, Check = Attendance.Absence, Handover.Way, Handover.Check
ON_LEAVE, SICK, FORGOT, SLOW, LATE = 0.03, 0.015, 0.008, 0.015, 0.006
BY_PICKUP, BY_DOCUMENT, ALONE = 0.35, 0.12, 0.8
PATIENCE = timedelta(minutes=15)


@dataclass(frozen=True)
class Told:
    """`leave`: said beforehand by a parent; `absence`: written by the teacher. Else it came, and (perhaps) left."""

    place: Place
    leave: bool = False
    absence: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    way: str = ""
    check: str = ""
    which: int = 0  # of those who may take it

    def missed(self, group: Group, day: date) -> bool:
        """Whether the house called for it: not there a quarter of an hour after the beginning."""
        begun = clock.at(day, group.starts) + PATIENCE
        return self.absence == Absence.UNEXCUSED or (self.arrived_at is not None and self.arrived_at > begun)

    def over(self, group: Group, day: date) -> int:
        """Whole minutes after the end of the hours, 0 before."""
        over = self.left_at - clock.at(day, group.ends) if self.left_at else timedelta()
        return max(int(over.total_seconds()) // 60, 0)

    def late(self, group: Group, day: date) -> int:
        """The same, but 0 within the quarter of an hour that nobody counts."""
        minutes = self.over(group, day)
        return minutes if timedelta(minutes=minutes) > PATIENCE else 0


def told(place: Place, day: date, dice: Random) -> Told:
    """The same throws in the same order for everybody, whatever comes of them."""
    group, throw = place.group, dice.random()
    came, left, who, second = dice.triangular(-8, 12, 0), dice.triangular(-35, 10, -8), dice.random(), dice.random()
    if throw < ON_LEAVE:
        return Told(place, leave=True)
    if throw < ON_LEAVE + SICK:
        return Told(place, absence=Absence.SICK)
    if throw < ON_LEAVE + SICK + FORGOT:
        return Told(place, absence=Absence.UNEXCUSED)
    slow = throw < ON_LEAVE + SICK + FORGOT + SLOW
    arrived = _minute(clock.at(day, group.starts), came + 25 if slow else came)
    left_at = _minute(clock.at(day, group.ends), 20 + 25 * second if throw > 1 - LATE else left)
    way, check = _who(place, who, second)
    return Told(place, arrived_at=arrived, left_at=left_at, way=way, check=check, which=int(second * 1000))


def _who(place: Place, who: float, second: float) -> tuple[str, str]:
    if place.alone and who < ALONE:
        return Way.ALONE, Check.CONSENT
    way = Way.PICKUP if who < BY_PICKUP else Way.GUARDIAN
    return way, Check.DOCUMENT if second < BY_DOCUMENT else Check.KNOWN


def _minute(moment: datetime, minutes: float) -> datetime:
    return moment + timedelta(minutes=int(minutes))


def note(one: Told, day: date, by: int, at: datetime) -> LeaveNote:
    return LeaveNote(place=one.place, day=day, reason=Absence.LEAVE, by_id=by, at=at)
