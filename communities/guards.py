"""Doors: who may open a page. What a person then sees is decided by QuerySet scopes, and what is done by verbs."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve

from communities.acting import act_for, resident_of, residents_of
from communities.models import Resident, User
from communities.sessions import owes_factor, owes_password, proved, stay
from core.refusals import Refused

P = ParamSpec("P")
AccountView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
ResidentView = Callable[Concatenate[HttpRequest, Resident, P], HttpResponse]
OpenView = Callable[Concatenate[HttpRequest, Resident | None, P], HttpResponse]
StaffView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
NO_FILE = "no_file"  # the mark of a page that opens to an account without a resident's file as well


class StaffOnly(Refused):
    code = "staff_only"
    message = "这一页只供社区工作人员使用。请用工作人员账号登录。"
    status = 403


class ResidentsOnly(Refused):
    code = "residents_only"
    message = "这一页供居民使用。您现在用的是工作人员账号，请退出后用手机号登录。"
    status = 403


def account_page(view: AccountView[P]) -> View[P]:
    """Passes the account of a signed-in phone, whether or not it serves anybody yet. Signed out → sign in and straight back."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_and_back(request, "sign-in")
        account = request.user
        if account.kind != User.Kind.RESIDENT:
            raise ResidentsOnly
        stay(request, account)
        return kept_private(view(request, account, *args, **kwargs))

    guarded.__dict__[NO_FILE] = True
    return guarded


def needs_no_file(address: str) -> bool:
    """Whether that page of this site opens to an account that serves nobody. Nothing is kept of who only looked."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return False
    return NO_FILE in vars(found.func)


def resident_page(view: ResidentView[P]) -> View[P]:
    """Passes the acting resident. Signed out → sign in and come back; nobody chosen → choose or join, and come back."""

    @account_page
    def for_account(request: HttpRequest, account: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        resident = _acting(request)
        if resident is None:
            return to_and_back(request, "choose" if residents_of(account) else "join")
        return view(request, resident, *args, **kwargs)

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_and_back(request, "sign-in")
        return for_account(request, *args, **kwargs)

    return guarded


def open_page(view: OpenView[P]) -> View[P]:
    """Passes the acting resident, or None: a visitor, or an account that has not said for whom it acts."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, _acting(request), *args, **kwargs)

    return opened


def _acting(request: HttpRequest) -> Resident | None:
    """The acting resident; an account that serves just one resident begins to act for that one."""
    resident = resident_of(request)
    if resident is None and request.user.is_authenticated:
        mine = residents_of(request.user)
        if len(mine) == 1:
            resident = mine[0]
            act_for(request, resident)
    return resident


def staff_page(view: StaffView[P]) -> View[P]:
    """Passes the staff user. A second factor that a duty asks for is set up before any other page opens."""

    @wraps(view)
    @staff_setup_page
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if owes_factor(request, user):
            return to_and_back(request, "desk:second-factor")
        return view(request, user, *args, **kwargs)

    return guarded


def staff_setup_page(view: StaffView[P]) -> View[P]:
    """Passes the staff user. A password that somebody else gave, or that is too old, is replaced first."""

    @wraps(view)
    @staff_account_page
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if owes_password(request, user):
            return to_and_back(request, "desk:password")
        return view(request, user, *args, **kwargs)

    return guarded


def staff_account_page(view: StaffView[P]) -> View[P]:
    """Passes the staff user. Signed out → staff sign-in and back; a resident is told that the page is for staff."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.is_desk_user and not proved(request, user):
            logout(request)
            messages.warning(request, "两步验证有变动，请重新登录。")
            return to_and_back(request, "desk:sign-in")
        if not user.is_authenticated:
            if request.method == "POST":
                messages.warning(request, "登录已过期，刚才填写的内容没有提交。登录后会回到原来的页面，请重新填写。")
            return to_and_back(request, "desk:sign-in")
        if not user.is_desk_user:
            raise StaffOnly
        stay(request, user)
        return kept_private(view(request, user, *args, **kwargs))

    return guarded


def to_and_back(request: HttpRequest, name: str) -> HttpResponse:
    """Go to `name`; afterwards the person returns to the page that was wanted (a POST returns to where it came from)."""
    return redirect(f"{resolve_url(name)}?{urlencode({'next': _wanted(request)})}")


def _wanted(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")


def kept_private(response: HttpResponse) -> HttpResponse:
    """Back after signing out, on a shared computer, must not show what the browser kept."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
