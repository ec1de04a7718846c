"""What pages of several helpers say alike: which parts are switched on, and what stands against a merchant."""

from datetime import date
from typing import NamedTuple

from django import template
from django.contrib.auth.models import AnonymousUser

from communities.models import Community, User
from communities.models.places import CommunityQuerySet
from communities.settings import EVALUATIONS, SHOP_VISITS, values_of
from core import clock
from partners.models import Agreement, Clerk
from partners.obligations.notes import notes_for
from partners.settling.posting import Quarter

register = template.Library()


class Switched(NamedTuple):
    visits: bool
    evaluations: bool


@register.simple_tag
def duties_switched(user: User | AnonymousUser) -> Switched:
    """Which of the two the reader's sub-district switched on."""
    if not isinstance(user, User):
        return Switched(False, False)
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    said = values_of((SHOP_VISITS, EVALUATIONS), street)
    return Switched(bool(said[SHOP_VISITS]), bool(said[EVALUATIONS]))


@register.filter
def quarter(first: date) -> str:
    """2026年第三季度, of its first day."""
    return str(Quarter.of(first))


@register.simple_tag
def shop_notes(clerk: Clerk | None) -> list[str]:
    """Sentences above every page of a merchant whose service is suspended, or who is to leave."""
    return notes_for(clerk.partner) if isinstance(clerk, Clerk) else []


@register.simple_tag
def shop_communities(clerk: Clerk | None) -> CommunityQuerySet:
    """Whom a merchant calls: the communities of its agreements in force. None of them: the page's own."""
    mine = Agreement.objects.in_force(clock.today()).filter(
        partner=clerk.partner_id if isinstance(clerk, Clerk) else None
    )
    return Community.objects.filter(pk__in=mine.values("community")).order_by("pk")
