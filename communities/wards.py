"""What a guardian is asked for a child: one word for each purpose, given and taken back by itself (communities/guardians.py)."""

from typing import NamedTuple

from communities import consents, guardians
from communities.models import Consent, Resident
from communities.purposes import TEXTS, Text

VOLUNTEERING, COURSES = Consent.Purpose.MINOR_VOLUNTEER, Consent.Purpose.MINOR_COURSES
_P = Consent.Purpose
TITLES = {
    VOLUNTEERING: "参加志愿服务", COURSES: "参加夜校", _P.CHILD_DATA: "儿童个人信息规则", _P.CARE: "托管服务协议和家长须知",
    _P.CARE_HEALTH: "登记健康情况", _P.CARE_PICKUP: "登记接送人", _P.CARE_PHOTO: "使用影像", _P.CARE_ALONE: "自行离开",
    _P.CARE_RELIEF: "登记优待减免",
}  # fmt: skip
_OVER = "托位从明天起结束，今天是最后一天；其他服务不受影响。"
# What is said after it was given, and after it was taken back.
OUTCOMES = {
    VOLUNTEERING: (
        "可以报名适合年龄的志愿服务。",
        "还没开始的报名已取消，已有的服务时长保留，其他服务不受影响。",
    ),
    COURSES: (
        "可以报名接收这个年龄的夜校课程。",
        "不能再报新的夜校课程，已报的课不变，要退可以在“我的码”里退。",
    ),
    _P.CHILD_DATA: ("的信息只用于托管。", _OVER),
    _P.CARE: ("可以按协议使用托管。", _OVER),
    _P.CARE_HEALTH: ("的健康情况可以在“托管—孩子资料”里填写。", "的健康情况已经删除，托管照常。"),
    _P.CARE_PICKUP: ("可以由您授权的接送人接走。", "的接送人和接送码马上作废，只由监护人接。"),
    _P.CARE_PHOTO: ("的照片可以用在本班墙报上。", "的照片不再使用，托管照常。"),
    _P.CARE_ALONE: ("可以在班次结束后自己离开。", "从现在起由大人接走，托管照常。"),
    _P.CARE_RELIEF: ("的优待情况可以到窗口登记。", "从下一张账单起不再减免，以前的不追回。"),
}
# What is asked once more, because something ends with it that does not come back by agreeing again.
ENDS = (_P.CARE, _P.CHILD_DATA, _P.CARE_HEALTH, _P.CARE_PICKUP, _P.CARE_RELIEF)


class Word(NamedTuple):
    """One purpose as the guardian reads it, with the consent that stands."""

    purpose: Consent.Purpose
    title: str
    text: Text
    consent: Consent | None

    @property
    def care(self) -> bool:
        """Whether it is about childcare, where nothing is signed up for on the guardian's page."""
        return self.purpose in consents.CARE


def asked_of(child: Resident, age: int | None, *, care: bool = True) -> list[Word]:
    """What a guardian is asked for a child of this age: nobody under 8 volunteers, no course takes anybody under 14, and of
    childcare what was ever agreed to (`care`: of a guardian who speaks about it). One query."""
    rows = list(Consent.objects.filter(resident=child, purpose__in=consents.GUARDIANS).select_related("guardian"))
    met = {one.purpose for one in rows}
    stands = {
        one.purpose: one for one in rows if one.withdrawn_at is None and one.version == TEXTS[_P(one.purpose)].version
    }
    least = {VOLUNTEERING: guardians.TINY, COURSES: guardians.CHILD}
    asked = [one for one in TITLES if (care and one in met if one in consents.CARE else (age or 0) >= least[one])]
    return [Word(one, TITLES[one], TEXTS[one], stands.get(one)) for one in asked]


def named(purpose: str | None) -> Consent.Purpose | None:
    """The purpose that a form names, volunteering if it names nothing; None for what is no guardian's word."""
    if purpose is None:
        return VOLUNTEERING
    return Consent.Purpose(purpose) if purpose in consents.GUARDIANS else None
