"""抽签: the salt is promised before anybody applies, so that nobody can choose the order afterwards; docs/draw.md explains it.

When the window closes the list (numbers and lots, no names) is frozen and the salt opened; the order follows from the two. Seats
are then given from the front, one transaction for each person; cut off half-way, the same call goes on where it stopped.
"""

import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import structlog
from django.db.models import Exists, Max, OuterRef, Q, Subquery

from communities import duties
from communities.models import SubDistrict, User
from communities.sealing import seal, unseal
from core import clock
from core.refusals import Refused
from core.verbs import verb
from nightschool import enrolment
from nightschool.applications import applying
from nightschool.line import offering
from nightschool.models import Application, Course, Draw, Enrolment, Session, Waiting
from notifications.outbox import Words
from notifications.templates import Template
from points.ledger import ShortOfPoints

Status = Application.Status
DRAWN = Template(
    "lot-drawn", "您抽中了", "您抽中了《{title}》，名额已报上，使用{points}积分。不能来请在“我的码”里退课。", ("title",)
)
DRAWN_FREE = Template(
    "lot-drawn-free", "您抽中了", "您抽中了《{title}》，名额已报上。不能来请在“我的码”里退课。", ("title",)
)
PASSED = Template(
    "lot-passed", "夜校抽签结果", "《{title}》轮到您时还差{points}积分，名额给了后面的人，积分没有扣。", ("title",)
)
TEMPLATES = (DRAWN, DRAWN_FREE, PASSED)
NEWCOMER, REGULAR = 2, 1  # lots
SECONDS = 20.0  # a request is answered before a proxy gives up; the rest is done by pressing once more, or by the sweep
SYSTEM = "system"
log = structlog.get_logger(__name__)


class NotByDraw(Refused):
    code = "not_by_draw"
    message = "这门课不是抽签的，没有抽签，什么都没有改动。"


class TooEarlyToDraw(Refused):
    code = "too_early_to_draw"
    message = "申请还没有截止，不能抽签，什么都没有改动。截止后系统会自动抽签。"


class Entry(NamedTuple):
    """One line of the public list."""

    number: int
    lots: int


class Progress(NamedTuple):
    """How far a draw is: `settled` of `total` on the list know what became of them."""

    settled: int
    total: int
    done: bool


# What follows from salt and list alone


def order_of(salt: str, entries: Iterable[Entry]) -> list[int]:
    """The numbers in drawn order: by the least hash of somebody's lots, then by number."""
    return [number for _, number in sorted((key_of(salt, one), one.number) for one in entries)]


def key_of(salt: str, entry: Entry) -> str:
    return min(_digest(f"{salt}:{entry.number}:{lot}") for lot in range(1, entry.lots + 1))


def written(entries: Iterable[Entry]) -> str:
    """The list as text: a line for each entry, number and lots."""
    return "".join(f"{one.number} {one.lots}\n" for one in entries)


def read(text: str) -> list[Entry]:
    return [Entry(*map(int, line.split())) for line in text.splitlines()]


def fingerprint(text: str) -> str:
    """SHA-256 of the frozen list: what is changed in it later shows, even where the order stays."""
    return _digest(text)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


# The promise


def commit(course: Course, *, at: datetime) -> Draw | None:
    """Called where a course is opened: draw the salt, seal it, and show its hash. None for a course without a draw."""
    if course.mode != Course.Mode.DRAW:
        return None
    salt = secrets.token_hex(32)
    return Draw.objects.create(course=course, sealed=seal(salt), commitment=_digest(salt), committed_at=at)


# The draw


@verb()
def freeze(*, course_id: int, by: User, at: datetime) -> Draw:
    """Freeze the list, open the salt, write the order; drawn once, whoever comes second finds it done.

    Refuses a course without a draw, one that was called off, and before the window has closed.
    """
    applying.hold(course_id)
    rows = Draw.objects.select_for_update(no_key=True, of=("self",)).select_related("course__community")
    draw = rows.filter(course=course_id).first()
    if draw is None:
        raise NotByDraw
    if draw.drawn_at is not None:
        return draw
    if draw.course.status == Course.Status.CANCELLED:
        raise enrolment.CourseCancelled
    if at < draw.course.closes_at:
        raise TooEarlyToDraw
    asked = list(Application.objects.open().filter(course=course_id).order_by("number"))
    lots = lots_of(asked)
    entries = [Entry(one.number, lots[one.pk]) for one in asked]
    draw.salt, draw.entries, draw.drawn_at, draw.drawn_by = unseal(bytes(draw.sealed)), written(entries), at, by
    draw.save(update_fields=["salt", "entries", "drawn_at", "drawn_by"])
    ranks = {number: rank for rank, number in enumerate(order_of(draw.salt, entries), 1)}
    for one in asked:
        one.lots, one.rank = lots[one.pk], ranks[one.number]
    Application.objects.bulk_update(asked, ["lots", "rank"], batch_size=500)
    log.info("drawn", course=course_id, entries=len(entries))
    return draw


def lots_of(asked: Sequence[Application]) -> dict[int, int]:
    """Lots by application: two for who never had a seat in any course, one for the others. One query for any number."""
    began = Session.objects.held().filter(course=OuterRef("course")).order_by("starts_at").values("starts_at")[:1]
    mine = Enrolment.objects.filter(resident=OuterRef("resident")).annotate(began=Subquery(began))
    had = mine.filter(~Q(status=Enrolment.Status.CANCELLED) | Q(cancelled_at__gt=Subquery(began)))
    numbers = [one.pk for one in asked]
    regulars = set(Application.objects.filter(Exists(had), pk__in=numbers).values_list("pk", flat=True))
    return {number: REGULAR if number in regulars else NEWCOMER for number in numbers}


def draw_now(*, course: Course, by: User, seconds: float = SECONDS, at: datetime | None = None) -> Progress:
    """The desk's button: draw, or go on with a draw that was cut off. Refuses what `freeze` says, and who has no duty there."""
    duties.require(by, course.community)
    return run(course_id=course.pk, by=by, seconds=seconds, at=at)


def run(*, course_id: int, by: User, seconds: float = SECONDS, at: datetime | None = None) -> Progress:
    """Freeze and give the seats from the front, for at most `seconds`. Twice at once, everybody is settled once, in order."""
    at, end = at or clock.now(), time.monotonic() + seconds
    freeze(course_id=course_id, by=by, at=at)
    while settle_next(course_id=course_id, by=by, at=at) and time.monotonic() < end:
        pass
    return progress_of(course_id)


def progress_of(course_id: int) -> Progress:
    drawn = Application.objects.filter(course=course_id, rank__isnull=False)
    total, left = drawn.count(), drawn.open().count()
    done = Draw.objects.filter(course=course_id, settled_at__isnull=False).exists()
    return Progress(total - left, total, done)


@verb(applying.REFUSALS)
def settle_next(*, course_id: int, by: User, at: datetime) -> bool:
    """Settle the first in the drawn order who is not settled yet; False when nobody is left.

    Under the lock of the applications, so that two who draw at once do not seat the sixth before the fifth.
    """
    applying.hold(course_id)
    left = Application.objects.open().filter(course=course_id, rank__isnull=False).order_by("rank")
    one = left.select_related("resident__community", "guardian", "course").first()
    if one is None:
        Draw.objects.filter(course=course_id, drawn_at__isnull=False, settled_at=None).update(settled_at=at)
        return False
    try:
        _settle(one, by, at)
    except applying.NotApplied:  # withdrawn in this moment: the seat that was taken is given back by the savepoint
        log.info("withdrawn while drawn", application=one.pk)
    return True


@verb(applying.REFUSALS)
def _settle(one: Application, by: User, at: datetime) -> None:
    seat, refused = _seat(one, by, at)
    full = isinstance(refused, enrolment.CourseFull)
    if full:
        offering.hold(one.course_id)
    mine = applying.locked(one)
    if refused is None:
        applying.settle(mine, Status.SEATED, by=by, at=at, seat=seat.pk if seat else None)
        _tell_seated(mine, at)
    elif full:
        _into_line(mine, by, at)
    elif isinstance(refused, ShortOfPoints):
        applying.settle(mine, Status.PASSED, by=by, at=at, reason=f"积分不够，还差{refused.missing}积分")
        said = f"抽签轮到您时还差{refused.missing}积分，名额按次序给了后面的人，您的积分没有扣。"
        _tell(mine, said, PASSED.short(_street(mine), title=mine.course.title, points=str(refused.missing)), at)
    else:
        applying.settle(mine, Status.VOID, by=by, at=at, reason=refused.message)
        _tell(mine, f"抽签轮到您时没有报上：{refused.message}", None, at)


def _seat(one: Application, by: User, at: datetime) -> tuple[Enrolment | None, Refused | None]:
    facts = enrolment.facts_of(one.course_id, one.resident, at, False)
    if refused := applying.refusal_to_seat(facts, one, at):
        return None, refused
    try:
        return applying.seat(one, facts, by=by, at=at), None
    except Refused as refused:  # since the look: the last seat went, the points were spent
        return None, refused


def _into_line(mine: Application, by: User, at: datetime) -> None:
    """To the end of the line, in drawn order. A seat that came free since the look is offered at once."""
    applying.settle(mine, Status.WAITING, by=by, at=at)
    last = Waiting.objects.filter(course=mine.course_id).aggregate(last=Max("place"))["last"] or 0
    Waiting.objects.create(
        course_id=mine.course_id, resident=mine.resident, channel=mine.channel, place=last + 1, by=by, at=at,
        guardian=mine.guardian,
    )  # fmt: skip
    _tell(mine, "名额已满，您按抽签次序转入候补，有空位会通知您，您的积分没有扣。", None, at)
    offering.offer_next(mine.course_id, at=at)


def _tell_seated(mine: Application, at: datetime) -> None:
    title, price = mine.course.title, mine.course.price
    used = f"，使用{price}积分" if price else ""
    body = f"《{title}》抽签您排第{mine.rank}位，抽中了，名额已为您报上{used}。抽签次序人人可以核对。"
    paid = DRAWN.short(_street(mine), title=title, points=str(price))
    sms = paid if price else DRAWN_FREE.short(_street(mine), title=title)
    applying.tell(mine, ":result", Words("您抽中了", body, applying.link(mine)), sms=sms, at=at)


def _street(mine: Application) -> SubDistrict:
    return mine.course.community.sub_district


def _tell(mine: Application, said: str, sms: Words | None, at: datetime) -> None:
    body = f"《{mine.course.title}》抽签您排第{mine.rank}位。{said}"
    applying.tell(mine, ":result", Words("夜校抽签结果", body[:300], applying.link(mine)), sms=sms, at=at)


# By itself


def sweep(at: datetime) -> int:
    """Draw whatever is due, and go on with what was cut off; how many draws that were. Nobody waits for a course that was called off or is over."""
    system = User.objects.get(username=SYSTEM)
    due = Draw.objects.filter(settled_at=None, course__status=Course.Status.OPEN, course__closes_at__lte=at)
    numbers = list(due.order_by("pk").values_list("course", flat=True))
    for number in numbers:
        try:
            run(course_id=number, by=system, at=at)
        except Refused as refused:  # one that is held up does not hold up the others; the next sweep tries again
            log.warning("draw", course=number, code=refused.code)
    void_left(by=system, at=at)
    return len(numbers)


def void_left(*, by: User, at: datetime) -> int:
    """Whoever applied for a course that was called off, or was never decided about until the last class, is told so."""
    gone = Q(course__status=Course.Status.CANCELLED) | applying.over(at)
    found = list(Application.objects.open().filter(gone).order_by("pk")[:500])
    for one in found:
        _void(one, by=by, at=at)
    return len(found)


@verb()
def _void(one: Application, *, by: User, at: datetime) -> None:
    try:
        mine = applying.locked(one)
    except (applying.NotApplied, applying.AlreadySettled):
        return
    off, why = mine.course.status == Course.Status.CANCELLED, mine.course.cancel_reason
    reason = f"课程停办{'，' if why else ''}{why}" if off else "课已上完，一直没有轮到"
    applying.settle(mine, Status.VOID, by=by, at=at, reason=reason)
    what = f"已停办，原因：{why or '见社区通知'}" if off else "已经上完，申请一直没有得到名额，现已结束"
    body = f"您申请的《{mine.course.title}》{what}。您的积分没有扣。"
    applying.tell(mine, ":result", Words("夜校课程停办" if off else "夜校申请结束", body, applying.link(mine)), at=at)
