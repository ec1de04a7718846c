"""One's own password and second factor."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities import passwords, secondfactor
from communities.forms import PasswordForm, TokenForm
from communities.guards import staff_account_page, staff_page
from communities.models import User
from core.pages import form_page, keep_form, wanted


@require_http_methods(["GET", "HEAD", "POST"])
@staff_account_page
def password(request: HttpRequest, user: User) -> HttpResponse:
    """A new password ends every other session of this account."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/password.html", form)
    keep_form(request, "desk/communities/password.html", form)
    changed = passwords.change(user=user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    update_session_auth_hash(request, changed)
    messages.success(request, "密码已修改，其他电脑上的登录已退出。")
    return redirect(wanted(request, reverse("desk:home")))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def second_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Off, being switched on (the QR is shown until a code proves the app), or on."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    device = secondfactor.waiting(user)
    context = {
        "on": secondfactor.is_on(user),
        "device": device,
        "picture": secondfactor.picture(device) if device else "",
    }
    if not form.is_valid():
        return form_page(request, "desk/communities/second_factor.html", form, context)
    keep_form(request, "desk/communities/second_factor.html", form, context)
    secondfactor.confirm(user=user, token=form.cleaned_data["token"])
    messages.success(request, "两步验证已开启，下次登录要填动态码。")
    return redirect("desk:second-factor")


@require_POST
@staff_page
def second_factor_start(request: HttpRequest, user: User) -> HttpResponse:
    secondfactor.start(user=user)
    return redirect("desk:second-factor")


@require_POST
@staff_page
def second_factor_remove(request: HttpRequest, user: User) -> HttpResponse:
    """Only whoever holds the authenticator may switch it off."""
    form = TokenForm(request.POST)
    context = {"on": True}
    if not form.is_valid():
        return form_page(request, "desk/communities/second_factor.html", form, context)
    keep_form(request, "desk/communities/second_factor.html", form, context)
    secondfactor.check(user=user, token=form.cleaned_data["token"])
    secondfactor.remove(user=user)
    messages.success(request, "两步验证已关闭，登录只需密码。")
    return redirect("desk:second-factor")
