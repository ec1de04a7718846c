"""What the search of the desk finds of the partners: agreements by the partner's name, or its sounds."""

from django.urls import reverse

from communities.models import User
from communities.searching import Hit, titled
from partners.models import Agreement


def partners(user: User, q: str, most: int) -> list[Hit]:
    """Agreements of the communities where `user` works, the newest first."""
    mine = Agreement.objects.for_staff(user).select_related("partner", "community")
    return [_hit(one) for one in titled(mine, q, most, "partner__name")]


def _hit(agreement: Agreement) -> Hit:
    sub = f"{agreement.title}，{agreement.number}，{agreement.community.name}"
    return Hit(agreement.partner.name, sub, reverse("desk:agreement", args=[agreement.pk]))
