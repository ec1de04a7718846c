"""The merchants' doors: a page passes the `Clerk`, the phone that serves for one partner. Whoever serves for several chooses."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from communities.guards import account_page, to_and_back
from communities.models import User
from partners.models import Clerk
from partners.vouchers.clerks import NotAMerchant, OwnerOnly, of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
ClerkView = Callable[Concatenate[HttpRequest, Clerk, P], HttpResponse]
SESSION_KEY = "shop"


def serve_for(request: HttpRequest, clerk: Clerk) -> None:
    """From now on this session serves for that partner."""
    request.session[SESSION_KEY] = clerk.partner_id


def clerk_of(request: HttpRequest, mine: list[Clerk]) -> Clerk | None:
    """The one whom this session serves for: the chosen one, or the only one."""
    chosen = request.session.get(SESSION_KEY)
    return next((one for one in mine if one.partner_id == chosen), mine[0] if len(mine) == 1 else None)


def merchant_page(view: ClerkView[P]) -> View[P]:
    """Signed out → sign in and back. Refuses `NotAMerchant`; who serves for several partners chooses first."""

    @wraps(view)
    @account_page
    def guarded(request: HttpRequest, account: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        mine = of(account)
        if not mine:
            raise NotAMerchant
        clerk = clerk_of(request, mine)
        if clerk is None:
            return to_and_back(request, "merchant:choose")
        return view(request, clerk, *args, **kwargs)

    return guarded


def owner_page(view: ClerkView[P]) -> View[P]:
    """As `merchant_page`; refuses `OwnerOnly` to the shop's phones."""

    @wraps(view)
    @merchant_page
    def guarded(request: HttpRequest, clerk: Clerk, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not clerk.is_owner:
            raise OwnerOnly
        return view(request, clerk, *args, **kwargs)

    return guarded
