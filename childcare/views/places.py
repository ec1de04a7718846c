"""托管中心 for everybody, and the places of one's own children: the number in the line, the offer, the last day."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.models import Centre, Place
from childcare.place_forms import LastDayForm
from childcare.places import ending, mine, offering, showcase
from childcare.views.door import family_page
from communities.guards import open_page
from communities.models import Community, Resident, User
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused

FORMS = ["GET", "HEAD", "POST"]


@require_safe
@open_page
def centres(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Of the reader's sub-district; a visitor sees that of the first community that takes residents in."""
    community, today = resident.community if resident else Community.objects.joinable().first(), clock.today()
    found = showcase.of_community(community, today) if community else []
    groups = showcase.groups_of(found, today)
    context: dict[str, Any] = {"rows": [(one, groups.get(one.pk, [])) for one in found], "tab": "home"}
    return page(request, "childcare/centres.html", context)


@require_safe
@open_page
def centre(request: HttpRequest, resident: Resident | None, pk: int) -> HttpResponse:
    today = clock.today()
    found = get_object_or_404(Centre.objects.open_on(today).select_related("community", "operator"), pk=pk)
    context = {
        "centre": found,
        "rows": showcase.groups_of([found], today).get(pk, []),
        "rules": showcase.rules(),
        "tab": "home",
    }
    return page(
        request, "childcare/centre.html", context | {"own": resident and resident.community_id == found.community_id}
    )


@require_safe
@family_page
def place(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk), None)


@require_POST
@family_page
def accept(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    own = _own(request, pk)
    on_refusal(request, lambda refused: _page(request, _own(request, pk), refused))
    offering.accept(place=own, by=_account(request))
    messages.success(request, "已接受，孩子有托位了。")
    return redirect("childcare:place", pk)


@require_http_methods(FORMS)
@family_page
def decline(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """Give an offer up, or wait no longer; asked once more first."""
    own = _own(request, pk)
    if request.method != "POST":
        return page(request, "childcare/place_decline.html", {"place": own, "tab": "me"})
    offering.decline(place=own, by=_account(request))
    messages.success(request, "已取消，没有产生费用。")
    return redirect("childcare:home")


@require_http_methods(FORMS)
@family_page
def end(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    own, today = _own(request, pk), clock.today()
    form = LastDayForm(request.POST if request.method == "POST" else None, initial={"last_day": today})
    context = {"place": own, "tab": "me"}
    if not form.is_valid():
        return form_page(request, "childcare/place_end.html", form, context)
    keep_form(request, "childcare/place_end.html", form, context)
    last: date = form.cleaned_data["last_day"]
    ending.end(place=own, last_day=last, reason=Place.EndReason.GUARDIAN, by=_account(request))
    messages.success(request, "已登记最后一天，到那天以前照常接送。")
    return redirect("childcare:place", pk)


@require_POST
@family_page
def keep(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """The child stays after all."""
    ending.keep(place=_own(request, pk), by=_account(request))
    messages.success(request, "已保留托位，照常接送。")
    return redirect("childcare:place", pk)


def _page(request: HttpRequest, own: Place, refused: Refused | None) -> HttpResponse:
    view = mine.view_of(own, _account(request), clock.now())
    context = {"view": view, "place": own, "refused": refused or view.refused, "tab": "me"}
    return page(request, "childcare/place.html", context, status=refused.status if refused else 200)


def _own(request: HttpRequest, pk: int) -> Place:
    return get_object_or_404(mine.of(_account(request)), pk=pk)


def _account(request: HttpRequest) -> User:
    return cast(User, request.user)
