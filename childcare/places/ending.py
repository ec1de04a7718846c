"""托位结束: said beforehand or at once; the child keeps the place until its last day, and only then it goes to the next."""

from datetime import date, datetime, timedelta

from childcare.models import Place
from childcare.places import fit, telling
from childcare.places.centres import HEADS
from childcare.places.offering import REFUSALS as OFFERS, left, locked, offer_next, withdraw
from communities import changes, duties
from communities.models import Consent, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

AHEAD = 62  # days that a last day may lie ahead
Status, EndReason = Place.Status, Place.EndReason
STANDING = fit.STANDING
# By the head alone; by whoever listens to a withdrawn consent; by the sweep and by moving.
BY_HEAD = (EndReason.LATE, EndReason.CENTRE)
BY_ITSELF = (EndReason.GRADUATED, EndReason.MOVED)
NOT_THEIRS = (*BY_HEAD, *BY_ITSELF, EndReason.CONSENT)


class AlreadyOver(Refused):
    code = "care_place_over"
    message = "这个托位已经结束，没有再改动。请刷新后再看。"


class WasThere(Refused):
    code = "care_was_there"
    message = "孩子在这一天以后还到过班，没有办理。请把最后一天改到最后一次到班那天或以后。"


class NoLongerAgreed(Refused):
    code = "care_no_longer_agreed"
    message = (
        "监护人已撤回托管服务协议或儿童个人信息规则的同意，没有改动，托位仍到原定的最后一天。请先由监护人重新同意。"
    )


class BadLastDay(BadInput):
    code = "care_bad_last_day"

    def __init__(self, why: str = "请检查最后一天。") -> None:
        super().__init__(f"{why}没有办理，托位没有变动。")


REFUSALS: Refusals = {**OFFERS, "CC023": lambda _: WasThere(), "place_ends_after_start": lambda _: BadLastDay()}


def refusal_for(place: Place, last_day: date, reason: str, by: User, at: datetime) -> Refused | None:
    """Why the place cannot end on `last_day`; None when nothing stands against it. Page, counter, REST and verb ask."""
    today = clock.local(at).date()
    if place.status not in STANDING:
        return AlreadyOver()
    if refused := _against(place, reason, by):
        return refused
    if place.status != Status.HELD:
        return None
    if refused := _against_longer(place, last_day, by):
        return refused
    guardian = reason == EndReason.GUARDIAN and by.kind == User.Kind.RESIDENT
    if last_day < today - timedelta(days=0 if guardian else 31) or last_day > today + timedelta(days=AHEAD):
        return BadLastDay("最后一天要在今天以后、两个月以内。")
    if last_day > place.group.last_on:
        return BadLastDay("最后一天不能晚于班次结束的日子。")
    return None


@verb(REFUSALS)
def end(*, place: Place, last_day: date, reason: str, by: User, at: datetime | None = None) -> Place:
    """The child's last day in the group is `last_day`; until then the place stays its own, after it the next in line has it.

    Who waits or is asked is taken out of the line at once, and so is who has not begun by then. Refuses `refusal_for`.
    """
    at = at or clock.now()
    changes.by(by)
    mine = locked(place)
    if refused := refusal_for(mine, last_day, reason, by, at):
        raise refused
    begun = mine.status == Status.HELD and mine.starts_on is not None and mine.starts_on <= last_day
    if not begun:
        withdraw(mine, EndReason(reason), by=by, at=at)
        telling.gave_up(mine, at)
        return mine
    if mine.ends_on is not None and reason == EndReason.GUARDIAN and mine.end_reason in NOT_THEIRS:
        reason = mine.end_reason  # who shortens what others decided does not take it over, nor may take it back
    mine.ends_on, mine.end_reason, mine.ended_by = last_day, reason, by
    mine.save(update_fields=["ends_on", "end_reason", "ended_by"])
    if last_day < clock.local(at).date():
        over(mine, by=by, at=at)
    telling.ends(mine, last_day, at)
    return mine


@verb(REFUSALS)
def keep(*, place: Place, by: User) -> Place:
    """Take back a last day that has not come yet: the child stays.

    Refuses who may not, a place that is over, `NoLongerAgreed`, and `fit.Overlaps` when it has another place by then (转班).
    """
    changes.by(by)
    mine = locked(place)
    if mine.status != Status.HELD or mine.ends_on is None:
        raise AlreadyOver
    if refused := _against(mine, mine.end_reason, by) or _against_staying(mine):
        raise refused
    mine.ends_on, mine.end_reason, mine.ended_by = None, "", None
    mine.save(update_fields=["ends_on", "end_reason", "ended_by"])
    return mine


@verb(REFUSALS)
def finish(*, place: Place, by: User, at: datetime) -> bool:
    """The last day is past: the place is free and goes to the next. False when it was done already, or was taken back."""
    changes.by(by)
    mine = locked(place)
    if mine.status != Status.HELD or mine.ends_on is None or mine.ends_on >= clock.local(at).date():
        return False
    over(mine, by=by, at=at)
    return True


def over(mine: Place, *, by: User, at: datetime) -> None:
    """After its last day, with the line held: the place is free, and a child without any place has left."""
    mine.status, mine.ended_at = Status.ENDED, at
    mine.ended_by = mine.ended_by or by
    mine.end_reason = mine.end_reason or EndReason.GUARDIAN
    mine.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])
    left(mine.child_id, mine.ends_on or clock.local(at).date())
    offer_next(mine.group_id, by=by, at=at)


def _against_longer(place: Place, last_day: date, by: User) -> Refused | None:
    """A later day than was said already is what `keep` is asked: whoever decided it, consent, another place by then."""
    if place.ends_on is None or last_day <= place.ends_on:
        return None
    return _against(place, place.end_reason, by) or _against_staying(place)


def _against_staying(place: Place) -> Refused | None:
    """Why the child cannot stay beyond the day that was said."""
    if not fit.agreed(place.child, Consent.Purpose.CARE, Consent.Purpose.CHILD_DATA):
        return NoLongerAgreed()
    return fit.Overlaps() if fit.meets_another(place.group, place.child, place.plan) else None


def _against(place: Place, reason: str, by: User) -> Refused | None:
    """Who may end a place, and why."""
    if reason not in EndReason.values:
        return BadLastDay("请选择原因。")
    if reason in BY_ITSELF:
        return (
            None if by.username == "system" or duties.holds(by, place.group.centre.community) else duties.NotYourDuty()
        )
    if reason == EndReason.CONSENT and not fit.agreed(place.child, Consent.Purpose.CARE, Consent.Purpose.CHILD_DATA):
        return None  # the consent is gone: whoever withdrew it had the right to
    if reason in BY_HEAD and not duties.holds(by, place.group.centre.community, *HEADS):
        return duties.NotYourDuty()
    return fit.refusal_to_act(place.child, by)
