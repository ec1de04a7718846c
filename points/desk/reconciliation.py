"""对账: a community's page, the sub-district's page, and both as files. Sums only; the budget is for finance alone."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import Community, Duty, SubDistrict, User
from communities.workbook import sent
from core import clock
from core.pages import page
from points import reconciliation, reconciliation_export, street
from points.period_form import PeriodForm
from points.reconciliation import Figures, Period

SECTION = {"section": "books"}
Role = Duty.Role


@require_safe
@staff_page
def books(request: HttpRequest, user: User) -> HttpResponse:
    """Straight to the only page there is for this person, else the choice."""
    streets = duties.streets_of(user, *street.READERS)
    own = list(Community.objects.for_books(user).select_related("sub_district").order_by("pk"))
    if len(streets) == 1 and all(one.sub_district in streets for one in own):
        return redirect("desk:books-street", streets[0].pk)
    if not streets and len(own) == 1:
        return redirect("desk:books-community", own[0].pk)
    return page(request, "desk/points/books.html", SECTION | {"streets": streets, "communities": own})


@require_safe
@staff_page
def community(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _community(user, pk)
    form = _form(request, [mine])
    period = form.asked()
    (figures,) = reconciliation.figures([mine], period)
    others = reconciliation.pairs(mine, period)
    above = mine.sub_district in duties.streets_of(user, *street.READERS)
    context = {
        "community": mine, "place": mine.name, "form": form, "period": period, "figures": figures, "at": clock.now(), "maker": user,
        "pairs": [one for one in others if one.traded], "moves": [one for one in others if one.moved], "closings": reconciliation.closings(mine, clock.today()),
        "check": reconciliation.last_check(), "above": above, **_budget(user, mine, figures),
    }  # fmt: skip
    return page(request, "desk/points/books_community.html", SECTION | context)


@require_safe
@staff_page
def community_export(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The period day by day."""
    mine = _community(user, pk)
    period = _form(request, [mine]).asked()
    return sent(reconciliation_export.by_day(reconciliation.days(mine, period)), f"{mine.name}对账{period}-")


@require_safe
@staff_page
def sub_district(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _street(user, pk)
    form = _form(request, mine.communities.all())
    period, finance = form.asked(), _is_finance(user, mine)
    context = {
        "street": mine, "place": mine.name, "form": form, "period": period, "at": clock.now(), "maker": user,
        "lines": street.lines(mine, period, budgeted=finance), "check": reconciliation.last_check(), "finance": finance,
    } | ({"rate": reconciliation.rate_of(mine.pk)} if finance else {})  # fmt: skip
    return page(request, "desk/points/books_street.html", SECTION | context)


@require_safe
@staff_page
def sub_district_export(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _street(user, pk)
    period: Period = _form(request, mine.communities.all()).asked()
    lines = street.lines(mine, period, budgeted=_is_finance(user, mine))
    return sent(reconciliation_export.by_community(lines), f"{mine.name}对账{period}-")


def _community(user: User, pk: int) -> Community:
    return get_object_or_404(Community.objects.for_books(user).select_related("sub_district"), pk=pk)


def _street(user: User, pk: int) -> SubDistrict:
    found = [one for one in duties.streets_of(user, *street.READERS) if one.pk == pk]
    if not found:
        raise Http404
    return found[0]


def _form(request: HttpRequest, communities: Any) -> PeriodForm:
    today = clock.today()
    return PeriodForm(request.GET, first=reconciliation.first_day(communities, today), today=today)


def _is_finance(user: User, place: SubDistrict) -> bool:
    return place in duties.streets_of(user, Role.FINANCE)


def _budget(user: User, mine: Community, figures: Figures) -> dict[str, Any]:
    """Nothing at all for whoever is not finance here."""
    if not duties.holds(user, mine, Role.FINANCE):
        return {}
    rate = reconciliation.rate_of(mine.sub_district_id)
    return {"rate": rate, "budget": reconciliation.budget(figures.outstanding, rate)}
