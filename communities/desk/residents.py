"""居民确认: the files of one's own communities, and what may be done with one."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities import phones, registration
from communities.forms import DeclineForm, MoveForm, ResidentFilter
from communities.guards import staff_page
from communities.models import Community, Resident, User
from communities.paging import number, slice_of
from core.pages import came_from, form_page, keep_form, page

SECTION = {"section": "residents"}


@require_safe
@staff_page
def residents(request: HttpRequest, user: User) -> HttpResponse:
    """Those who wait, unless another status is chosen; filtered, fifty to a page."""
    form = ResidentFilter(request.GET.dict(), communities=list(Community.objects.for_staff(user)))
    chosen = form.chosen()
    found = Resident.objects.for_staff(user).matching(**chosen).select_related("community", "estate")
    context = SECTION | {"form": form, "slice": slice_of(request, found), "kpis": _figures(user, chosen)}
    return page(request, "desk/communities/residents.html", context)


@require_POST
@staff_page
def confirm_many(request: HttpRequest, user: User) -> HttpResponse:
    """Everyone who was ticked, each in a transaction of its own."""
    ticked = [number(text) for text in request.POST.getlist("resident")]
    chosen = Resident.objects.for_staff(user).filter(pk__in=ticked).select_related("community")
    outcome = registration.confirm_many(residents=chosen, by=user)
    if outcome.done:
        messages.success(request, f"已确认{len(outcome.done)}人。")
    for resident, refused in outcome.refused:
        messages.error(request, f"{resident.name}：{refused.message}")
    if not (outcome.done or outcome.refused):
        messages.warning(request, "请先勾选要确认的居民。")
    return redirect(came_from(request, reverse("desk:residents")))


@require_safe
@staff_page
def resident(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One file, with those of the same name, and what may be done."""
    return page(request, "desk/communities/resident.html", _file(user, pk))


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    confirmed = registration.confirm(resident=_mine(user, pk), by=user)
    messages.success(request, f"已确认{confirmed.name}。")
    return redirect(came_from(request, reverse("desk:residents")))


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form = DeclineForm(request.POST)
    context = _file(user, pk, decline_form=form)
    if not form.is_valid():
        return form_page(request, "desk/communities/resident.html", form, context)
    keep_form(request, "desk/communities/resident.html", form, context)
    registration.decline(resident=context["resident"], by=user, reason=form.cleaned_data["reason"])
    messages.success(request, f"已登记为未通过，{context['resident'].name}登录后会看到原因。")
    return redirect("desk:residents")


@require_POST
@staff_page
def move(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form = MoveForm(request.POST)
    context = _file(user, pk, move_form=form)
    if not form.is_valid():
        return form_page(request, "desk/communities/resident.html", form, context)
    keep_form(request, "desk/communities/resident.html", form, context)
    phones.move(resident=context["resident"], phone=form.cleaned_data["phone"], by=user)
    messages.success(request, "手机号已更换，原号码不能再办理这位居民的事。")
    return redirect("desk:resident", pk)


@require_POST
@staff_page
def release(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    phones.release(resident=_mine(user, pk), by=user)
    messages.success(request, "已解除手机号，档案和积分都保留，可在窗口办理。")
    return redirect("desk:resident", pk)


def _mine(user: User, pk: int) -> Resident:
    files = Resident.objects.for_staff(user).select_related("community", "estate", "account", "decided_by")
    return get_object_or_404(files, pk=pk)


def _file(user: User, pk: int, **forms: Any) -> dict[str, Any]:
    mine = _mine(user, pk)
    same = Resident.objects.for_staff(user).filter(name=mine.name).exclude(pk=pk).select_related("community", "estate")
    blank = {"decline_form": DeclineForm(), "move_form": MoveForm(), **forms}
    return SECTION | {"resident": mine, "same_name": same[:5], **blank}


def _figures(user: User, chosen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How many files there are in each status, each a link to them."""
    counted = dict(Resident.objects.for_staff(user).values_list("status").annotate(Count("pk")))
    return [
        {
            "value": counted.get(status, 0),
            "label": label,
            "url": f"?status={status}",
            "current": chosen.get("status") == status,
        }
        for status, label in Resident.Status.choices
    ]
