"""优待依据 as colleagues leave it: agreed to, recorded by one, verified by another."""

from datetime import date
from typing import Any

from communities import consents, hardship
from communities.hardship import About, Category, Said
from communities.hardship.kinds import CARDS, PAPERS, SYSTEMS
from communities.identity import check
from communities.models import Consent, Evidence, Resident, User
from core import clock

Purpose, Way = Consent.Purpose, Consent.Way


def card(grade: str = "1", *, kind: str = "4", born: str = "19880401") -> str:
    """A 残疾人证 number that fits."""
    digits = f"140212{born}001"
    return digits + check(digits) + kind + grade


def said(category: Category = Category.SUBSISTENCE, **fields: Any) -> Said:
    """As a colleague says it today, counting from the first of this month."""
    today = clock.today()
    way = fields.pop("way", Evidence.Way.VIEWED)
    named = {"paper": PAPERS[category][0]} if way == Evidence.Way.VIEWED else {"system": SYSTEMS[category][0]}
    if category in CARDS:
        grade = "1" if category == Category.DISABLED_SEVERE else "3"
        named |= {"number": card(grade), "ends_on": date(today.year + 8, 1, 1)}
    return Said(
        **{
            "category": category, "about": About.MOTHER, "way": way, "seen_on": today, "starts_on": today.replace(day=1),
        }
        | named | fields
    )  # fmt: skip


def agreed(child: Resident, guardian: Resident, by: User) -> Consent:
    """The guardian signed for the reduction."""
    return consents.keep(child, Purpose.CARE_RELIEF, by=by, way=Way.SIGNATURE, guardian=guardian)


def recorded(child: Resident, by: User, what: Said | None = None) -> Evidence:
    return hardship.record(resident=child, said=what or said(), by=by)


def verified(
    child: Resident, guardian: Resident, *, by: User, reviewer: User, what: Said | None = None
) -> Evidence:  # fmt: skip
    """Agreed, recorded by `by`, verified by `reviewer`."""
    agreed(child, guardian, by)
    return hardship.verify(evidence=recorded(child, by, what), by=reviewer)


def body(child: Resident, category: Category = Category.SUBSISTENCE) -> dict[str, Any]:
    """What a client sends to record the same."""
    today = clock.today()
    return {
        "resident": child.pk, "category": category.value, "about": "family", "way": "viewed", "named": PAPERS[category][0],
        "seen_on": today.isoformat(), "starts_on": today.replace(day=1).isoformat(),
    }  # fmt: skip
