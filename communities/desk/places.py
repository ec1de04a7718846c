"""小区和网格: the register of one community's places. Everybody there reads it, the head and the sub-district keep it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties, estates
from communities.desk.places_forms import GridForm, PlaceForm
from communities.guards import staff_page
from communities.models import Community, Estate, Grid, User
from core.pages import form_page, keep_form, page

SECTION = {"section": "places"}
LIST, ONE = "desk/communities/places.html", "desk/communities/place.html"
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def places(request: HttpRequest, user: User) -> HttpResponse:
    """One community's, or the choice of which."""
    mine = list(Community.objects.for_staff(user).order_by("pk"))
    if len(mine) == 1:
        return redirect("desk:places-of", mine[0].pk)
    return page(request, LIST, SECTION | {"communities": mine})


@require_safe
@staff_page
def of_community(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Estates and grids with how many people each has."""
    return page(request, LIST, _table(user, _mine(user, pk)))


@require_http_methods(FORMS)
@staff_page
def add(request: HttpRequest, user: User, pk: int, kind: str) -> HttpResponse:
    community = _mine(user, pk)
    form = _form(request, kind, community)
    context = SECTION | {"place_of": community, "kind": kind, "may": _may(user, community)}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    model = Grid if kind == "grid" else Estate
    made = estates.add(place=model(community=community, **form.cleaned_data), by=user)
    messages.success(request, f"已登记：{made.name}。")
    return redirect("desk:places-of", pk)


@require_http_methods(FORMS)
@staff_page
def change(request: HttpRequest, user: User, pk: int, kind: str) -> HttpResponse:
    place = _place(user, pk, kind)
    shown = {"name": place.name, "keeper": place.keeper_id if isinstance(place, Grid) else None}
    form = _form(request, kind, place.community, initial=shown)
    context = SECTION | {"place": place, "place_of": place.community, "kind": kind, "may": _may(user, place.community)}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    estates.change(place=place, by=user, **form.cleaned_data)
    messages.success(request, f"已保存：{place.name}。")
    return redirect("desk:places-of", place.community_id)


@require_POST
@staff_page
def remove(request: HttpRequest, user: User, pk: int, kind: str) -> HttpResponse:
    place = _place(user, pk, kind)
    estates.remove(place=place, by=user)
    messages.success(request, f"已删除：{place.name}。")
    return redirect("desk:places-of", place.community_id)


def _mine(user: User, pk: int) -> Community:
    return get_object_or_404(Community.objects.for_staff(user).select_related("sub_district"), pk=pk)


def _may(user: User, community: Community) -> bool:
    return duties.holds(user, community, *estates.KEPT_BY)


def _place(user: User, pk: int, kind: str) -> estates.Place:
    model = Grid if kind == "grid" else Estate
    found = model._default_manager.filter(community__in=Community.objects.for_staff(user)).select_related("community")
    place = found.filter(pk=pk).first()
    if not isinstance(place, Estate | Grid):
        raise Http404
    return place


def _form(request: HttpRequest, kind: str, community: Community, **options: Any) -> PlaceForm:
    data = request.POST if request.method == "POST" else None
    if kind == "grid":
        return GridForm(data, colleagues=estates.colleagues(community), **options)
    return PlaceForm(data, **options)


def _table(user: User, community: Community) -> dict[str, Any]:
    may = _may(user, community)
    return SECTION | {
        "place_of": community, "may": may, "estates": _with_people(community.estates.all()),
        "grids": _with_people(community.grids.select_related("keeper")),
    }  # fmt: skip


def _with_people(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.annotate(people=Count("residents")).order_by("name"))
