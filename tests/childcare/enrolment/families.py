"""A family that enrols: what it says in each step, and drafts at every stage, through the verbs."""

from datetime import date, timedelta
from typing import Any

from childcare.enrolment import drafting, submitting
from childcare.enrolment.deciding import Papers
from childcare.enrolment.steps import STEPS
from childcare.models import Centre, Enrolment, Group
from communities.models import Guardian, Resident, User
from core import clock
from tests import world as cast
from tests.childcare.cast import Care
from tests.world import World

ALLERGY, HANDLING = "对花生和腰果过敏", "立即送平城区人民医院"
NUMBER = "11010120180115001"  # without its check character


def papers(**said: Any) -> Papers:
    return Papers(**{"seen": True, "signed": True, "basis": Guardian.Basis.HOUSEHOLD_BOOK} | said)


def father(world: World) -> Resident:
    return cast.resident(world.wenxing, "邵卫东", "13700003001", date(1987, 6, 1))


def said(group: Group, *, born: date | None = None) -> dict[str, dict[str, Any]]:
    """All seven steps of a child of six; nothing is agreed to that need not be."""
    today = clock.today()
    birth = born or date(today.year - 7, 12, 31) if (today.month, today.day) != (12, 31) else date(today.year - 6, 1, 1)
    return {
        "child": {"name": "邵小满", "sex": "f", "birth_date": birth.isoformat(), "school": "平城区第三小学", "grade": "1", "school_class": "4班"},
        "guardians": {"relation": "父亲", "workplace": "大同机车厂"},
        "contacts": {
            "name1": "邵建军", "relation1": "祖父", "phone1": "13700003011", "name2": "温玉兰", "relation2": "祖母", "phone2": "0352-5551234",
        },
        "health": {"agreed": False},
        "service": {"group": group.pk, "plan": [0, 2, 4], "starts_on": (today + timedelta(days=1)).isoformat(), "lunch": True},
        "pickups": {"agreed": False},
        "consents": {"care": True, "child_data": True},
    }  # fmt: skip


def healthy(words: dict[str, Any]) -> dict[str, Any]:
    return words | {"health": {"agreed": True, "allergies": ALLERGY, "handling": HANDLING, "emergency": True}}


def drafted(
    guardian: Resident,
    care: Care,
    words: dict[str, Any] | None = None,
    *,
    by: User | None = None,
    child: Resident | None = None,
) -> Enrolment:
    """Every step kept."""
    assert guardian.account
    hand = by or guardian.account
    mine = drafting.begin(guardian=guardian, centre=care.centre, by=hand, child=child)
    for step in STEPS:
        mine = drafting.save_step(enrolment=mine, step=step, said=(words or said(care.group))[step.key], by=hand)
    return mine


def submitted(
    guardian: Resident,
    care: Care,
    words: dict[str, Any] | None = None,
    *,
    by: User | None = None,
    child: Resident | None = None,
) -> Enrolment:
    assert guardian.account
    return submitting.submit(enrolment=drafted(guardian, care, words, by=by, child=child), by=by or guardian.account)


def handed_in(guardian: Resident, centre: Centre, words: dict[str, Any]) -> Enrolment:
    """Without a whole cast."""
    assert guardian.account
    return submitting.whole(guardian=guardian, centre=centre, said=words, by=guardian.account)
