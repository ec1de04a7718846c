"""What a reader can do about a course right now: one bar for each answer to “why not?” (mock-ups, “Action bar”)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse

from core import words
from core.bars import Bar
from core.refusals import Refused
from nightschool.catalogue import ages

if TYPE_CHECKING:
    from nightschool.seen import Offer


def bar_for(course: "Offer", refused: Refused | None) -> Bar:
    """The bar for `refused`, the answer of `enrolment.refusal_for`; None means that the seat can be had."""
    if refused is None:
        return _open(course)
    make = BARS.get(refused.code)
    return make(course) if make else Bar("现在不能报名", refused.message)


def _open(course: "Offer") -> Bar:
    left = f"兑换后剩{words.points(course.spendable - course.price)}分"
    have = f"名额紧张，只剩{course.seats_left}个" if course.nearly_full else f"您有{words.points(course.spendable)}分"
    confirm = reverse("nightschool:confirm", args=[course.pk])
    if not course.price:
        return Bar("免费", "这门课不用积分", "cost", label="免费报名", url=confirm)
    return Bar(_price(course), f"{have}，{left}", "cost", label="兑换名额", url=confirm)


def _signed_out(course: "Offer") -> Bar:
    confirm = reverse("nightschool:confirm", args=[course.pk])
    return Bar(_price(course), "登录后报名", "cost", label="登录", url=confirm)


def _seated(course: "Offer") -> Bar:
    first = f"首课{words.moment(course.first_starts_at)}" if course.first_starts_at else ""
    ticket = reverse("nightschool:ticket", args=[course.seat_id]) if course.seat_id else reverse("nightschool:tickets")
    return Bar("已报名", first, "g", "check", "签到码", ticket)


def _short(course: "Offer") -> Bar:
    missing = words.points(course.price - course.spendable)
    if (course.purse or 0) >= course.price:
        confirm = reverse("nightschool:confirm", args=[course.pk])
        return Bar(_price(course), f"您还差{missing}分，家庭积分够用", "cost", label="家庭支付", url=confirm)
    activities = reverse("activities:list")
    return Bar(f"还差{missing}积分", "参加志愿活动可以获得积分", label="去赚积分", url=activities, look="ghost")


def _elsewhere(title: str, sub: Callable[["Offer"], str]) -> Callable[["Offer"], Bar]:
    """Nothing to be done about this course: the way leads to the others."""
    return lambda course: Bar(title, sub(course), label="其他课程", url=reverse("nightschool:courses"), look="plain")


def _price(course: "Offer") -> str:
    return f"{words.points(course.price)}积分" if course.price else "免费"


BARS: dict[str, Callable[["Offer"], Bar]] = {
    "not_signed_in": _signed_out,
    "already_enrolled": _seated,
    "short_of_points": _short,
    "resident_not_confirmed": lambda _: Bar("待社区确认", "社区确认您的登记后就能报名", "y", "hourglass"),
    "not_open_yet": lambda course: Bar("报名未开始", f"{words.moment(course.opens_at)}开始报名"),
    "course_full": _elsewhere("名额已满", lambda _: "可以看看其他课程"),
    "sign_up_closed": _elsewhere("报名已截止", lambda course: f"{words.moment(course.closes_at)}已截止"),
    "course_cancelled": _elsewhere("课程已停办", lambda _: "可以看看其他课程"),
    "other_sub_district": _elsewhere("只对本街道居民开放", lambda _: "可以看看其他课程"),
    "wrong_age": _elsewhere("年龄不符", lambda course: f"这门课面向{ages(course)}"),
}
