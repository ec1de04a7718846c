"""候补: joining the line of a full course, taking the seat that is offered, or not. Nobody in the line is charged.

Whoever makes a seat free (a withdrawal, an offer that lapsed, a larger room, seats no longer held) calls `offer_next` in the
same transaction (offering.py). The lock of the line comes after the wallets and before one's own rows.
"""

from datetime import datetime

from django.db.models import Max

from communities import closing, settings
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb
from nightschool import enrolment, family
from nightschool.line.offering import deadline, end, hold, let_go, line_until, offer_next, page_of
from nightschool.models import Channel, Enrolment, Waiting
from notifications import outbox
from notifications.outbox import Words

__all__ = [
    "AlreadyWaiting", "LineFull", "NotWaiting", "SeatsLeft", "accept", "deadline", "hold", "join", "lapse", "leave", "let_go", "line_until",
    "offer_next", "refusal_for", "refusal_to_accept",
]  # fmt: skip
Status = Waiting.Status
# What does not keep anybody from waiting: a seat may come free.
WORTH_WAITING = {"course_full", "held_for_counter", "people_wait"}


class SeatsLeft(Refused):
    code = "seats_left"
    message = "现在还有名额，不用候补，您的积分没有扣。请直接报名。"


class AlreadyWaiting(Refused):
    code = "already_waiting"
    message = "您已经在候补了，没有重复排队，积分没有扣。"


class LineFull(Refused):
    code = "line_full"
    message = "候补也满了，您的积分没有扣。可以看看其他课程。"


class NotWaiting(Refused):
    code = "not_waiting"
    message = "您没有在候补这门课，或已经退出，什么都没有改动。"


REFUSALS: Refusals = {
    **enrolment.REFUSALS,
    "waiting_once": lambda _: AlreadyWaiting(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def refusal_for(
    course_id: int, facts: enrolment.Facts, resident: Resident, at: datetime, *, channel: Channel = Channel.PHONE
) -> Refused | None:
    """Why `resident` cannot join the line; None when nothing stands against it. A seat that can be had is one reason.

    Who is short of points may wait all the same: a full course says so first, and until the offer points can be earned.
    """
    if facts.waiting:
        return AlreadyWaiting()
    refused = enrolment.refusal_for(facts, resident, at, channel=channel)
    if refused is None:
        return SeatsLeft()
    if refused.code not in WORTH_WAITING:
        return refused
    longest = facts.capacity * settings.value_of(settings.LINE_PERCENT, facts.sub_district_id) // 100
    waits = Waiting.objects.in_line().filter(course=course_id).count()
    return LineFull() if waits >= max(1, longest) else None


@verb(REFUSALS)
def join(*, course_id: int, resident: Resident, by: User, channel: Channel, at: datetime | None = None) -> Waiting:
    """Stand at the end of the line. Refuses with everything that `refusal_for` says, and a line that is as long as it may be."""
    at = at or clock.now()
    hold(course_id)
    facts = enrolment.facts_of(course_id, resident, at, False)
    if refused := refusal_for(course_id, facts, resident, at, channel=channel):
        raise refused
    last = Waiting.objects.filter(course=course_id).aggregate(last=Max("place"))["last"] or 0
    mine = Waiting.objects.create(
        course_id=course_id, resident=resident, channel=channel, place=last + 1, by=by, at=at, guardian_id=facts.guardian
    )  # fmt: skip
    place = Waiting.objects.in_line().filter(course=course_id).count()
    body = f"您已加入《{facts.title}》的候补，排第{place}位，不扣积分。有名额时按顺序通知您，请在期限内确认。"
    said = Words("已加入候补", f"{body}{family.said(resident, by)}", page_of(course_id))
    outbox.tell(resident=resident, occasion=f"waiting:{mine.pk}:joined", words=said, due_at=at)
    return mine


@verb(REFUSALS)
def leave(*, course_id: int, resident: Resident, by: User, at: datetime | None = None) -> Waiting:
    """Wait no longer, or turn an offer down; the next in line has it. Refuses who does not wait."""
    at = at or clock.now()
    hold(course_id)
    standing = Waiting.objects.of(resident).standing().filter(course=course_id)
    mine = standing.select_related("course", "resident").select_for_update(no_key=True, of=("self",)).first()
    if mine is None:
        raise NotWaiting
    offered = mine.status == Status.OFFERED
    end(mine, Status.DECLINED if offered else Status.LEFT, at)
    if offered:
        offer_next(course_id, at=at)
    if helper := family.said(resident, by):
        what = "候补到的名额已放弃" if offered else "候补已退出"
        said = Words("已退出候补", f"《{mine.course.title}》的{what}，没有扣积分。{helper}", page_of(course_id))
        outbox.tell(resident=resident, occasion=f"waiting:{mine.pk}:left", words=said, due_at=at)
    return mine


def refusal_to_accept(
    facts: enrolment.Facts, offer: Waiting | None, resident: Resident, at: datetime, *, purse: bool = False
) -> Refused | None:
    """Why `resident` cannot take the seat of `offer` at `at`; None when nothing stands against it."""
    if offer is None or offer.status != Status.OFFERED or offer.offer_until is None or at >= offer.offer_until:
        return enrolment.NoOffer()
    until = words.dated(offer.offer_until)
    one_each = f"报名开始阶段每人限报一门，您已报了本期另一门课，积分没有扣。想改上这一门，请在{until}前先退那一门。"
    against = [
        *enrolment.against(resident, facts, at),
        (facts.elsewhere, enrolment.OneEach(one_each)),
        *enrolment.against_payment(facts, purse=purse),
    ]
    return next((refused for stands, refused in against if stands), None)


@verb(REFUSALS)
def accept(
    *, course_id: int, resident: Resident, by: User, purse: bool = False, at: datetime | None = None
) -> Enrolment:
    """Take the seat that is offered, and pay for it. Refuses with everything that `refusal_to_accept` says."""
    at = at or clock.now()
    facts = enrolment.facts_of(course_id, resident, at, purse)
    offer = Waiting.objects.of(resident).offered().filter(course=course_id).select_related("guardian").first()
    if refused := refusal_to_accept(facts, offer, resident, at, purse=purse):
        raise refused
    assert offer is not None
    channel = Channel(offer.channel)
    seat = enrolment.seat(course_id, facts, resident, by, channel, at, purse, guardian=offer.guardian, offer=offer)
    outbox.recall(resident=resident, occasions=[offer.occasion])
    return seat


@verb(REFUSALS)
def lapse(*, offer: Waiting, by: User, at: datetime) -> bool:
    """The time of `offer` is over: the seat goes to the next. False when somebody was faster."""
    hold(offer.course_id)
    locked = Waiting.objects.select_related("course", "resident").select_for_update(no_key=True, of=("self",))
    mine = locked.lapsed(at).filter(pk=offer.pk).first()
    if mine is None:
        return False
    end(mine, Status.LAPSED, at)
    body = f"《{mine.course.title}》的候补名额到时没有确认，已给下一位，没有扣积分。还想上课可以重新候补。"
    said = Words("候补名额已过期", body, page_of(mine.course_id))
    outbox.tell(resident=mine.resident, occasion=f"waiting:{mine.pk}:lapsed", words=said, due_at=at)
    offer_next(mine.course_id, at=at)
    return True
