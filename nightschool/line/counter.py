"""候补 at the counter: joining a line, taking the seat that is offered, or giving it up, for somebody who stands there or rings."""

from datetime import datetime

from django.http import Http404

from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from nightschool import catalogue, enrolment, tickets
from nightschool.line import mine as my_line, waitlist
from nightschool.models import Channel, Waiting
from points import statement

IN, OUT = "night-school-line", "night-school-line-out"


def register_acts() -> None:
    """What is kept or waited for is one list; full courses stand among the courses (nightschool/counter.py)."""
    register(Act("night-school-offer", "夜校候补", standing, accept_plan, accept))
    register(Act(IN, "加入夜校候补", None, join_plan, join))
    register(Act(OUT, "退出候补", None, leave_plan, leave))


def join_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """Refuses `UnknownCourse`."""
    offer = enrolment.look(number, resident, at)
    refused = waitlist.refusal_for(offer.pk, offer, resident, at, channel=Channel.DESK)
    place = Waiting.objects.in_line().filter(course=offer.pk).count() + 1
    facts = [("课程", f"{offer.title}（{offer.term}）"), ("排在", f"第{place}位"), ("积分", "候补不扣积分")]
    note = f"轮到时由社区打电话或发消息通知，确认时使用{_price(offer.price)}。"
    return Plan(f"候补《{offer.title}》", facts, "加入候补", note, refused)


def join(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `waitlist.join` refuses."""
    mine = waitlist.join(course_id=number, resident=resident, by=by, channel=Channel.DESK, at=at)
    place = Waiting.objects.in_line().filter(course=number).count()
    return Done(f"waiting:{mine.pk}", [f"已加入《{mine.course.title}》的候补，排第{place}位，没有扣积分。"])


def accept_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a line in which the resident does not stand."""
    mine, offer = _mine(resident, number), enrolment.look(number, resident, at)
    refused = waitlist.refusal_to_accept(offer, mine, resident, at)
    after = offer.spendable - offer.price
    facts = [
        ("课程", f"{offer.title}（{offer.term}）"),
        my_line.starts(offer, at),
        ("使用积分", _price(offer.price)),
        ("可用积分", f"办理前{offer.spendable:,}，办理后{max(after, 0):,}"),
    ]
    return Plan(f"候补确认《{offer.title}》", facts, "确认报名", catalogue.rules(offer, at)[0], refused)


def accept(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `waitlist.accept` refuses."""
    made = waitlist.accept(course_id=number, resident=resident, by=by, at=at)
    seat = tickets.ticket(resident, made.pk, at)
    paid = f"使用{seat.price:,}积分，现有{statement.available(resident, at=at):,}积分。" if seat.price else "不用积分。"
    said = f"候补到《{seat.course.title}》的名额，已报名。"
    return Done(f"enrolment:{seat.pk}", [said, paid, f"报名码{seat.spoken_number}，上课时报给工作人员。"])


def standing(resident: Resident, at: datetime) -> list[Choice]:
    """Seats that are kept for the resident, to be taken or given up, and every line to step out of."""
    found = my_line.standing(resident)
    kept = [
        Choice(one.course_id, f"{one.course.title}：确认名额", one.asks_by, _price(one.course.price))
        for one in found
        if one.offer_until
    ]
    left = [
        Choice(
            one.course_id, f"{one.course.title}：{'放弃名额' if one.offer_until else '退出候补'}", _where(one), code=OUT
        )
        for one in found
    ]
    return kept + left


def leave_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 as above."""
    mine = _mine(resident, number)
    facts = [("课程", mine.course.title), ("现在", mine.asks_by or f"排第{mine.ahead + 1}位")]
    note = "名额马上给下一位，不扣积分。" if mine.offer_until else "再想候补，要从最后一位排起。"
    return Plan(f"退出候补《{mine.course.title}》", facts, "确认退出", note)


def leave(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `waitlist.leave` refuses."""
    gone = waitlist.leave(course_id=number, resident=resident, by=by, at=at)
    return Done(f"waiting:{gone.pk}", [f"已退出《{gone.course.title}》的候补，没有扣积分。"])


def _mine(resident: Resident, number: int) -> "my_line.Placed":
    mine = my_line.in_course(number, resident)
    if mine is None:
        raise Http404
    return mine


def _where(one: "my_line.Placed") -> str:
    return "让给下一位，不扣积分" if one.offer_until else f"排第{one.ahead + 1}位"


def _price(points: int) -> str:
    return f"{points:,}积分" if points else "免费"
