"""投诉 and 退出 on the merchant's phone: what the partner may know of complaints, and the leaving procedure."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.merchant.door import merchant_page, owner_page
from partners.models import Clerk, Complaint, Leaving
from partners.obligation_forms import OwnLeaveForm, WordForm
from partners.obligations import leaving as process

PAGE = 20
SEEN = ("pk", "kind", "at", "status", "answer", "answered_at", "upheld", "community", "community__name")


@require_safe
@merchant_page
def complaints(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Kind, day and answer: `only` these columns are read, so the words and the resident cannot be shown."""
    own = Complaint.objects.filter(partner=clerk.partner).select_related("community").only(*SEEN).order_by("-pk")
    before = place(request)
    rows, following = turned(request, list((own.filter(pk__lt=before) if before else own)[: PAGE + 1]), PAGE)
    context = {"clerk": clerk, "tab": "more", "rows": rows, "following": following}
    return page(request, "merchant/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def leaving(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Procedures so far; a POST is the owner's own wish to leave one community."""
    told = Leaving.objects.filter(agreement__partner=clerk.partner).select_related("agreement__community")
    form = OwnLeaveForm(request.POST if request.method == "POST" else None, partner=clerk.partner)
    context = {
        "clerk": clerk, "tab": "more", "rows": told.order_by("-pk")[:PAGE], "word": WordForm(), "today": clock.today(),
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "merchant/leaving.html", form, context)
    keep_form(request, "merchant/leaving.html", form, context)
    process.begin(by=clerk.account, **form.cleaned_data)
    messages.success(request, "已告诉社区，社区会和您商量后登记决定。")
    return redirect("merchant:leaving")


@require_POST
@owner_page
def answer(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = get_object_or_404(Leaving.objects.filter(agreement__partner=clerk.partner), pk=pk)
    process.answer(leaving=mine, by=clerk.account, text=request.POST.get("answer", ""))
    messages.success(request, "说明已提交，评议小组会看到。")
    return redirect("merchant:leaving")
