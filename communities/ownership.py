"""Whose word it is: what only the resident says for oneself, and no family helper says instead (domain guide, 16)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from communities.guards import resident_page
from communities.models import Guardian, Resident, User
from communities.silencing import silenced
from core.refusals import Refused

P = ParamSpec("P")
ResidentView = Callable[Concatenate[HttpRequest, Resident, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class OwnersOnly(Refused):
    """A helper looks, enrols and cancels; agreeing, objecting, leaving and one's own data stay with the resident."""

    code = "owners_only"
    message = "这件事要由本人办理，亲友不能代办，什么都没有改动。请本人用自己的手机办理，或一起到社区窗口。"
    status = 403


def is_own(user: User | AnonymousUser, resident: Resident) -> bool:
    """Whether `user` is the account by which `resident` signs in, or their guardian's, and not a helper's.

    No query but for a file without an account of its own: of a child the guardian says what others say for themselves
    (儿童个人信息网络保护规定), until it has one; but not who is kept away from it by a paper.
    """
    if resident.account_id is not None or not isinstance(user, User) or user.kind != User.Kind.RESIDENT:
        return user.pk is not None and resident.account_id == user.pk
    mine = Guardian.objects.acting(user).filter(child=resident).select_related("guardian").first()
    return mine is not None and not silenced(resident, mine.guardian)


def require_own(user: User | AnonymousUser, resident: Resident) -> None:
    """Refuses `OwnersOnly` unless `is_own`."""
    if not is_own(user, resident):
        raise OwnersOnly


def own_page(view: ResidentView[P]) -> View[P]:
    """As `resident_page`, for the resident's own account alone: a helper who acts for somebody is refused `OwnersOnly`."""

    @wraps(view)
    @resident_page
    def guarded(request: HttpRequest, resident: Resident, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        require_own(request.user, resident)
        return view(request, resident, *args, **kwargs)

    return guarded
