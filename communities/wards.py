"""What a guardian is asked for a child: one word for each purpose, given and taken back by itself (communities/guardians.py)."""

from typing import NamedTuple

from communities import consents, guardians
from communities.models import Consent, Resident
from communities.purposes import TEXTS, Text

VOLUNTEERING, COURSES = Consent.Purpose.MINOR_VOLUNTEER, Consent.Purpose.MINOR_COURSES
TITLES = {VOLUNTEERING: "参加志愿服务", COURSES: "参加夜校"}
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
}


class Word(NamedTuple):
    """One purpose as the guardian reads it, with the consent that stands."""

    purpose: Consent.Purpose
    title: str
    text: Text
    consent: Consent | None


def asked_of(child: Resident, age: int | None) -> list[Word]:
    """What a guardian is asked for a child of this age; no course takes anybody under 14."""
    asked = [one for one in TITLES if one != COURSES or (age or 0) >= guardians.CHILD]
    return [Word(one, TITLES[one], TEXTS[one], guardians.consented(child, one)) for one in asked]


def named(purpose: str | None) -> Consent.Purpose | None:
    """The purpose that a form names, volunteering if it names nothing; None for what is no guardian's word."""
    if purpose is None:
        return VOLUNTEERING
    return Consent.Purpose(purpose) if purpose in consents.GUARDIANS else None
