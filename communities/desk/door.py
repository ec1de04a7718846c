"""Staff come in by name, password and, where it is switched on, a code; and go."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities import passwords, secondfactor, sessions
from communities.forms import StaffSignInForm, TokenForm
from communities.limits import address_of
from communities.models import User
from core.pages import form_page, keep_form, wanted

TOKEN = "token"  # noqa: S105  the name of a step
Forms = ["GET", "HEAD", "POST"]


@require_http_methods(Forms)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    if isinstance(request.user, User) and request.user.is_desk_user:
        return _to_work(request)
    form = StaffSignInForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/sign_in.html", form)
    keep_form(request, "desk/communities/sign_in.html", form)
    user = passwords.check(**form.cleaned_data, address=address_of(request))
    if not secondfactor.is_on(user):
        sessions.enter(request, user)
        return _to_work(request)
    sessions.hold(request, TOKEN, user)
    return redirect(f"{reverse('desk:sign-in-code')}?{request.GET.urlencode()}")


@require_http_methods(Forms)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """What the authenticator shows now."""
    user = sessions.held(request, TOKEN)
    if user is None:
        return redirect("desk:sign-in")
    form = TokenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/sign_in_code.html", form)
    keep_form(request, "desk/communities/sign_in_code.html", form)
    secondfactor.check(user=user, token=form.cleaned_data["token"])
    sessions.enter(request, user)
    return _to_work(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends here and on the server."""
    logout(request)
    return redirect("desk:sign-in")


def _to_work(request: HttpRequest) -> HttpResponse:
    return redirect(wanted(request, reverse("desk:home")))
