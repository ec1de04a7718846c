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
    if course.waiting and refused.code == "sign_up_closed":  # the line goes on until after the first classes
        return _wait(course, "", "")
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


def _line(course: "Offer") -> str:
    return reverse("nightschool:wait", args=[course.pk])


def _wait(course: "Offer", title: str, sub: str) -> Bar:
    """No seat, but a line; who stands in it sees the own place."""
    if course.waiting:
        return Bar("候补中", "不扣积分，轮到时通知您", "b", "hourglass", "看候补", _line(course), "plain")
    return Bar(title, sub, label="加入候补", url=_line(course))


def _elsewhere(title: str, sub: Callable[["Offer"], str]) -> Callable[["Offer"], Bar]:
    """Nothing to be done about this course: the way leads to the others."""
    return lambda course: Bar(title, sub(course), label="其他课程", url=reverse("nightschool:courses"), look="plain")


def _until(course: "Offer") -> str:
    return words.moment(course.head_start_until) if course.head_start_until else "优先时段"


def _price(course: "Offer") -> str:
    return f"{words.points(course.price)}积分" if course.price else "免费"


BARS: dict[str, Callable[["Offer"], Bar]] = {
    "not_signed_in": _signed_out,
    "already_enrolled": _seated,
    "short_of_points": _short,
    "resident_not_confirmed": lambda _: Bar("待社区确认", "社区确认您的登记后就能报名", "y", "hourglass"),
    "guardian_needed": lambda _: Bar("要监护人同意", "请监护人在“我的—孩子”里同意", "y", "hourglass"),
    "not_open_yet": lambda course: Bar("报名未开始", f"{words.moment(course.opens_at)}开始报名"),
    "by_draw": lambda course: Bar("抽签报名", f"{words.moment(course.closes_at)}截止申请"),
    "by_approval": lambda course: Bar("社区审核", f"{words.moment(course.closes_at)}截止申请"),
    "own_community_first": lambda course: Bar("本社区优先", f"{_until(course)}后街道居民都可报名"),
    "head_start_lost": lambda course: Bar("暂不能优先报名", f"{_until(course)}后可以报名"),
    "one_each": _elsewhere("每人限报一门", lambda _: "过了这个时段还有名额可以再报"),
    "offered_to_you": lambda course: Bar(
        "候补轮到您了", "名额为您留着，请尽快确认", "y", "hourglass", "去确认", _line(course)
    ),
    "no_offer": _elsewhere("不再保留", lambda _: "已超时或已放弃"),
    "people_wait": lambda course: _wait(course, "有人在候补", "空出的名额按顺序给"),
    "held_for_counter": lambda course: _wait(course, "网上名额已满", "剩下的留给电话和窗口"),
    "course_full": lambda course: _wait(course, "名额已满", "候补不扣积分"),
    "sign_up_closed": _elsewhere("报名已截止", lambda course: f"{words.moment(course.closes_at)}已截止"),
    "course_cancelled": _elsewhere("课程已停办", lambda _: "可以看看其他课程"),
    "other_sub_district": _elsewhere("只对本街道居民开放", lambda _: "可以看看其他课程"),
    "wrong_age": _elsewhere("年龄不符", lambda course: f"这门课面向{ages(course)}"),
}
