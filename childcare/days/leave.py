"""请假: a guardian says that the child does not come; by phone, at the counter, or to a teacher. It never raises an alarm, so every
guardian hears of leave of today and of leave that somebody else wrote down, and it can be taken back until the day is over."""

from datetime import date, datetime, timedelta

import structlog
from django.urls import reverse

from childcare.days import chain, runs, who
from childcare.days.arriving import AlreadyArrived, NoPlaceThatDay, held
from childcare.models import Attendance, LeaveNote, Place
from childcare.speaking import speaker_for
from communities import changes, duties, guardians
from communities.kin import refusal_between
from communities.models import Guardian, Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications import outbox
from notifications.models import Message

AHEAD = timedelta(days=60)
REASONS = (Attendance.Absence.LEAVE, Attendance.Absence.SICK, Attendance.Absence.SCHOOL)
log = structlog.get_logger(__name__)


class AlreadyOnLeave(Refused):
    code = "care_on_leave"
    message = "这一天已经请过假，没有重复登记。"


class LeaveOver(Refused):
    code = "care_leave_over"
    message = "这一天已经过去，或者班次已经结束，不能再请假，没有登记。"


class TooFarAhead(Refused):
    code = "care_leave_ahead"
    message = f"请假最多提前{AHEAD.days}天，没有登记。长期不来请到窗口办理。"


class LeaveDayOver(Refused):
    code = "care_leave_day_over"
    message = "这一天已经过去，请假不能再撤回，没有改动。"


class WhoSays(Refused):
    code = "care_leave_who_says"
    message = "没有写明是哪位监护人请假，没有登记。请核对来电的人，在孩子的监护人里选一位。"


class NoLeave(Refused):
    code = "care_no_leave"
    message = "这一天没有请假，没有改动。"


REFUSALS: Refusals = {"leave_note_once": lambda _: AlreadyOnLeave()}


@verb(REFUSALS)
def tell(
    *, place: Place, day: date, reason: str, by: User, guardian: Resident | None = None, at: datetime | None = None
) -> LeaveNote:  # fmt: skip
    """A note for `day`. It ends an alarm that is open. Who is no guardian says which `guardian` it was that said so.

    Refuses with everything that `refusal_to_tell` says, and `WhoSays`.
    """
    changes.by(by)
    if reason not in REASONS:
        raise BadInput
    mine, moment = held(place.pk), at or clock.now()
    if refused := refusal_to_tell(mine, day, by, moment):
        raise refused
    own = speaker_for(mine.child, by)
    said_by = own or next((one.guardian for one in speakers(mine) if one.guardian == guardian), None)
    if said_by is None:
        raise WhoSays
    made = LeaveNote.objects.create(place=mine, day=day, reason=reason, said_by=said_by, by=by, at=moment)
    if own is None or day == clock.local(moment).date():
        _tell(made, f"care-leave:{made.pk}", "孩子托管请假", "已登记托管请假，老师当天不再找孩子", moment)
    log.info("care_leave", note=made.pk)
    return made


def refusal_to_tell(place: Place, day: date, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot say it; None when nothing stands against it."""
    return refusal_of(place, day, at) if may_speak(place, by) else guardians.NotYourChild()


def refusal_of(place: Place, day: date, at: datetime) -> Refused | None:
    """Why nobody can."""
    written = Attendance.objects.filter(place=place, day=day, arrived_at__isnull=False)
    reasons: list[tuple[bool, Refused]] = [
        (at > runs.ends_at(place.group, day), LeaveOver()),
        (day > clock.local(at).date() + AHEAD, TooFarAhead()),
        (not Place.objects.held_on(day).filter(pk=place.pk).exists(), NoPlaceThatDay()),
        (not runs.runs_on(place.group, day), NoPlaceThatDay()),
        (written.exists(), AlreadyArrived()),
        (LeaveNote.objects.filter(place=place, day=day, withdrawn_at=None).exists(), AlreadyOnLeave()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def withdraw(*, place: Place, day: date, by: User, at: datetime | None = None) -> LeaveNote:
    """The child comes after all; until the day is over. An alarm that the note had ended goes on."""
    changes.by(by)
    mine, moment = held(place.pk), at or clock.now()
    if not may_speak(mine, by):
        raise guardians.NotYourChild
    note = LeaveNote.objects.filter(place=mine, day=day, withdrawn_at=None).first()
    if note is None:
        raise NoLeave
    if day < clock.local(moment).date():
        raise LeaveDayOver
    note.withdrawn_at = moment
    note.save(update_fields=["withdrawn_at"])
    if day == clock.local(moment).date() or speaker_for(mine.child, by) is None:
        _tell(note, f"care-leave-back:{note.pk}", "托管请假已撤回", "的托管请假已撤回，孩子照常来", moment)
    log.info("care_leave_back", note=note.pk)
    return note


def speakers(place: Place) -> list[Guardian]:
    """The guardians whose word counts: of whom staff say that they called."""
    return chain.guardians_of(place.child)


def _tell(note: LeaveNote, occasion: str, title: str, what: str, at: datetime) -> None:
    """Every guardian: leave that nobody of the family said would let nobody look for the child."""
    centre = note.place.group.centre
    phone = centre.phone or centre.community.phone
    body = f"您的孩子{words.day(note.day)}{what}。不是您家说的，请马上打{phone}。"
    said = outbox.Words(title, body, reverse("childcare:days", args=[note.place.child_id]))
    outbox.tell_many(
        outbox.message(occasion, said, Message.Channel.INBOX, resident=one.guardian, due_at=at)
        for one in speakers(note.place)
    )


def may_speak(place: Place, by: User) -> bool:
    """A guardian's phone (not one whom a bar names: nobody would look for a child on leave); for a family that came or rang, a
    colleague at the counter, a client of the community's, or a caregiver on duty that day. Nobody of staff for the own family.
    """
    if by.kind == User.Kind.RESIDENT:
        return speaker_for(place.child, by) is not None
    centre = place.group.centre
    allowed = who.watches(who.post_of(by, centre), clock.today()) or duties.holds(
        by, centre.community, *duties.ENTERING
    )
    kin = by.kind == User.Kind.STAFF and allowed and refusal_between(by=by, beneficiaries=[place.child])
    return allowed and not kin
