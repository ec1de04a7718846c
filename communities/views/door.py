"""Signing in by phone and code, and out again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities import devices, helping, landing, phones, sessions, signin
from communities.acting import act_for, residents_of
from communities.forms import CodeForm, NameForm, PhoneForm
from communities.guards import needs_no_file
from communities.models import User
from core.pages import form_page, keep_form, wanted

ASKED = "sign_in"
NAME = "name"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The phone, and a code to it."""
    if isinstance(request.user, User) and request.user.kind == User.Kind.RESIDENT:
        return _settle(request, request.user)
    form = PhoneForm(request.POST if request.method == "POST" else None)
    context = {"asked": sessions.asked(request, ASKED), "tab": "me"}
    if not form.is_valid():
        return form_page(request, "communities/sign_in.html", form, context)
    keep_form(request, "communities/sign_in.html", form, context)
    sessions.ask(request, ASKED, form.cleaned_data["phone"])
    return _on(request, "sign-in-code")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code; a number that was silent for half a year is asked for a name as well."""
    asked = sessions.asked(request, ASKED)
    if asked is None:
        return _on(request, "sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    context = {"asked": asked, "again": _address(request, "sign-in"), "title": "填写验证码", "tab": "me"}
    if not form.is_valid():
        return form_page(request, "communities/code.html", form, context)
    keep_form(request, "communities/code.html", form, context)
    account = signin.check_code(phone=asked.phone, browser=asked.browser, code=form.cleaned_data["code"])
    sessions.done(request, ASKED)
    if signin.dormant(account) and helping.people_of(account):
        sessions.hold(request, NAME, account)
        return _on(request, "sign-in-name")
    landing.came_by_code(account)
    return _come_in(request, account)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_name(request: HttpRequest) -> HttpResponse:
    """Numbers change hands: whoever holds this one must know the name of somebody it served."""
    account = sessions.held(request, NAME)
    if account is None:
        return _on(request, "sign-in")
    form = NameForm(request.POST if request.method == "POST" else None)
    context = {"next": wanted(request), "tab": "me"}
    if not form.is_valid():
        return form_page(request, "communities/name.html", form, context)
    keep_form(request, "communities/name.html", form, context)
    phones.check_name(account=account, name=form.cleaned_data["name"])
    return _come_in(request, account)


@require_POST
def not_mine(request: HttpRequest) -> HttpResponse:
    """The number is new to this person: the old account is closed, and a new one begins."""
    account = sessions.held(request, NAME)
    if account is None:
        return _on(request, "sign-in")
    return _come_in(request, phones.disown(account=account))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends here and on the server."""
    logout(request)
    messages.success(request, "已退出登录。")
    return redirect("home")


def _come_in(request: HttpRequest, account: User) -> HttpResponse:
    sessions.enter(request, account)
    return devices.remember(request, _settle(request, account), account.phone or "")


def _settle(request: HttpRequest, account: User) -> HttpResponse:
    """Nobody to act for: join. One: act for that one. Several: choose. Then back to the page that was wanted.

    Whoever was on the way to a page that needs no file goes straight back to it. A merchant's phone has none anywhere: it
    goes wherever it wanted, and a page for residents asks it to join.
    """
    mine, there = residents_of(account), wanted(request, "")
    if not mine and there and needs_no_file(there):
        return redirect(there)
    if not mine and (landed := landing.of(account)):
        return redirect(wanted(request, landed))
    if len(mine) != 1:
        return _on(request, "choose" if mine else "join")
    act_for(request, mine[0])
    return redirect(wanted(request))


def _on(request: HttpRequest, name: str) -> HttpResponse:
    return redirect(_address(request, name))


def _address(request: HttpRequest, name: str) -> str:
    there = wanted(request, "")
    return reverse(name) + (f"?{urlencode({'next': there})}" if there else "")
