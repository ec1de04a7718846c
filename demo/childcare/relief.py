"""优待依据 of some families: seen by one colleague at the counter, verified by the head, kept sealed."""

from datetime import date, datetime, timedelta
from random import Random

from communities import hardship, identity
from communities.hardship import About, Category, Said
from communities.hardship.kinds import CARDS, EACH_TERM, PAPERS, SYSTEMS
from communities.models import Evidence, Resident
from core import clock
from demo.asked import Asked
from demo.childcare.homes import files, head, worker
from demo.childcare.invented import Child, families

LOOKED_UP = 0.4
Way = Evidence.Way
YEARS = timedelta(days=6 * 365)


def entitled(asked: Asked) -> list[tuple[Child, Resident]]:
    known = files(asked)
    told = (child for family in families(asked) for child in family.children)
    return [(one, known[one.name]) for one in told if one.relief]


def is_recorded() -> bool:
    return Evidence.objects.filter(resident__care_file__isnull=False).exists()


def is_verified() -> bool:
    waiting = Evidence.objects.to_review().filter(resident__care_file__isnull=False)
    return is_recorded() and not waiting.exists()


def record(asked: Asked, at: datetime) -> None:
    dice = asked.dice("care evidence")
    for child, resident in entitled(asked):
        assert child.relief
        said = _said(child, child.relief, clock.local(at).date(), dice)
        hardship.record(resident=resident, said=said, by=worker(), at=at)


def verify(at: datetime) -> None:
    for one in Evidence.objects.to_review().filter(resident__care_file__isnull=False).order_by("pk"):
        hardship.verify(evidence=one, by=head(), at=at)


def _said(child: Child, category: Category, seen_on: date, dice: Random) -> Said:
    looked_up = dice.random() < LOOKED_UP
    card = category in CARDS
    about = About.SELF if card else About.FAMILY
    return Said(
        category=category, about=about, way=Way.LOOKED_UP if looked_up else Way.VIEWED, seen_on=seen_on, starts_on=seen_on,
        ends_on=seen_on + YEARS if card else None, paper="" if looked_up else PAPERS[category][0],
        system=SYSTEMS[category][0] if looked_up else "", number=_card(child, category) if card else "",
        unstable=category not in EACH_TERM and dice.random() < 0.3,
    )  # fmt: skip


def _card(child: Child, category: Category) -> str:
    """An invented 残疾人证: a number that adds up, class and grade."""
    digits = f"140213{child.born:%Y%m%d}00{2 if child.sex == 'f' else 1}"
    return f"{digits}{identity.check(digits)}4{1 if category == Category.DISABLED_SEVERE else 3}"
