"""接送人: grandparents and neighbours whom the families send, some of them for a while only, one revoked."""

from datetime import datetime, timedelta
from random import Random

from childcare.handover import barring, pickups
from childcare.models import Pickup
from communities.settings import CARE_PICKUP_DAYS, value_of
from core import clock
from demo.asked import Asked
from demo.childcare.homes import community, files
from demo.childcare.invented import Purpose, families

SECOND, REVOKED = 0.4, 7  # how often a second one; which of all is revoked again
TAILS = "0123456789X"


def are_there() -> bool:
    return Pickup.objects.exists()


def is_revoked() -> bool:
    return Pickup.objects.exclude(revoked_at=None).exists()


def authorise(asked: Asked, at: datetime) -> None:
    """On the phones of the first parents: rows in bulk as `pickups.authorise` leaves them (a test compares one)."""
    known, dice, day = files(asked), asked.dice("care pickups"), clock.local(at).date()
    until = day + timedelta(days=value_of(CARE_PICKUP_DAYS, community().sub_district_id, on=day))
    made = []
    for family in families(asked):
        parent = known[family.parents[0].name]
        for child in family.children:
            many = 2 if dice.random() < SECOND or not family.serial else 1
            if Purpose.CARE_PICKUP not in child.agreed or child.place is None:
                continue
            for slot, (name, relation, phone) in enumerate(family.kin[:many]):
                file = known[child.name]
                made.append(Pickup(
                    child=file, slot=slot, name=name, relation=relation, phone=phone, id_tail=_tail(dice), valid_from=day,
                    name_key=barring.name_key(file, name), valid_until=until, authorised_by=parent, by=parent.account, at=at,
                ))  # fmt: skip
    Pickup.objects.bulk_create(made)


def _tail(dice: Random) -> str:
    return "".join(dice.choices(TAILS[:10], k=3)) + dice.choice(TAILS)


def revoke(at: datetime) -> None:
    one = (
        Pickup.objects.standing().select_related("authorised_by__account").order_by("pk")[REVOKED : REVOKED + 1].first()
    )
    if one and one.authorised_by.account:
        pickups.revoke(pickup=one, by=one.authorised_by.account, at=at)
