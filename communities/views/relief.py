"""优待 on 我的: what is recorded for oneself and the children, until when, and which kind; agreeing is one tap; what ends
with taking it back is said before."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities import consents, guardians, wards
from communities.hardship import family
from communities.models import Consent, Resident, User
from communities.ownership import own_page
from core.pages import page


@require_safe
@own_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    """The children for whom this phone answers, and the own file; read by nobody else's phone."""
    files = family.files_of(cast(User, request.user))
    return page(request, "communities/relief.html", {"files": files, "tab": "me"})


@require_POST
@own_page
def agree(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    account, about = cast(User, request.user), _about(request, pk)
    if about.child:
        guardians.agree(child=about.resident, by=account, purpose=Consent.Purpose.CARE_RELIEF)
    else:
        consents.give(resident=about.resident, purpose=Consent.Purpose.HARDSHIP, by=account, way=Consent.Way.TAP)
    messages.success(request, "已记录您的同意。请带证件到社区窗口登记，或请社区在系统里查询。")
    return redirect("me-relief")


@require_POST
@own_page
def withdraw(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    account, about = cast(User, request.user), _about(request, pk)
    if "sure" not in request.POST:
        said = f"{about.resident.name}{wards.OUTCOMES[Consent.Purpose.CARE_RELIEF][1]}登记的内容随后删除。"
        context = {"title": "登记优待减免", "purpose": "", "said": said, "back": reverse("me-relief")}
        return page(request, "communities/consent_withdraw.html", context)
    if about.child:
        guardians.withdraw(child=about.resident, by=account, purpose=Consent.Purpose.CARE_RELIEF)
    else:
        consents.withdraw(resident=about.resident, purpose=Consent.Purpose.HARDSHIP, by=account)
    messages.success(request, "已撤回。从下一张账单起不再减免，以前的不追回，登记的内容随后删除。")
    return redirect("me-relief")


def _about(request: HttpRequest, pk: int) -> family.About:
    """Of this phone, else 404."""
    found = family.about(cast(User, request.user), pk)
    if found is None:
        raise Http404
    return found
