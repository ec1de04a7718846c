"""我的证照, on the owner's phone: what there is, until when, and a newer one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core import clock
from core.pages import form_page, keep_form
from partners.agreements import licences as papers
from partners.licence_form import LicenceForm
from partners.merchant.door import owner_page
from partners.models import Clerk


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def licences(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The POST sends a newer one, which counts once a colleague has seen the original."""
    partner, account = clerk.partner, clerk.account
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LicenceForm(*given, partner=partner, by=account)
    rows = list(partner.licences.current().order_by("kind", "pk"))
    missing = [one.label for one in papers.missing(partner, rows)]
    context = {
        "clerk": clerk,
        "rows": rows,
        "missing": missing,
        "down": papers.turned_down(partner, rows),
        "today": clock.today(),
        "tab": "more",
    }
    if not form.is_valid():
        return form_page(request, "merchant/licences.html", form, context)
    keep_form(request, "merchant/licences.html", form, context)
    made = papers.send(partner=partner, sent=form.sent(), by=account)
    messages.success(request, f"{made}已提交，社区对照原件核对后生效。")
    return redirect("merchant:licences")
