"""证明 at the desk: what was asked for, issuing it, the register of what was issued, the paper, revoking."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import certificates, certified
from activities.desk.stars_forms import AskForm, CertificateFilter, IssueForm, ReasonForm
from activities.models import Certificate, CertificateRequest, Service
from communities import duties
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import kept
from communities.workbook import Cell, sent, workbook
from core import clock, masks
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "stars"}
FORMS = ["GET", "HEAD", "POST"]
ONE, REQUEST = "desk/activities/certificate.html", "desk/activities/certificate_request.html"
COLUMNS = (
    ("证明编号", 22), ("出具单位", 14), ("姓名", 10), ("服务期间开始", 12), ("服务期间截止", 12), ("小时", 8), ("经办人", 10),
    ("负责人", 10), ("出具时间", 18), ("有效期至", 12), ("作废时间", 18), ("作废原因", 30),
)  # fmt: skip


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """What waits, and the register, newest first."""
    form = CertificateFilter(request.GET, user=user)
    found = certified.issued(user, form.asked(), place(request))
    shown, following = turned(request, found, certified.PAGE)
    context = {
        "form": form, "asked": certified.asked(user), "rows": certified.seen(shown), "following": following,
        "query": kept(request),
    }  # fmt: skip
    return page(request, "desk/activities/certificates.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """证明出具登记 of what the list shows, names masked."""
    rows = certified.listed(user, CertificateFilter(request.GET, user=user).asked())
    return sent(
        workbook("证明出具登记", COLUMNS, (_cells(one) for one in rows.iterator(chunk_size=500))), "证明出具登记"
    )


def _cells(one: Certificate) -> tuple[Cell, ...]:
    return (
        one.number, one.community.name, masks.name(one.name) if one.name else "", one.from_on, one.to_on, one.hours,
        str(one.handled_by), str(one.issued_by), one.issued_at, one.valid_until, one.revoked_at, one.revoke_reason,
    )  # fmt: skip


@require_http_methods(FORMS)
@staff_page
def ask(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For somebody who stands at the counter."""
    mine = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    units = [one for one in certificates.units_of(mine) if duties.holds(user, one)]
    first = Service.objects.of(mine).standing().filter(community__in=units).order_by("on").first()
    form = AskForm(
        request.POST if request.method == "POST" else None, units=units, first=first.on if first else None, today=clock.today()
    )  # fmt: skip
    template, context = "desk/activities/certificate_ask.html", SECTION | {"resident": mine, "units": units}
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    made = certificates.ask(resident=mine, by=user, **form.cleaned_data)
    messages.success(request, "申请已提交，由社区主任核对后出具。")
    return redirect("desk:certificate-request", made.pk)


@require_http_methods(FORMS)
@staff_page
def issue(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What the certificate would say, and 出具."""
    context, form = _asked(user, pk), IssueForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, REQUEST, form, context | {"declining": ReasonForm()})
    keep_form(request, REQUEST, form, context | {"declining": ReasonForm()})
    made = certificates.issue(request=context["asked"], by=user, remarks=form.cleaned_data["remarks"])
    messages.success(request, f"已出具，编号{made.number}。请打印并盖章。")
    return redirect("desk:certificate", made.pk)


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    context, form = _asked(user, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, REQUEST, context | {"form": IssueForm(), "declining": form}, status=400)
    certificates.decline(request=context["asked"], reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已登记为不出具，本人会收到消息。")
    return redirect("desk:certificates")


@require_safe
@staff_page
def certificate(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return page(request, ONE, _shown(user, pk) | {"form": ReasonForm()})


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return page(request, "desk/activities/certificate_print.html", _shown(user, pk))


@require_POST
@staff_page
def revoke(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    context, form = _shown(user, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    certificates.revoke(certificate=context["certificate"], reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已作废，扫码核对会显示已作废，本人会收到消息。")
    return redirect("desk:certificate", pk)


def _asked(user: User, pk: int) -> dict[str, Any]:
    rows = CertificateRequest.objects.for_staff(user)
    mine = get_object_or_404(
        rows.select_related("community", "resident", "asked_by", "decided_by", "certificate"), pk=pk
    )
    lines = list(_lines(mine))
    return SECTION | {
        "asked": mine, "lines": lines, "refused": certificates.refusal_to_issue(mine, user),
        "hours": f"{sum(one.credited for one in lines) / 60:g}",
    }  # fmt: skip


def _lines(mine: CertificateRequest) -> Iterator[Service]:
    yield from certificates.records(mine.resident, mine.community, mine.from_on, mine.to_on)


def _shown(user: User, pk: int) -> dict[str, Any]:
    rows = Certificate.objects.for_staff(user).select_related(
        "community__sub_district", "resident", "handled_by", "issued_by", "revoked_by"
    )
    mine = get_object_or_404(rows, pk=pk)
    return SECTION | certified.sheet(mine) | {"refused": certificates.refusal_to_revoke(mine, user)}
