"""夜校 at the counter: taking a seat for somebody who stands there, and giving one back (communities/counter.py).

The same questions and verbs as on the phone; `by` is the colleague. What only 家庭积分 can pay is an act of its own, so that
nobody's family pays without its being said. Who calls (`Channel.CALL`) has the same seats as who stands there: those held for both.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast

from django.db.models import Sum

from communities import settings
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from communities.templatetags.places import located
from core import words
from core.refusals import Refused
from nightschool import catalogue, enrolment, leaving, tickets
from nightschool.actionbar import bar_for
from nightschool.line.counter import IN
from nightschool.line.waitlist import WORTH_WAITING
from nightschool.models import Channel, Course
from points import purse as family, statement
from points.models import Posting

if TYPE_CHECKING:
    from nightschool.seen import Offer, Ticket

FAMILY, BY_CALL = "night-school-family", "-call"
DESK, CALL = Channel.DESK, Channel.CALL
Choices: TypeAlias = Callable[[Resident, datetime], Sequence[Choice]]
WITH_DETAIL = {"not_open_yet", "sign_up_closed", "wrong_age"}


def register_acts() -> None:
    """The counter offers these, in this order."""
    _register_both("night-school", "夜校报名", courses, purse=False)
    _register_both(FAMILY, "夜校报名（家庭积分）", None, purse=True)
    register(Act("night-school-back", "夜校退课", seats, withdraw_plan, withdraw))


def _register_both(code: str, title: str, choices: Choices | None, *, purse: bool) -> None:
    """At the counter, and for who calls."""
    plan, nothing = partial(enrol_plan, purse=purse), "现在没有可以报名的课程。"
    here, there = partial(enrol, purse=purse), partial(enrol, purse=purse, channel=CALL)
    register(Act(code, title, choices, plan, here, nothing, call=code + BY_CALL))
    register(Act(code + BY_CALL, f"{title}（电话）", None, plan, there))


def courses(resident: Resident, at: datetime) -> list[Choice]:
    """What takes sign-ups, or will, with why not; without what the resident has. The purse is asked once for all of them.

    Lines in which the resident stands, and courses that are applied for, have lists of their own.
    """
    listed = catalogue.page_of(resident, at)[: catalogue.PAGE]
    found = [one for one in listed if one.mode == Course.Mode.FIRST and not one.is_seated and not one.waiting]
    short = [offer for offer in found if offer.spendable < offer.price]
    common = family.spendable(resident, at) if short else None
    for offer in found:
        offer.purse = common if offer in short else None
    return [_course(offer, resident, at) for offer in found]


def enrol_plan(resident: Resident, number: int, at: datetime, *, purse: bool) -> Plan:
    """Refuses `UnknownCourse`."""
    offer = enrolment.look(number, resident, at)
    facts = [
        ("课程", f"{offer.title}（{offer.term}）"),
        ("首课", _first(offer.first_starts_at)),
        ("地点", located(offer.room, offer.community.name)),
        ("使用积分", _price(offer.price)),
        *_before_and_after(offer, purse),
    ]
    refused = enrolment.refusal_for(offer, resident, at, purse=purse, channel=DESK)
    return Plan(f"报名《{offer.title}》", facts, "确认报名", catalogue.rules(offer, at)[0], refused)


def enrol(
    *, resident: Resident, number: int, by: User, at: datetime, purse: bool, channel: Channel = DESK
) -> Done:  # fmt: skip
    """Refuses whatever `enrolment.enrol` refuses."""
    made = enrolment.enrol(course_id=number, resident=resident, by=by, channel=channel, purse=purse, at=at)
    seat = tickets.ticket(resident, made.pk, at)
    used = f"使用{'家庭积分' if purse else ''}{seat.price:,}积分" if seat.price else "这门课不用积分"
    where = located(seat.course.room, seat.course.community.name)
    return Done(
        f"enrolment:{seat.pk}",
        [
            f"已报名《{seat.course.title}》（{seat.course.term}），首课{_first(seat.first_starts_at)}，{where}。",
            f"{used}，{_balance(resident, -_own(seat.entry_id, resident), at)}",
            f"报名码{seat.spoken_number}，上课时报给工作人员。",
        ],
    )


def seats(resident: Resident, at: datetime) -> list[Choice]:
    """The seats with a class to come; one whose hour to give it back has passed says so. Each setting is read once."""
    found = cast("list[Ticket]", tickets.coming(resident, at))
    streets = {one.course.community.sub_district_id for one in found}
    hours = {street: settings.value_of(settings.CANCEL_HOURS, street) for street in streets}
    return [_seat(one, hours[one.course.community.sub_district_id], at) for one in found]


def withdraw_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is no seat of the resident's."""
    seat = tickets.ticket(resident, number, at)
    have = statement.available(resident, at=at)
    back = f"{_price(seat.price)}{'（退回各人账户）' if seat.by_purse else ''}"
    facts = [
        ("课程", f"{seat.course.title}（{seat.course.term}）"),
        ("首课", _first(seat.first_starts_at)),
        ("退回积分", back if seat.price else "这门课没有使用积分"),
        ("可用积分", f"办理前{have:,}，办理后{have + _own(seat.entry_id, resident):,}"),
    ]
    note = "退课后名额马上让给别人，想再上课需要重新报名。"
    return Plan(f"退课《{seat.course.title}》", facts, "确认退课", note, tickets.withdrawal(seat, at))


def withdraw(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """By the resident's own rule. Refuses whatever `leaving.withdraw` refuses."""
    seat = tickets.ticket(resident, number, at)
    gone = leaving.withdraw(enrolment=seat, by=by, at=at)
    back = f"退回{gone.price:,}积分{'到各人账户' if seat.by_purse else ''}" if gone.price else "这门课没有使用积分"
    return Done(
        f"enrolment:{gone.pk}",
        [
            f"已退课《{seat.course.title}》（{seat.course.term}）。",
            f"{back}，{_balance(resident, _own(gone.entry_id, resident), at)}",
        ],
    )


def _course(offer: "Offer", resident: Resident, at: datetime) -> Choice:
    by_family = enrolment.purse_pays(offer, resident, at, channel=DESK)
    refused = enrolment.refusal_for(offer, resident, at, purse=by_family, channel=DESK)
    where = "" if offer.is_own else f"{offer.community.name}，"
    free = offer.capacity - offer.taken  # with those that are held for a call or the counter
    left = f"剩{free}个名额" if free else "已满"
    if refused and refused.code in WORTH_WAITING:
        return Choice(
            offer.pk,
            f"{offer.title}：候补",
            f"{where}{catalogue.pattern(offer.starts)}，{left}，候补不扣积分",
            _price(offer.price),
            code=IN,
        )
    return Choice(
        offer.pk, offer.title, f"{where}{catalogue.pattern(offer.starts)}，{left}",
        f"{_price(offer.price)}{'（家庭积分）' if by_family else ''}", _why_not(offer, refused),
        code=FAMILY if by_family else "",
    )  # fmt: skip


def _why_not(offer: "Offer", refused: Refused | None) -> str:
    """As the bar under the course says it, in a few words: 还差60积分; 报名未开始，12月1日（周二）10:00开始报名."""
    if refused is None:
        return ""
    bar = bar_for(offer, refused)
    return f"{bar.title}，{bar.sub}" if refused.code in WITH_DETAIL else bar.title


def _seat(seat: "Ticket", hours: int, at: datetime) -> Choice:
    deadline = leaving.deadline_before(seat.first_starts_at, seat.course, hours)
    refused = leaving.why_not_withdraw(seat, deadline, at)
    sub = f"首课{_first(seat.first_starts_at)}，{words.moment(deadline)}前可退"
    back = f"退{_price(seat.price)}" if seat.price else "免费"
    return Choice(seat.pk, seat.course.title, sub, back, _why_stays(refused))


def _why_stays(refused: Refused | None) -> str:
    """The resident is told to come to the community; the colleague, where it is done."""
    if isinstance(refused, leaving.TooLateToCancel):
        return "可自行退课的时间已过。因病、搬家或课程调整，请在课程的“到课”页办理特殊原因退课。"
    return refused.message if refused else ""


def _before_and_after(offer: "Offer", purse: bool) -> list[tuple[str, str]]:
    """Own points pay first, and the family what is missing (points/sql/0008_purse.sql)."""
    own = min(offer.spendable, offer.price)
    mine = ("可用积分", f"办理前{offer.spendable:,}，办理后{offer.spendable - own:,}")
    if not purse:
        return [mine]
    return [("怎样支付", f"家庭积分：本人{own:,}积分，家人{offer.price - own:,}积分"), mine]


def _balance(resident: Resident, change: int, at: datetime) -> str:
    """After the act its wallet is locked by us: what stands there is what the act left."""
    after = statement.available(resident, at=at)
    return f"可用积分办理前{after - change:,}，办理后{after:,}。"


def _own(entry: int | None, resident: Resident) -> int:
    """How many points `entry` took from the resident's own wallet."""
    taken = Posting.objects.filter(entry=entry, source__resident=resident).aggregate(total=Sum("amount"))["total"]
    return int(taken or 0)


def _price(points: int) -> str:
    return f"{points:,}积分" if points else "免费"


def _first(starts_at: datetime | None) -> str:
    return words.dated(starts_at) if starts_at else "时间待定"
