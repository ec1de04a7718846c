"""优待减免 and 最多可抵: what of the fee is taken off, and how much of the rest points may pay. Words never name the category."""

from dataclasses import dataclass
from datetime import date

from childcare.billing.fees import half_up
from childcare.models import Centre
from communities import hardship, settings
from communities.models import Evidence, Resident


@dataclass(frozen=True)
class Relief:
    """The best category of the child on the first day of the month, in percent; without one 0 and no evidence."""

    percent: int = 0
    evidence: Evidence | None = None

    @property
    def stands(self) -> bool:
        return self.percent > 0


@dataclass(frozen=True)
class Terms:
    """What the settings say for one month: fen a point, percent of an ordinary bill, points of subsidy to each own point."""

    point_cents: int
    percent: int
    times: int


def of_child(child: Resident, month: date) -> Relief:
    """What counts on the first day of `month`: an end takes effect from the next bill, earlier months are not reclaimed."""
    best = hardship.best_of_many([child], month).get(child.pk)
    return Relief(best.percent, best.evidence) if best and best.percent > 0 else Relief()


def of_fee(standard: int, percent: int) -> int:
    """Fen taken off `standard`, half up."""
    return half_up(standard * percent, 100)


def terms_of(centre: Centre, month: date) -> Terms:
    """The settings in force on the first day of `month`."""
    asked = (settings.CARE_POINT_CENTS, settings.CARE_OFFSET_PERCENT, settings.CARE_RELIEF_TIMES)
    found = settings.values_of(asked, centre.community.sub_district_id, on=month)
    return Terms(*(found[one] for one in asked))


def cap_of(rest: int, relief: bool, terms: Terms) -> int:
    """Fen of `rest` (fee less reduction, corrected) that points may pay: the whole of it with evidence, else a share."""
    return rest if relief else rest * terms.percent // 100


def most_points(cap: int, relief: bool, terms: Terms) -> int:
    """Own points that reach `cap` and do not exceed it."""
    return cap // worth(1, relief, terms)


def worth(points: int, relief: bool, terms: Terms) -> int:
    """What `points` and the subsidy beside them pay, in fen."""
    return (points + subsidy(points, relief, terms)) * terms.point_cents


def subsidy(points: int, relief: bool, terms: Terms) -> int:
    return points * terms.times if relief else 0
