"""One resident's paper, file and household purse at the counter: for elders without a phone, and for whoever asks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities.guards import staff_page
from communities.models import Resident, User
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from points import export, passbook, purse
from points.statement_forms import ConsentForm, PassbookPeriod, StatementFilter

SECTION = {"section": "residents"}
PURSE = "desk/points/purse.html"


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _mine(user, pk), PassbookPeriod(request.GET)
    chosen = form.period()
    book = passbook.passbook(mine, *chosen) if chosen else None
    context = {"form": form, "book": book, "resident": mine, "back": reverse("desk:resident-points", args=[pk])}
    return page(request, "points/passbook.html", context)


@require_safe
@staff_page
def file(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The whole statement, or what the filter in the address leaves of it."""
    mine, asked = _mine(user, pk), StatementFilter(request.GET).asked()
    if asked is None:
        return redirect("desk:points-export", pk)
    return sent(export.workbook(mine, asked), f"积分明细{mine.name}")


@require_safe
@staff_page
def shared(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return page(request, PURSE, _sheet(_mine(user, pk)) | {"form": ConsentForm()})


@require_POST
@staff_page
def join(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The person stands at the counter and says so."""
    mine, form = _mine(user, pk), ConsentForm(request.POST)
    if not form.is_valid():
        return form_page(request, PURSE, form, _sheet(mine))
    keep_form(request, PURSE, form, _sheet(mine))
    purse.join(resident=mine, by=user)
    messages.success(request, f"{mine.name}已加入家庭积分。")
    return redirect("desk:purse", pk)


@require_POST
@staff_page
def leave(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _mine(user, pk)
    left = purse.leave(resident=mine, by=user)
    if left:
        messages.success(request, f"{mine.name}已退出家庭积分，积分还在本人账户里。")
    return redirect("desk:purse", pk)


def _mine(user: User, pk: int) -> Resident:
    return get_object_or_404(Resident.objects.for_staff(user).select_related("community__sub_district"), pk=pk)


def _sheet(mine: Resident) -> dict[str, Any]:
    return SECTION | {"resident": mine, "purse": purse.purse_of(mine, counter=True)}
