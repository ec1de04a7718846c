"""候补调整 and 当场补位: what staff change in the order of a line, with a reason, told to everybody whom it touches."""

from collections.abc import Sequence
from datetime import datetime

from communities import duties
from communities.kin import refusal_between
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import verb
from nightschool import enrolment
from nightschool.line.offering import end, hold, offer_next, page_of
from nightschool.line.waitlist import REFUSALS, NotWaiting
from nightschool.models import Channel, Course, Enrolment, LineMove, Waiting
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from points import ledger

LONGEST = 60
AT_THE_DOOR = "当天到场补位"
Status, INBOX = Waiting.Status, Message.Channel.INBOX


class NoMoveReason(BadInput):
    code = "no_move_reason"
    message = "请写明原因（60字以内），排在后面的居民会看到。次序没有改动。"


class NoSuchPlace(BadInput):
    code = "no_such_place"
    message = "没有这个位置，或他就在这个位置，次序没有改动。"


class NoClassToday(Refused):
    code = "no_class_today"
    message = "今天没有这门课，或今天的课已经结束，不能当场补位，没有改动，积分没有扣。"


class NoFreeSeat(Refused):
    code = "no_free_seat"
    message = "这门课现在没有空名额，没有补位，积分没有扣。待确认的人说不来了，请选用他的名额；有人退课，请先办退课。"


class OwnLine(Refused):
    code = "own_line"
    message = "不能为自己、家人或由您代办的居民调整次序或当场补位，没有改动。请由另一位同事办理。"
    status = 403


@verb(REFUSALS)
def move(*, waiting: Waiting, to: int, reason: str, by: User, at: datetime | None = None) -> LineMove:
    """Put `waiting` at place `to` (from 1) of its line; everybody whose place changes is told, with the reason.

    Refuses an empty reason, a place that there is not, who does not wait (any more), family, and staff of another community.
    """
    at, reason = at or clock.now(), reason.strip()
    _require(waiting, by)
    if not 1 <= len(reason) <= LONGEST or "\0" in reason:
        raise NoMoveReason
    hold(waiting.course_id)
    line = list(waiting.course.line.in_line().select_related("resident"))
    before = next((n for n, one in enumerate(line, 1) if one.pk == waiting.pk), None)
    if before is None:
        raise NotWaiting("他没有在候补，或已经轮到、退出，次序没有改动。")
    if not 1 <= to <= len(line) or to == before:
        raise NoSuchPlace
    ordered = [one for one in line if one.pk != waiting.pk]
    ordered.insert(to - 1, line[before - 1])
    for one, place in zip(ordered, [one.place for one in line], strict=True):
        one.place = place
    Waiting.objects.bulk_update(ordered, ["place"])
    return _written(waiting, line, ordered, before, to, reason, by, at)


def refusal_at_the_door(waiting: Waiting, at: datetime) -> Refused | None:
    """Why nobody is let in at the door now; the page asks before the verb does."""
    today = waiting.course.sessions.of_the_day(at).exists()
    if waiting.course.status != Course.Status.OPEN or not today:
        return NoClassToday()
    return None if waiting.status in {Status.WAITING, Status.OFFERED} else NotWaiting("他没有在候补，没有改动。")


@verb({**REFUSALS, "course_seats": lambda _: NoFreeSeat()})
def promote(
    *, waiting: Waiting, by: User, instead_of: Waiting | None = None, at: datetime | None = None
) -> Enrolment:  # fmt: skip
    """Seat and charge somebody of the line who stands at the door on the day of a class: on a free seat, or on the one that
    `instead_of` was offered and has given up by word of mouth. Those who stood before are told.

    Refuses what `refusal_at_the_door` says, a course without a seat, who cannot pay, family, and staff of another community.
    """
    at = at or clock.now()
    _require(waiting, by)
    if refused := refusal_at_the_door(waiting, at):
        raise refused
    call(ledger.HOLD, [waiting.resident_id])  # wallets come before the line
    hold(waiting.course_id)
    line = list(waiting.course.line.in_line().select_related("resident"))
    standing = waiting.course.line.standing().select_related("resident__community", "guardian")
    mine = standing.select_for_update(no_key=True, of=("self",)).filter(pk=waiting.pk).first()
    if mine is None:
        raise NotWaiting("他没有在候补，或已经补上，没有改动。")
    if instead_of is not None and mine.status == Status.WAITING:  # who has an offer takes that
        _give_up(instead_of, waiting.course_id, at)
    seat = _seated(mine, by, at)
    outbox.recall(resident=mine.resident, occasions=[mine.occasion])
    before = next((n for n, one in enumerate(line, 1) if one.pk == waiting.pk), 1)
    if before > 1:
        _let_past(waiting, line[: before - 1], by, at)
    offer_next(waiting.course_id, at=at)
    return seat


def _require(waiting: Waiting, by: User) -> None:
    duties.require(by, waiting.course.community)
    if refused := refusal_between(by=by, beneficiaries=[waiting.resident], family=OwnLine()):
        raise refused


def _give_up(offer: Waiting, course_id: int, at: datetime) -> None:
    locked = Waiting.objects.offered().select_related("course", "resident").select_for_update(no_key=True, of=("self",))
    given = locked.filter(pk=offer.pk, course=course_id).first()
    if given is None:
        raise NotWaiting("那个名额已经确认或放弃，没有改动。请刷新后再办。")
    end(given, Status.DECLINED, at)
    body = f"按您的意思，《{given.course.title}》的候补名额已由社区放弃，让给到场的居民，没有扣积分。有疑问请联系社区。"
    said = Words("候补名额已放弃", body, page_of(given.course_id))
    outbox.tell(resident=given.resident, occasion=f"waiting:{given.pk}:given-up", words=said, due_at=at)


def _seated(mine: Waiting, by: User, at: datetime) -> Enrolment:
    facts = enrolment.facts_of(mine.course_id, mine.resident, at, False)
    against = [*enrolment.against(mine.resident, facts, at), *enrolment.against_payment(facts, purse=False)]
    if refused := next((no for stands, no in against if stands), None):
        raise refused
    if mine.status == Status.WAITING:  # offered and taken in one breath
        mine.status, mine.offered_at, mine.offer_until = (
            Status.OFFERED,
            at,
            clock.midnight_after(clock.local(at).date()),
        )
        mine.channel = Channel.DESK
        mine.save(update_fields=["status", "offered_at", "offer_until", "channel"])
    channel = Channel(mine.channel)
    return enrolment.seat(mine.course_id, facts, mine.resident, by, channel, at, False, mine.guardian, mine)


def _written(
    waiting: Waiting, line: Sequence[Waiting], ordered: Sequence[Waiting], before: int, after: int, reason: str, by: User, at: datetime
) -> LineMove:  # fmt: skip
    moved = LineMove.objects.create(
        course=waiting.course, waiting=waiting, before=before, after=after, reason=reason, by=by, at=at
    )
    was = {one.pk: n for n, one in enumerate(line, 1)}
    outbox.tell_many(
        outbox.message(
            f"line-move:{moved.pk}", _said(waiting.course, was[one.pk], now, reason), INBOX,
            resident=one.resident, due_at=quiet.calm(at),
        )
        for now, one in enumerate(ordered, 1) if was[one.pk] != now
    )  # fmt: skip
    return moved


def _let_past(waiting: Waiting, ahead: Sequence[Waiting], by: User, at: datetime) -> None:
    """It stands among the moves, and those who stood before read that somebody was let in, and that their place is what it was."""
    moved = LineMove.objects.create(
        course=waiting.course, waiting=waiting, before=len(ahead) + 1, after=1, reason=AT_THE_DOOR, by=by, at=at
    )
    title, day = waiting.course.title, words.day(clock.local(at).date())
    outbox.tell_many(
        outbox.message(
            f"line-move:{moved.pk}",
            Words(
                "有人当场补位",
                f"《{title}》{day}的课，一位排在您后面的居民到场，补上了空名额。您仍排第{now}位。有疑问请联系社区。",
                page_of(waiting.course_id),
            ), INBOX, resident=one.resident, due_at=quiet.calm(at),
        )
        for now, one in enumerate(ahead, 1)
    )  # fmt: skip


def _said(course: Course, before: int, after: int, reason: str) -> Words:
    body = f"《{course.title}》的候补次序有调整：您从第{before}位变为第{after}位。原因：{reason}。有疑问请联系社区。"
    return Words("候补次序有调整", body, page_of(course.pk))
