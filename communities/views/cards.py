"""Where the code on a card leads. Who opens it decides what is seen; opening it does nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from communities.models import Card, Resident
from core.pages import page


@require_safe
def card(request: HttpRequest, token: str) -> HttpResponse:
    """Staff of the community: that person at the counter. Everybody else: what it is, and nothing about whose, nor whether it is one."""
    user = request.user
    if user.is_authenticated and user.is_desk_user and not user.must_change_password:
        mine = Card.objects.filter(token=token, resident__in=Resident.objects.for_staff(user))
        if found := mine.only("resident", "ended_at").first():
            return (
                redirect("desk:counter-person", found.resident_id) if found.ended_at is None else _ended(request, found)
            )
    return page(request, "communities/card.html", {"ended": False})


def _ended(request: HttpRequest, found: Card) -> HttpResponse:
    return page(request, "communities/card.html", {"ended": True, "resident": found.resident_id})
