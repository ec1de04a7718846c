"""证明 on the phone: asking for one, reading and printing one's own; and the page on which everybody checks one."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import certificates, certified
from activities.models import Certificate, CertificateRequest
from activities.views.certificates_forms import AskForm
from communities import limits
from communities.models import Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import form_page, keep_form, page

TEMPLATE = "activities/certificates.html"
CHECKS, WINDOW = 60, timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    """What was issued, what was asked for, and the form that asks; the own account alone, for papers bear a document."""
    units = certificates.units_of(resident)
    asked = CertificateRequest.objects.filter(resident=resident, certificate=None).select_related("community")
    context = {
        "tab": "me", "resident": resident, "units": units, "issued": certified.mine(resident),
        "asked": asked.order_by("-pk")[:10],
    }  # fmt: skip
    form = AskForm(request.POST if request.method == "POST" else None, units=units, today=clock.today())
    if not form.is_valid():
        return form_page(request, TEMPLATE, form, context)
    keep_form(request, TEMPLATE, form, context)
    certificates.ask(resident=resident, by=cast(User, request.user), **form.asked())
    messages.success(request, "申请已提交。社区主任出具后，您会收到消息。")
    return redirect("activities:certificates")


@require_POST
@own_page
def withdraw(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    asked = get_object_or_404(CertificateRequest, pk=pk, resident=resident)
    certificates.withdraw(request=asked, by=cast(User, request.user))
    messages.success(request, "申请已撤回。")
    return redirect("activities:certificates")


@require_safe
@own_page
def paper(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """A4, as staff print it; the seal is put on at the counter."""
    own = Certificate.objects.select_related("community__sub_district", "resident", "handled_by", "issued_by")
    found = get_object_or_404(own, pk=pk, resident=resident)
    return page(request, "activities/certificate_paper.html", certified.sheet(found))


@require_safe
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Open to everybody who holds the paper, and counted."""
    limits.hit(f"certificate:{limits.address_of(request)}", limit=CHECKS, window=WINDOW)
    if not Certificate.objects.filter(token=token).exists():
        return page(request, "activities/certificate_unknown.html", status=404)
    shown = certified.check(token)
    answer = page(request, "activities/certificate_check.html", {"check": shown, "community": shown.issuer})
    answer["Cache-Control"], answer["X-Robots-Tag"], answer["Referrer-Policy"] = "no-store", "noindex", "no-referrer"
    return answer
