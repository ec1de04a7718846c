"""居民: the files of one's own communities as a list, an Excel file or a paper, and confirming many at once."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties, registration, roll
from communities.desk.residents_forms import RollFilter, WholeForm
from communities.guards import staff_page
from communities.models import Community, Resident, User
from communities.paging import kept, number, sorted_slice
from communities.workbook import sent
from core import clock
from core.pages import came_from, form_page, keep_form, page

SECTION = {"section": "residents"}
WHOLE = "desk/communities/residents_whole.html"


@require_safe
@staff_page
def residents(request: HttpRequest, user: User) -> HttpResponse:
    """Those who wait, unless another status is chosen; filtered, fifty to a page."""
    form = _filter(request, user)
    asked = form.asked()
    shown = sorted_slice(
        request, roll.listed(user, asked), among=Resident.objects.for_staff(user), order=roll.ORDERS[asked.sort]
    )
    context = {"form": form, "slice": shown, "kpis": _figures(user, asked.status), "query": kept(request)}
    return page(request, "desk/communities/residents.html", SECTION | context | {"heads": roll.heads(user)})


@require_POST
@staff_page
def confirm_many(request: HttpRequest, user: User) -> HttpResponse:
    """Everyone who was ticked, each in a transaction of its own; who was, who was not, and why."""
    ticked = [number(text) for text in request.POST.getlist("resident")]
    chosen = Resident.objects.for_staff(user).filter(pk__in=ticked).select_related("community").order_by("pk")
    outcome = registration.confirm_many(residents=chosen, by=user)
    if outcome.done:
        messages.success(request, f"已确认{len(outcome.done)}人：{_names(outcome.done)}。")
    for reason, people in _by_reason(outcome).items():
        messages.error(request, f"{len(people)}人没有确认：{_names(people)}。{reason}")
    if not (outcome.done or outcome.refused):
        messages.warning(request, "请先勾选要确认的居民。")
    return redirect(came_from(request, reverse("desk:residents")))


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of exactly what the list shows, phones masked."""
    return sent(roll.masked(user, _filter(request, user).asked()), "居民名册")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def whole(request: HttpRequest, user: User) -> HttpResponse:
    """What for, and then the file with whole phones: by the head or the sub-district, written down before it is made."""
    asked = _filter(request, user).asked()
    form = WholeForm(request.POST if request.method == "POST" else None)
    context = {"asked": asked, "may": roll.may_see_all(user, asked), "query": kept(request), **SECTION}
    if not form.is_valid():
        return form_page(request, WHOLE, form, context)
    keep_form(request, WHOLE, form, context)
    return sent(roll.whole(user, asked, **form.cleaned_data), "居民名册（完整）")


@require_safe
@staff_page
def roster(request: HttpRequest, user: User) -> HttpResponse:
    """花名册 on A4, by the filter of the list."""
    asked = _filter(request, user).asked()
    unit = asked.community or duties.unit_of(user)
    context = {
        "people": roll.on_paper(user, asked), "asked": asked, "unit": unit, "maker": user.name, "made_on": clock.today(),
        "query": kept(request),
    }  # fmt: skip
    return page(request, "desk/communities/roster.html", SECTION | context)


def _filter(request: HttpRequest, user: User) -> RollFilter:
    return RollFilter(request.GET.dict(), communities=list(Community.objects.for_staff(user)))


def _names(people: list[Resident]) -> str:
    return "、".join(one.name for one in people)


def _by_reason(outcome: registration.Outcome) -> dict[str, list[Resident]]:
    found: dict[str, list[Resident]] = defaultdict(list)
    for resident, refused in outcome.refused:
        found[refused.message].append(resident)
    return found


def _figures(user: User, status: str) -> list[dict[str, Any]]:
    """How many files there are in each status, each a link to them."""
    counted = roll.counted(user)
    return [
        {"value": counted.get(one, 0), "label": label, "url": f"?status={one}", "current": status == one}
        for one, label in Resident.Status.choices
    ]
