"""谁替孩子说话: in childcare a guardian whom a bar (禁止接走) names says nothing for the child and reads nothing about it.

Every page, list, copy, message and verb for a family asks here; what is somebody's own (account, bills to pay) stays theirs.
Whoever is meant is known by the file, where the bar says whose it is, and by the name (a keyed hash), so that nobody passes by
being registered anew.
"""

import unicodedata

from childcare.models import Barred
from communities import guardians, silencing
from communities.models import Guardian, Resident, User
from communities.sealing import fingerprint
from core.refusals import Refused


class NotPossible(Refused):
    """Says nothing of why: whom a bar names, a family does not learn from us."""

    code = "care_pickup_not_possible"
    message = "这位接送人现在不能登记，没有保存。请联系托管中心负责人或社区主任。"


def name_key(child: Resident, name: str) -> str:
    """Equal for equal names about the same child, whatever blanks and dots stand in them."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())
    return fingerprint(f"barred:{child.pk}:{plain}", child.community.sub_district_id)


def bars_of(child: Resident) -> list[Barred]:
    """What stands, the first first."""
    return list(Barred.objects.standing().filter(child=child).order_by("pk"))


def stops(
    child: Resident,
    *,
    key: str = "",
    name: str = "",
    adult: Resident | None = None,
    standing: list[Barred] | None = None,
) -> Barred | None:
    """The bar that stands against somebody, by a name (or its `key`) or as the resident `adult`, whose name counts as well.

    A list of many passes `bars_of(child)`, read once.
    """
    rows = bars_of(child) if standing is None else standing
    if not rows:
        return None
    keys = {name_key(child, said) for said in (name, adult.name if adult else "") if said} | ({key} if key else set())
    return next((one for one in rows if one.name_key in keys or (adult and one.resident_id == adult.pk)), None)


def is_stopped(child: Resident, adult: Resident) -> bool:
    """Whether a bar stands against this adult."""
    return stops(child, adult=adult) is not None


def refusal_to_name(child: Resident, *names: str, sentence: str = NotPossible.message) -> Refused | None:
    """Why nobody of one of `names` is written down for `child` (who collects, looks after it or is called); None for no reason."""
    rows = bars_of(child)
    stopped = any(stops(child, name=one, standing=rows) for one in names)
    return NotPossible(sentence) if stopped else None


def speaker_for(child: Resident, account: User) -> Resident | None:
    """As which guardian the account speaks for `child`; None for a stranger, and where a bar names one who shares the phone."""
    mine, rows = guardians.guardians_by(child, account), bars_of(child)
    stopped = any(stops(child, adult=one, standing=rows) for one in mine)
    return None if not mine or stopped else mine[0]


def speakers_of(child: Resident) -> list[Guardian]:
    """Who speaks for `child` today, and is told about it."""
    rows = bars_of(child)
    mine = Guardian.objects.current().filter(child=child).select_related("guardian").order_by("pk")
    return [one for one in mine if stops(child, adult=one.guardian, standing=rows) is None]


def wards_of(account: User) -> list[Guardian]:
    """The children for whom the account speaks, the first file first."""
    mine = guardians.children_of(account)
    rows = (
        list(Barred.objects.standing().filter(child__in=[one.child_id for one in mine]).order_by("pk")) if mine else []
    )
    silent = {
        one.child_id for one in mine
        if stops(one.child, adult=one.guardian, standing=[row for row in rows if row.child_id == one.child_id])
    }  # fmt: skip
    return [one for one in mine if one.child_id not in silent]


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    silencing.on_ask(is_stopped)
