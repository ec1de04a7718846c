"""One click and you are somebody else. Mounted only with DEMO=1, and only this machine may come (demo/loopback.py)."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from communities import landing
from communities.acting import act_for
from communities.models import Helper, Resident, User
from communities.sessions import enter
from core.pages import page, wanted
from demo.cast import Colleague, Known, Merchant, Relative
from demo.roles import BY_CODE, ROLES
from partners.models import Clerk


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who one may be."""
    return page(request, "demo/sign_in.html", {"roles": ROLES, "next": wanted(request, otherwise=""), "tab": "me"})


@require_POST
def become(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in as the role's person; then to the page that was wanted, or to the first page of that role."""
    role = BY_CODE.get(code)
    if role is None:
        raise Http404
    first_page = _become(request, role.person)
    answer = redirect(wanted(request, otherwise=first_page))
    answer.set_cookie("size", role.size, samesite="Lax", httponly=True)
    return answer


def _become(request: HttpRequest, person: Known | Relative | Colleague | Merchant) -> str:
    if isinstance(person, Colleague):
        return _as_staff(request, person.username)
    if isinstance(person, Merchant):
        return _as_merchant(request, person)
    return _as_resident(request, person) if isinstance(person, Known) else _as_helper(request, person)


def _as_helper(request: HttpRequest, person: Relative) -> str:
    mine = Helper.objects.current().filter(account__phone=person.phone, resident__name=person.helps.name)
    helper = get_object_or_404(mine.select_related("account", "resident"))
    enter(request, helper.account)
    act_for(request, helper.resident)
    return resolve_url("home")


def _as_resident(request: HttpRequest, person: Known) -> str:
    found = Resident.objects.select_related("account").exclude(account=None)
    resident = get_object_or_404(found, name=person.name, phone=person.phone)
    enter(request, cast(User, resident.account))
    act_for(request, resident)
    return resolve_url("home")


def _as_merchant(request: HttpRequest, person: Merchant) -> str:
    account = get_object_or_404(User, phone=person.phone, clerkships__slot=Clerk.OWNER, clerkships__removed_at=None)
    enter(request, account)
    return resolve_url("merchant:today")


def _as_staff(request: HttpRequest, username: str) -> str:
    account = get_object_or_404(User, username=username)
    enter(request, account)
    return landing.of(account) or resolve_url("desk:home")
