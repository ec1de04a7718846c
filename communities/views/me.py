"""我的: who one is, one's number, the size of letters."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import consents, devices, phones, sessions, signin
from communities.acting import residents_of
from communities.forms import CodeForm, NewPhoneForm
from communities.guards import account_page, resident_page
from communities.models import Resident, User
from communities.ownership import is_own
from core.pages import SIZES, came_from, form_page, keep_form, page

ASKED = "new_phone"
YEAR = 365 * 24 * 3600


@require_safe
@resident_page
def me(request: HttpRequest, resident: Resident) -> HttpResponse:
    """Everything about oneself, one tap away."""
    others = len(residents_of(cast(User, request.user))) > 1
    asks_again = is_own(request.user, resident) and consents.asks_again(cast(User, request.user))
    context = {"resident": resident, "others": others, "asks_again": asks_again, "tab": "me"}
    return page(request, "communities/me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def new_phone(request: HttpRequest, account: User) -> HttpResponse:
    """A resident's number changes: a code goes to the new one."""
    form = NewPhoneForm(request.POST if request.method == "POST" else None)
    context = {"account": account, "tab": "me"}
    if not form.is_valid():
        return form_page(request, "communities/new_phone.html", form, context)
    keep_form(request, "communities/new_phone.html", form, context)
    sessions.ask(request, ASKED, form.cleaned_data["phone"])
    return redirect("me-phone-code")


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def new_phone_code(request: HttpRequest, account: User) -> HttpResponse:
    """The code proves the new number."""
    asked = sessions.asked(request, ASKED)
    if asked is None:
        return redirect("me-phone")
    form = CodeForm(request.POST if request.method == "POST" else None)
    context = {"asked": asked, "again": reverse("me-phone"), "title": "验证新手机号", "tab": "me"}
    if not form.is_valid():
        return form_page(request, "communities/code.html", form, context)
    keep_form(request, "communities/code.html", form, context)
    signin.prove(phone=asked.phone, browser=asked.browser, code=form.cleaned_data["code"])
    phones.change(account=account, phone=asked.phone)
    sessions.done(request, ASKED)
    messages.success(request, "手机号已更换，下次请用新号码登录。积分和报名都没有变。")
    return devices.remember(request, redirect("me"), asked.phone)


@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """长辈版 or 标准版, kept by this browser for a year."""
    chosen = request.POST.get("size", "")
    answer = redirect(came_from(request))
    answer.set_cookie(
        "size", chosen if chosen in SIZES else "standard", max_age=YEAR, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep, what for, how long, and what people may ask of us."""
    return page(request, "communities/privacy.html", {"version": consents.PERSONAL_DATA_VERSION, "tab": "me"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or the browser keeps no cookies."""
    return page(request, "403_csrf.html", status=403)
