"""孩子卡: what a teacher needs about one child right now. Opened with a purpose; the look is written before anything is shown."""

from dataclasses import dataclass, field
from datetime import date

from childcare.days import board, chain, who
from childcare.days.board import Row
from childcare.enrolment import health
from childcare.models import Contact, Pickup, Place, RollCall, Staffer
from childcare.opening import Part, look
from communities.models import Guardian, Look, User
from core import clock

PARTS = {Part.GUARDIANS, Part.CONTACTS, Part.HEALTH, Part.PICKUPS}
HEALTH = {
    "allergies": "过敏", "handling": "反应和处置", "chronic": "慢性病", "medicine": "服药", "diet": "忌口", "injuries": "近期受伤",
    "hospital": "就诊医院", "needs": "特别照顾",
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """Only what the reader may see; `hidden` says that there would be more for who is on duty."""

    guardians: list[Guardian] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    health: list[tuple[str, str]] = field(default_factory=list)
    emergency: bool = False
    pickups: list[Pickup] = field(default_factory=list)
    hidden: bool = False


def of(*, place: Place, user: User, purpose: str) -> Sheet:
    """Refuses `NotYourChild` to who is neither on duty nor leads."""
    child, day = place.child, clock.today()
    seen = look(user=user, child=child, parts=PARTS, purpose=purpose)
    known = health.opened(child) if Part.HEALTH in seen else {}
    return Sheet(
        chain.guardians_of(child) if Part.GUARDIANS in seen else [],
        chain.contacts_of(child) if Part.CONTACTS in seen else [],
        [(label, str(known[name])) for name, label in HEALTH.items() if known.get(name)],
        bool(known.get("emergency")),
        list(Pickup.objects.good_on(day).filter(child=child).order_by("slot")) if Part.PICKUPS in seen else [],
        seen < PARTS,
    )


def row_of(place: Place, day: date) -> Row:
    """What the board says of this one."""
    return board.row_of(place, day, board.facts_of([place], day))


@dataclass(frozen=True)
class Missing:
    place: Place
    guardians: list[Guardian]
    contacts: list[Contact]


def missing_of(called: RollCall, post: Staffer) -> list[Missing]:
    """Who was missing at a roll call; numbers for who watches the children today, and the look is written once for a call."""
    places = list(
        Place.objects.filter(pk__in=called.missing).select_related("child__community", "group").order_by("pk")
    )
    by, purpose = post.account, f"点名时不在（{called.occasion}，{called.pk}号点名）"
    if by is None or called.day != clock.today() or not who.watches(post, clock.today()):
        return [Missing(one, [], []) for one in places]
    seen = set(
        Look.objects.filter(by=by, resident__in=[one.child_id for one in places], purpose=purpose).values_list(
            "resident", flat=True
        )
    )
    for one in places:
        if one.child_id not in seen:
            look(user=by, child=one.child, parts={Part.GUARDIANS, Part.CONTACTS}, purpose=purpose)
    return [Missing(one, chain.guardians_of(one.child), chain.contacts_of(one.child)) for one in places]
