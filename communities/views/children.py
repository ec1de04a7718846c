"""孩子 on 我的: for whom the guardian answers, what was agreed to, and taking it back; what ends with it is said before."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities import guardians, wards
from communities.models import Consent, Guardian, Resident, User
from communities.ownership import own_page
from communities.silencing import silenced
from core import clock
from core.pages import page


@require_safe
@own_page
def children(request: HttpRequest, resident: Resident) -> HttpResponse:
    mine = guardians.children_of(cast(User, request.user))
    today = clock.today()
    ages = [(one, one.child.age_on(today)) for one in mine]
    rows = [(one, age, wards.asked_of(one.child, age, care=not silenced(one.child, one.guardian))) for one, age in ages]
    return page(request, "communities/children.html", {"rows": rows, "tab": "me"})


@require_POST
@own_page
def agree(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    child, purpose = _child(request, pk), _purpose(request)
    guardians.agree(child=child, by=cast(User, request.user), purpose=purpose)
    messages.success(request, f"已记录您的同意，{child.name}{wards.OUTCOMES[purpose][0]}随时可以在这里撤回。")
    return redirect("me-children")


@require_POST
@own_page
def withdraw(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """At once; of childcare, where something ends with it, once that was read."""
    child, purpose = _child(request, pk), _purpose(request)
    if purpose in wards.ENDS and "sure" not in request.POST:
        said = f"{child.name}{wards.OUTCOMES[purpose][1]}"
        context = {"title": wards.TITLES[purpose], "purpose": purpose, "said": said, "back": reverse("me-children")}
        return page(request, "communities/consent_withdraw.html", context)
    guardians.withdraw(child=child, by=cast(User, request.user), purpose=purpose)
    messages.success(request, f"已撤回。{child.name}{wards.OUTCOMES[purpose][1]}")
    return redirect("me-children")


def _child(request: HttpRequest, pk: int) -> Resident:
    """The child of this account, else 404."""
    mine = Guardian.objects.current().filter(guardian__account=cast(User, request.user))
    return get_object_or_404(mine.select_related("child__community"), child=pk).child


def _purpose(request: HttpRequest) -> Consent.Purpose:
    purpose = wards.named(request.POST.get("purpose"))
    if purpose is None:
        raise Http404
    return purpose
