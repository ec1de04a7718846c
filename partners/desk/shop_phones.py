"""店员手机 at the desk: whose phones serve for a partner; the head says whose is the owner's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form
from partners.desk.voucher_forms import OwnerForm
from partners.models import Clerk, Partner
from partners.vouchers import clerks


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def phones(request: HttpRequest, user: User, partner_id: int) -> HttpResponse:
    shop = get_object_or_404(Partner.objects.for_staff(user), pk=partner_id)
    form = OwnerForm(request.POST if request.method == "POST" else None, user=user)
    rows = Clerk.objects.filter(partner=shop).select_related("account", "added_by", "removed_by")
    context = {"section": "partners", "shop": shop, "rows": rows.order_by("removed_at", "slot", "-pk")[:50]}
    if not form.is_valid():
        return form_page(request, "desk/partners/shop_phones.html", form, context)
    keep_form(request, "desk/partners/shop_phones.html", form, context)
    clerks.set_owner(partner=shop, by=user, **form.cleaned_data)
    messages.success(request, "店主手机已登记，用这个手机号登录就能使用商户页面。")
    return redirect("desk:shop-phones", partner_id)
