"""个人信息申请 at the desk: what waits, taking it, the answer in writing, and filing for somebody at the counter."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties, rights as process
from communities.desk.rights_forms import AnswerForm, FileForm, RefuseForm
from communities.guards import staff_page
from communities.models import Duty, Resident, RightsRequest, User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "rights"}
PAGE = 50


@require_safe
@staff_page
def requests(request: HttpRequest, user: User) -> HttpResponse:
    """What is open, the oldest first; with `?answered=1` what is over, the newest first."""
    over = "answered" in request.GET
    shown, following = turned(request, process.listed(user, answered=over, beyond=place(request), size=PAGE), PAGE)
    context = {"rows": shown, "answered": over, "following": following, "day": clock.today()}
    return page(request, "desk/communities/rights.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def asked(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What is asked, where it is done, and the answer."""
    mine = _mine(user, pk)
    made = RefuseForm if mine.kind == RightsRequest.Kind.CLOSE else AnswerForm
    form = made(request.POST if request.method == "POST" else None)
    context = _context(mine, user)
    if not form.is_valid():
        return form_page(request, "desk/communities/rights_one.html", form, context)
    keep_form(request, "desk/communities/rights_one.html", form, context)
    process.answer(asked=mine, by=user, **form.cleaned_data)
    messages.success(request, f"已答复，{mine.resident.name}会收到消息。")
    return redirect("desk:rights")


@require_POST
@staff_page
def take(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    process.take(asked=_mine(user, pk), by=user)
    messages.success(request, "这件申请由您承办。")
    return redirect("desk:rights-one", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def file(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For a resident at the counter, or on the telephone."""
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    form = FileForm(request.POST if request.method == "POST" else None)
    heads = duties.holds(user, resident.community, Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
    context = SECTION | {"resident": resident, "heads": heads, "section": "residents"}
    if not form.is_valid():
        return form_page(request, "desk/communities/rights_file.html", form, context)
    keep_form(request, "desk/communities/rights_file.html", form, context)
    kind = RightsRequest.Kind(form.cleaned_data["kind"])
    made = process.file(resident=resident, kind=kind, text=form.cleaned_data["text"], by=user)
    messages.success(request, f"已代{resident.name}提交：{kind.label}。")
    return redirect("desk:rights-one", made.pk)


def _mine(user: User, pk: int) -> RightsRequest:
    rows = RightsRequest.objects.for_staff(user).select_related(
        "resident", "community", "handler", "answered_by", "filed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _context(mine: RightsRequest, user: User) -> dict[str, Any]:
    return SECTION | {"asked": mine, "refused": process.refusal_to_answer(mine, user), "day": clock.today()}
