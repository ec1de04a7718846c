"""Which reduction counts on a day: the best one of all that is good then, and by how much, without saying why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communities import sealing
from communities.models import Evidence, Resident, Setting
from communities.settings import CARE_REDUCTIONS


@dataclass(frozen=True)
class Best:
    """`percent` of the fee by `evidence`; not cumulative (domain guide, 6.4). The category stays sealed."""

    percent: int
    evidence: Evidence

    @property
    def is_hardship(self) -> bool:
        return self.percent > 0


def best_on(resident: Resident, day: date) -> Best | None:
    """What counts for `resident` on `day`; None without good evidence."""
    return best_of_many([resident], day).get(resident.pk)


def best_of_many(residents: Iterable[Resident], day: date) -> dict[int, Best]:
    """`best_on` of each, by number; two queries for any number of residents, one when there is no evidence."""
    good = Evidence.objects.good_on(day).filter(resident__in=list(residents), facts__isnull=False)
    found = list(good.select_related("resident__community").order_by("-pk"))
    percents = _percents({one.resident.community.sub_district_id for one in found}, day)
    best: dict[int, Best] = {}
    for one in found:
        percent = percents[
            one.resident.community.sub_district_id, str(sealing.unseal_facts(bytes(one.facts or b""))["category"])
        ]
        # Of equals the one that lasts: the bill names one piece of evidence.
        rank = (percent, one.ends_on, one.pk)
        stands = best.get(one.resident_id)
        if stands is None or rank > (stands.percent, stands.evidence.ends_on, stands.evidence.pk):
            best[one.resident_id] = Best(percent, one)
    return best


def _percents(streets: set[int], day: date) -> dict[tuple[int, str], int]:
    """By sub-district and category, as set on `day`."""
    if not streets:
        return {}
    keys = {value.key: kind for kind, value in CARE_REDUCTIONS.items()}
    versions = Setting.objects.filter(sub_district__in=streets, key__in=keys, starts_on__lte=day)
    newest = versions.order_by("sub_district", "key", "-starts_on").distinct("sub_district", "key")
    default = {(street, kind): value.default for street in streets for kind, value in CARE_REDUCTIONS.items()}
    return default | {(row.sub_district_id, keys[row.key]): int(row.value) for row in newest}
