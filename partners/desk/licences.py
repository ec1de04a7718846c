"""证照 at the desk: what ends when, what nobody has seen the original of, and its photo."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from communities import photos
from communities.guards import staff_page
from communities.models import Community, User
from communities.paging import kept, sorted_slice
from communities.settings import LICENCE_DAYS, values_of
from core import clock
from core.pages import came_from, page
from partners.agreements import licences
from partners.desk.joining_forms import LicenceFilter, SeenForm
from partners.joining import book
from partners.models import Licence, Paper, Partner

SECTION: dict[str, Any] = {"section": "joining"}
# What ends first, what waits longest, else the newest.
ORDER = {"ending": ("valid_until", "pk"), "lapsed": ("valid_until", "pk"), "unchecked": ("pk",)}


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form, today = LicenceFilter(request.GET), clock.today()
    asked = form.asked()
    if asked.get("state") == "ending":
        street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
        asked["until"] = today + timedelta(days=max(values_of(LICENCE_DAYS, street).values()))
    found = book.licences(user, asked, today)
    part = sorted_slice(request, found, among=found, order=ORDER.get(asked.get("state", ""), ("-pk",)))
    context = {"form": form, "part": part, "today": today, "query": kept(request)}
    return page(request, "desk/partners/licences.html", SECTION | context)


@require_POST
@staff_page
def check(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The original was seen, or it is not what it says."""
    found, form = _own(user, pk), SeenForm(request.POST)
    if not form.is_valid():
        raise licences.BadLicence
    seen = form.cleaned_data["seen"]
    if seen == "no":
        licences.turn_down(licence=found, reason=form.cleaned_data["reason"], by=user)
        messages.success(request, f"{found.partner}的{found}已退回，请对方重新提交。")
    else:
        licences.check(licence=found, required=seen == "yes", by=user)
        messages.success(request, f"{found.partner}的{found}已核对。")
    return redirect(came_from(request, "/desk/licences/"))


@require_safe
@staff_page
def photo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """404 without one."""
    return photos.shown(get_object_or_404(Paper, pk=_own(user, pk).paper_id or 0))


def _own(user: User, pk: int) -> Licence:
    mine = Licence.objects.filter(partner__in=Partner.objects.for_staff(user).values("pk"))
    return get_object_or_404(mine.select_related("partner"), pk=pk)
