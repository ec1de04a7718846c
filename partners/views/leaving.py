"""Public: which partners have left, and stars for a voucher that was used."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import open_page, resident_page
from communities.models import Community, Resident, User
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Leaving, Voucher
from partners.obligation_forms import StarsForm
from partners.obligations import rating

PAGE = 20


@require_safe
@open_page
def ended(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Those that left a community of the reader's sub-district, the newest first; the reason is nobody else's business."""
    community = resident.community if resident else Community.objects.joinable().first()
    near = Community.objects.filter(sub_district=community.sub_district_id if community else None)
    found = Leaving.objects.filter(status=Leaving.Status.DONE, agreement__community__in=near)
    found, before = found.select_related("agreement__partner", "agreement__community").order_by("-pk"), place(request)
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    return page(request, "partners/ended.html", {"tab": "home", "rows": rows, "following": following})


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def rate(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    own = Voucher.objects.of(resident).select_related("offer", "partner", "community")
    voucher, form = get_object_or_404(own, pk=pk), StarsForm(request.POST if request.method == "POST" else None)
    account = cast(User, request.user)
    context = {"voucher": voucher, "refused": rating.refusal_for(voucher, resident, account), "tab": "me"}
    if not form.is_valid():
        return form_page(request, "partners/rate.html", form, context)
    keep_form(request, "partners/rate.html", form, context)
    rating.rate(voucher=voucher, resident=resident, by=account, **form.cleaned_data)
    messages.success(request, "已提交，谢谢您的评价。")
    return redirect("vouchers:detail", pk)
