"""投诉 at the desk: the book, writing one down for somebody, taking it in, answering."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import paging
from communities.guards import staff_page
from communities.models import Resident, User
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Complaint
from partners.obligation_forms import AgainForm, AnswerForm, ComplaintFilter, DeskComplaintForm
from partners.obligations import complaining, complaintbook

SECTION: dict[str, Any] = {"section": "duties", "duties_tab": "complaints"}


@require_safe
@staff_page
def complaints(request: HttpRequest, user: User) -> HttpResponse:
    form = ComplaintFilter(request.GET, user=user)
    rows, following = turned(request, complaintbook.page_of(user, form.asked(), place(request)), complaintbook.PAGE)
    context = {
        "form": form, "lines": complaintbook.lines(rows), "following": following, "query": paging.kept(request),
    }  # fmt: skip
    return page(request, "desk/partners/complaints.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(complaintbook.file_of(user, ComplaintFilter(request.GET, user=user).asked()), "投诉办理台账")


@require_safe
@staff_page
def printed(request: HttpRequest, user: User) -> HttpResponse:
    """The book on paper, the newest of what was filtered, names masked."""
    found = complaintbook.asked(user, ComplaintFilter(request.GET, user=user).asked())[: complaintbook.PAPER]
    context = {"lines": complaintbook.lines(found), "now": clock.now(), "by": user}
    return page(request, "desk/partners/complaints_print.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """For somebody who came or called; `?resident=` says who, without it nobody whom we know."""
    whose = _whose(request, user)
    form = DeskComplaintForm(request.POST if request.method == "POST" else None, user=user)
    context = SECTION | {"resident": whose}
    if not form.is_valid():
        return form_page(request, "desk/partners/complaint_new.html", form, context)
    keep_form(request, "desk/partners/complaint_new.html", form, context)
    said = dict(form.cleaned_data)
    agreed = said.pop("agreement")
    made = complaining.file(partner=agreed.partner, community=agreed.community, resident=whose, by=user, **said)
    messages.success(request, "已登记投诉。")
    return redirect("desk:complaint", made.pk)


def _whose(request: HttpRequest, user: User) -> Resident | None:
    number = paging.number(request.GET.get("resident", ""))
    return get_object_or_404(Resident.objects.for_staff(user), pk=number) if number else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def complaint(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One; a POST answers it."""
    mine, form = _own(user, pk), AnswerForm(request.POST if request.method == "POST" else None)
    (line,) = complaintbook.lines([mine])
    context = SECTION | {"complaint": mine, "line": line, "refused": complaining.refusal_to_handle(mine, user)}
    context |= {"may_reopen": complaining.refusal_to_reopen(mine, clock.now()) is None, "again": AgainForm()}
    if not form.is_valid():
        return form_page(request, "desk/partners/complaint.html", form, context)
    keep_form(request, "desk/partners/complaint.html", form, context)
    complaining.answer(complaint=mine, by=user, **form.cleaned_data)
    messages.success(request, "答复已发给居民，合伙人能看到答复，看不到是谁。")
    return redirect("desk:complaint", pk)


@require_POST
@staff_page
def accept(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    complaining.accept(complaint=_own(user, pk), by=user)
    messages.success(request, "已受理。")
    return redirect("desk:complaint", pk)


@require_POST
@staff_page
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For somebody without a phone."""
    complaining.reopen(complaint=_own(user, pk), by=user, text=request.POST.get("text", ""))
    messages.success(request, "已重新提出，由另一位同事答复。")
    return redirect("desk:complaint", pk)


def _own(user: User, pk: int) -> Complaint:
    own = complaintbook.seen_by(user).select_related(
        "partner", "community", "resident", "accepted_by", "answered_by", "by"
    )
    return get_object_or_404(own, pk=pk)
