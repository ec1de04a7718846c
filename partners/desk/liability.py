"""积分负债: a community's page, the sub-district's page, and both as files. What the budget's rate says is for finance alone."""

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import Community, SubDistrict, User
from communities.workbook import sent
from core import clock
from core.pages import page
from partners.settling import liability
from points import reconciliation, street

SECTION = {"section": "statements"}
Role = duties.Role


@require_safe
@staff_page
def index(request: HttpRequest, user: User) -> HttpResponse:
    """Straight to the only page there is for this person, else the choice."""
    streets, own = duties.streets_of(user, *street.READERS), list(Community.objects.for_books(user).order_by("pk"))
    if streets:
        return redirect("desk:liability-street", streets[0].pk)
    if len(own) == 1:
        return redirect("desk:liability-community", own[0].pk)
    return page(request, "desk/partners/liability_choice.html", SECTION | {"communities": own})


@require_safe
@staff_page
def community(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _community(user, pk)
    return _shown(
        request, user, mine, mine.sub_district, liability.lines([mine], clock.today(), _rate_of_one(user, mine))
    )


@require_safe
@staff_page
def community_export(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _community(user, pk)
    listed = liability.lines([mine], clock.today(), _rate_of_one(user, mine))
    return sent(liability.file_of(listed), f"{mine.name}积分负债")


@require_safe
@staff_page
def sub_district(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _street(user, pk)
    return _shown(request, user, mine, mine, liability.lines(mine.communities.all(), clock.today(), _rate(user, mine)))


@require_safe
@staff_page
def sub_district_export(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _street(user, pk)
    listed = liability.lines(mine.communities.all(), clock.today(), _rate(user, mine))
    return sent(liability.file_of(listed), f"{mine.name}积分负债")


def _shown(
    request: HttpRequest, user: User, place: Community | SubDistrict, above: SubDistrict, listed: list[liability.Line]
) -> HttpResponse:
    rate = _rate(user, above)
    whole = None if rate is None else liability.budget(above.pk, above.communities.all(), clock.today())
    context = {
        "place": place.name, "lines": listed, "one": isinstance(place, Community), "pk": place.pk, "street": above,
        "finance": listed[0].whole is not None, "rate": reconciliation.rate_of(above.pk), "budget": whole, "at": clock.now(), "maker": user,
    }  # fmt: skip
    return page(request, "desk/partners/liability.html", SECTION | context)


def _community(user: User, pk: int) -> Community:
    return get_object_or_404(Community.objects.for_books(user).select_related("sub_district"), pk=pk)


def _street(user: User, pk: int) -> SubDistrict:
    found = [one for one in duties.streets_of(user, *street.READERS) if one.pk == pk]
    if not found:
        raise Http404
    return found[0]


def _rate(user: User, place: SubDistrict) -> Decimal | None:
    """None for whoever is not the sub-district's finance."""
    return reconciliation.rate_of(place.pk) if place in duties.streets_of(user, Role.FINANCE) else None


def _rate_of_one(user: User, place: Community) -> Decimal | None:
    return reconciliation.rate_of(place.sub_district_id) if duties.holds(user, place, Role.FINANCE) else None
