"""店员手机: the owner adds up to five and removes any at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import form_page, keep_form
from partners.merchant.door import owner_page
from partners.merchant.voucher_forms import ClerkForm
from partners.models import Clerk
from partners.vouchers import clerks


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def phones(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    form = ClerkForm(request.POST if request.method == "POST" else None)
    rows = Clerk.objects.current().filter(partner=clerk.partner).select_related("account").order_by("slot")
    context = {"clerk": clerk, "tab": "more", "rows": rows, "full": len(rows) > Clerk.MOST, "most": Clerk.MOST}
    if not form.is_valid():
        return form_page(request, "merchant/phones.html", form, context)
    keep_form(request, "merchant/phones.html", form, context)
    made = clerks.add(owner=clerk, by=clerk.account, **form.cleaned_data)
    messages.success(request, f"已添加“{made}”，用这个手机号登录就能核销。")
    return redirect("merchant:phones")


@require_POST
@owner_page
def remove(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    theirs = get_object_or_404(Clerk.objects.current().filter(partner=clerk.partner), pk=pk)
    gone = clerks.remove(clerk=theirs, owner=clerk, by=clerk.account)
    messages.success(request, f"已移除“{gone}”，这个手机马上不能再核销。")
    return redirect("merchant:phones")
