"""优待依据 at the desk: the list, a resident's file, and recording with the family there. Deciding: communities/desk/evidence_review.py."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import consents, guardians, hardship
from communities.desk.evidence_forms import EvidenceFilter, RecordForm, RenewForm
from communities.desk.files import mine_of
from communities.guards import staff_page
from communities.hardship import book, recording, waiting
from communities.models import Consent, Evidence, Guardian, Resident, User
from communities.paging import kept
from communities.purposes import TEXTS
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "evidence"}
FILE, RENEW = "desk/communities/evidence_file.html", "desk/communities/evidence_renew.html"
FORMS = ["GET", "HEAD", "POST"]
Purpose = Consent.Purpose


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = EvidenceFilter(request.GET, user=user)
    wanted = form.asked()
    found, following = turned(request, book.page_of(user, wanted, place(request)), book.PAGE)
    mine = set(waiting.waiting_for(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    due = set(waiting.due_for(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    context = {
        "form": form, "rows": [(one, one.pk in mine, one.pk in due) for one in found], "following": following,
        "query": kept(request),
    }  # fmt: skip
    return page(request, "desk/communities/evidence.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(book.file_of(user, EvidenceFilter(request.GET, user=user).asked()), "优待依据")


@require_http_methods(FORMS)
@staff_page
def of_resident(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What is recorded for one resident, the family's consent, and the form to record more."""
    mine = mine_of(user, pk)
    form = RecordForm(request.POST, request.FILES, by=user) if request.method == "POST" else RecordForm(by=user)
    context = _file(mine, user)
    if not form.is_valid():
        return form_page(request, FILE, form, context)
    keep_form(request, FILE, form, context)
    hardship.record(resident=mine, said=form.said(), by=user)
    messages.success(request, "已登记，请另一位负责人复核。复核通过后才开始减免。")
    return redirect("desk:evidence-of", pk)


@require_POST
@staff_page
def sign(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The family signed on paper: the guardian that the button names, or the grown-up."""
    mine = mine_of(user, pk)
    guardian = request.POST.get("guardian", "")
    if guardian.isdecimal():
        found = get_object_or_404(Guardian.objects.current().filter(child=mine), pk=int(guardian[:18]))
        guardians.sign(child=mine, guardian=found, by=user, purpose=Purpose.CARE_RELIEF)
    else:
        consents.give(resident=mine, purpose=Purpose.HARDSHIP, by=user, way=Consent.Way.SIGNATURE)
    messages.success(request, "已记录签字同意，可以登记依据。随时可以撤回。")
    return redirect("desk:evidence-of", pk)


@require_http_methods(FORMS)
@staff_page
def renew(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Looked at again before its last day; another colleague verifies."""
    mine = own(user, pk)
    form = RenewForm(request.POST, request.FILES, by=user) if request.method == "POST" else RenewForm(by=user)
    context = SECTION | {"evidence": mine, "refused": recording.refusal_to_renew(mine, mine.resident, user)}
    if not form.is_valid():
        return form_page(request, RENEW, form, context)
    keep_form(request, RENEW, form, context)
    hardship.renew(evidence=mine, again=form.again(), by=user)
    messages.success(request, "已登记续期，请另一位负责人复核。复核通过前，原来的依据到期为止照常有效。")
    return redirect("desk:evidence-of", mine.resident_id)


def own(user: User, pk: int) -> Evidence:
    """Of the reader's communities, else 404."""
    rows = Evidence.objects.for_staff(user).select_related(
        "resident__community", "recorded_by", "decided_by", "ended_by"
    )
    return get_object_or_404(rows, pk=pk)


def _file(mine: Resident, user: User) -> dict[str, Any]:
    child = recording.is_child(mine)
    purpose = Purpose.CARE_RELIEF if child else Purpose.HARDSHIP
    rows = Evidence.objects.filter(resident=mine).select_related("recorded_by", "decided_by").order_by("-pk")
    answering = Guardian.objects.current().filter(child=mine).select_related("guardian").order_by("pk") if child else []
    return SECTION | {
        "resident": mine, "here": "evidence", "rows": rows, "child": child, "text": TEXTS[purpose],
        "consent": recording.consent_of(mine), "answering": answering, "refused": recording.refusal_to_record(mine, user),
    }  # fmt: skip
