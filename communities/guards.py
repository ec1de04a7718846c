"""Doors: who may open a page. What a person then sees is decided by QuerySet scopes, and what is done by verbs."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from communities.acting import act_for, resident_of, residents_of
from communities.models import Resident, User
from core.refusals import Refused

P = ParamSpec("P")
ResidentView = Callable[Concatenate[HttpRequest, Resident, P], HttpResponse]
StaffView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class StaffOnly(Refused):
    code = "staff_only"
    message = "这一页只供社区工作人员使用。请用工作人员账号登录。"
    status = 403


def resident_page(view: ResidentView[P]) -> View[P]:
    """Passes the acting resident. Signed out → sign in and come back; nobody chosen → choose or join, and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_and_back(request, "sign-in")
        resident = resident_of(request)
        if resident is None:
            mine = residents_of(cast(User, request.user))
            if len(mine) != 1:
                return to_and_back(request, "choose" if mine else "join")
            resident = mine[0]
            act_for(request, resident)
        return view(request, resident, *args, **kwargs)

    return guarded


def staff_page(view: StaffView[P]) -> View[P]:
    """Passes the staff user. Signed out → staff sign-in and back; a resident is told that the page is for staff."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_and_back(request, "desk:sign-in")
        user = cast(User, request.user)
        if not user.is_desk_user:
            raise StaffOnly
        return view(request, user, *args, **kwargs)

    return guarded


def to_and_back(request: HttpRequest, name: str) -> HttpResponse:
    """Go to `name`; afterwards the person returns to the page that was wanted (a POST returns to where it came from)."""
    wanted = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    return redirect(f"{resolve_url(name)}?{urlencode({'next': wanted})}")
