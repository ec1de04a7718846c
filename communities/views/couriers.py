"""小哥驿站 on the phone: registering, how the registration stands, and leaving."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities import couriers
from communities.courier_forms import RegisterForm
from communities.guards import resident_page
from communities.models import Courier, Resident, User
from core import clock
from core.pages import form_page, keep_form

TEMPLATE = "communities/couriers.html"


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    form = RegisterForm(request.POST if request.method == "POST" else None)
    standing = couriers.standing(resident)
    context = {
        "tab": "me", "resident": resident, "courier": standing, "last": _last(resident) if standing is None else None,
        "refused": couriers.refusal_to_register(resident, clock.now()) if standing is None else None,
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, TEMPLATE, form, context)
    keep_form(request, TEMPLATE, form, context)
    couriers.register(resident=resident, by=cast(User, request.user), **form.cleaned_data)
    messages.success(request, "已提交。社区一般两个工作日内审核，结果会发消息给您。")
    return redirect("couriers")


def _last(resident: Resident) -> Courier | None:
    return Courier.objects.filter(resident=resident).order_by("-pk").first()


@require_POST
@resident_page
def end(request: HttpRequest, resident: Resident) -> HttpResponse:
    standing = couriers.standing(resident)
    if standing is None:
        raise couriers.NotRiding
    couriers.end(courier=standing, reason="本人提出", by=cast(User, request.user))
    messages.success(request, "小哥登记已结束，已得的积分不变。")
    return redirect("couriers")
