"""Who is sent for a child just now, as the guardian and the counter see it."""

from dataclasses import dataclass
from datetime import date

from childcare.models import Pickup, PickupCode
from communities import consents
from communities.models import Consent, Resident


@dataclass(frozen=True)
class Sheet:
    """`good` count today or begin later, `over` are past and not revoked, `codes` are open ones of today on."""

    good: list[Pickup]
    over: list[Pickup]
    codes: list[PickupCode]
    agreed: bool


def sheet(child: Resident, today: date) -> Sheet:
    """Four queries for any number."""
    rows = list(Pickup.objects.standing().filter(child=child).select_related("authorised_by").order_by("slot"))
    over = [one for one in rows if one.valid_until < today or (one.once and one.used_at is not None)]
    codes = PickupCode.objects.open().filter(child=child, day__gte=today).order_by("day", "pk")
    agreed = consents.standing(Consent.Purpose.CARE_PICKUP).filter(resident=child).exists()
    return Sheet([one for one in rows if one not in over], over, list(codes), agreed)
