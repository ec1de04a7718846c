"""星级: what the two ladders count and ask for, and who stands on a rung that was not reached before (domain guide, 3.5, 9).

Volunteers by credited minutes of a whole life, couriers by points earned in a year. What is asked are settings; what was
granted stays, whatever is asked later or corrected since.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Sum

from activities.models import Service, Star, StarBar
from communities import settings
from communities.models import Courier, Resident
from core import clock
from points.models import Month

Ladder = Star.Ladder
OBJECTED = "公示期间异议成立"


@dataclass(frozen=True)
class Due:
    """Somebody has reached `level` with `amount` minutes or points, and no star of that ladder is as high."""

    resident: int
    ladder: Star.Ladder
    year: int
    level: int
    amount: int


def rungs(ladder: Star.Ladder, sub_district_id: int, *, on: date) -> list[int]:
    """What each of the five stars asks for on `on`: minutes, or points of a year."""
    declared = settings.STARS if ladder == Ladder.VOLUNTEER else settings.COURIER_STARS
    values = settings.values_of(declared, sub_district_id, on=on)
    return [values[one] * (60 if ladder == Ladder.VOLUNTEER else 1) for one in declared]


def level_of(amount: int, asked: list[int]) -> int:
    """The highest star that `amount` reaches; 0 for none."""
    return max((level for level, need in enumerate(asked, 1) if amount >= need), default=0)


def amount_of(resident: Resident, ladder: Star.Ladder, year: int) -> int:
    """Minutes or points of one person."""
    return _amounts(ladder, year, Resident.objects.filter(pk=resident.pk)).get(resident.pk, 0)


def due(ladder: Star.Ladder, year: int, sub_district_id: int, at: datetime, *, only: int | None = None) -> list[Due]:
    """Who has reached a star and may be shown for it; five queries for any number of people.

    Nobody whom a bar keeps out, no closed file. After an upheld objection more service is needed than was objected to.
    """
    day = clock.local(at).date()
    asked = rungs(ladder, sub_district_id, on=day)
    people = Resident.objects.filter(community__sub_district=sub_district_id, status=Resident.Status.CONFIRMED)
    people = people.filter(pk=only) if only else people
    people = people.exclude(Exists(StarBar.objects.standing(day).filter(resident=OuterRef("pk"))))
    mine = Star.objects.filter(ladder=ladder, year=year, resident__community__sub_district=sub_district_id)
    held = dict(mine.standing().values_list("resident").annotate(Max("level")))
    objected = dict(mine.filter(stop_reason=OBJECTED).values_list("resident").annotate(Max("amount")))
    amounts = _amounts(ladder, year, people, at_least=min(asked))
    reached = (Due(pk, ladder, year, level_of(amount, asked), amount) for pk, amount in amounts.items())
    return [
        one for one in reached if one.level > held.get(one.resident, 0) and one.amount > objected.get(one.resident, -1)
    ]


def _amounts(ladder: Star.Ladder, year: int, people: QuerySet[Resident], *, at_least: int = 1) -> dict[int, int]:
    if ladder == Ladder.VOLUNTEER:
        served = Service.objects.standing().filter(resident__in=people).values("resident")
        return dict(served.annotate(total=Sum("credited")).filter(total__gte=at_least).values_list("resident", "total"))
    riding = people.filter(pk__in=Courier.objects.current().values("resident"))
    earned = Month.objects.filter(wallet__resident__in=riding, month__year=year).values(who=F("wallet__resident"))
    return dict(earned.annotate(total=Sum("earned")).filter(total__gte=at_least).values_list("who", "total"))
