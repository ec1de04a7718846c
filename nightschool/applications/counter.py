"""夜校申请 at the counter: applying for somebody who stands there or calls, and taking an application back (communities/counter.py)."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import words
from core.refusals import Refused
from nightschool import enrolment, family
from nightschool.applications import applied, applying
from nightschool.models import Application, Channel, Course

if TYPE_CHECKING:
    from nightschool.seen import Offer

CODE, BACK = "night-school-apply", "night-school-apply-back"
MOST = 30


def register_acts() -> None:
    """The counter offers these, in this order."""
    nothing = "现在没有要抽签或审核的课程。"
    here, call = partial(do, channel=Channel.DESK), partial(do, channel=Channel.CALL)
    register(Act(CODE, "夜校申请（抽签、审核）", choices, plan, here, nothing, call=f"{CODE}-call"))
    register(Act(f"{CODE}-call", "夜校申请（电话）", None, plan, call))
    register(Act(BACK, "撤回夜校申请", mine, back_plan, back))


def choices(resident: Resident, at: datetime) -> list[Choice]:
    """Courses by draw or approval that take applications or will; without what the resident applied for."""
    asked = Application.objects.of(resident).exclude(status=Application.Status.WITHDRAWN)
    found = Course.objects.within_reach_of(resident).shown().exclude(mode=Course.Mode.FIRST).filter(closes_at__gt=at)
    seen = found.exclude(pk__in=asked.values("course")).with_view_of(resident, at)
    guardian = family.guardian_of(resident, at)
    rows = cast("list[Offer]", list(seen.select_related("community").order_by("closes_at", "pk")[:MOST]))
    for offer in rows:
        offer.guardian = guardian
    return [_choice(offer, resident, at) for offer in rows if not offer.is_seated]


def plan(resident: Resident, number: int, at: datetime) -> Plan:
    """Refuses `UnknownCourse`."""
    offer = enrolment.look(number, resident, at)
    asked = applied.question(offer, resident, at)
    facts = [
        ("课程", f"{offer.title}（{offer.term}）"),
        ("首课", words.dated(offer.first_starts_at) if offer.first_starts_at else "时间待定"),
        ("结果", asked["when"]),
        ("抽中后" if asked["by_draw"] else "通过后", f"使用{offer.price:,}积分" if offer.price else "免费"),
        ("可用积分", f"{offer.spendable:,}" + (f"，还差{asked['missing']:,}" if asked["missing"] else "")),
    ]
    refused = applying.refusal_for(offer, resident, at, mine=applying.mine_of(number, resident))
    return Plan(f"申请《{offer.title}》", facts, "确认申请", "申请不扣积分，早申请晚申请一样。", refused)


def do(*, resident: Resident, number: int, by: User, at: datetime, channel: Channel) -> Done:
    """Refuses whatever `applying.apply` refuses."""
    made = applying.apply(course_id=number, resident=resident, by=by, channel=channel, at=at)
    offer = enrolment.look(number, resident, at)
    when = applied.question(offer, resident, at)["when"]
    return Done(
        f"application:{made.pk}",
        [f"已申请《{offer.title}》（{offer.term}），编号{made.number}。", f"没有扣积分。{when}，会发消息告诉结果。"],
    )


def mine(resident: Resident, at: datetime) -> list[Choice]:
    rows = Application.objects.of(resident).open().select_related("course").order_by("pk")
    return [
        Choice(one.pk, one.course.title, f"编号{one.number}，{applied.standing(one)[0]}", "没有扣过积分")
        for one in rows
    ]


def back_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is no application of the resident's."""
    one = applied.application(resident, number)
    facts = [("课程", one.course.title), ("申请编号", str(one.number)), ("积分", "没有扣过积分，不用退")]
    note = "截止以前还可以再申请，编号会换一个。"
    return Plan(f"撤回《{one.course.title}》的申请", facts, "确认撤回", note, applied.refusal_to_withdraw(one))


def back(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `applying.withdraw` refuses."""
    gone = applying.withdraw(application=applied.application(resident, number), by=by, at=at)
    return Done(
        f"application:{gone.pk}", [f"已撤回《{gone.course.title}》的申请，编号{gone.number}。", "没有扣过积分。"]
    )


def _choice(offer: "Offer", resident: Resident, at: datetime) -> Choice:
    refused = applying.refusal_for(offer, resident, at)
    kind = "抽签" if offer.mode == Course.Mode.DRAW else "审核"
    price = f"{offer.price:,}积分" if offer.price else "免费"
    return Choice(
        offer.pk, offer.title, f"{kind}，{words.moment(offer.closes_at)}截止申请", price, _why_not(offer, refused)
    )


def _why_not(offer: "Offer", refused: Refused | None) -> str:
    bar = applied.to_apply(offer, refused) if refused else None
    return f"{bar.title}，{bar.sub}" if bar and bar.sub else bar.title if bar else ""
