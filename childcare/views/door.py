"""The family's door: a page passes the adult who answers for children, also when the phone acts for a child just now."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse

from childcare.speaking import speaker_for
from communities.guards import resident_page
from communities.models import Guardian, Resident, User
from communities.ownership import OwnersOnly

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
FamilyView = Callable[Concatenate[HttpRequest, Resident, P], HttpResponse]


def family_page(view: FamilyView[P]) -> View[P]:
    """As `resident_page`, for the account's own person. Who helps somebody else is refused `OwnersOnly`."""

    @wraps(view)
    @resident_page
    def guarded(request: HttpRequest, resident: Resident, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, adult(request, resident), *args, **kwargs)

    return guarded


def adult(request: HttpRequest, acting: Resident) -> Resident:
    """Who sits before the phone: the acting person, or of a child without a phone the guardian. Refuses `OwnersOnly`."""
    account = cast(User, request.user)
    if acting.account_id == account.pk:
        return acting
    guardian = speaker_for(acting, account)
    if guardian is None:
        raise OwnersOnly
    return Resident.objects.select_related("community__sub_district", "account").get(pk=guardian.pk)


def child_of(request: HttpRequest, pk: int) -> Guardian:
    """The guardianship by which this account speaks for the child, else 404: also for a guardian whom a bar names."""
    mine = Guardian.objects.current().filter(guardian__account=cast(User, request.user), guardian__status="confirmed")
    found = mine.filter(child=pk).select_related("child__community__sub_district", "guardian").order_by("pk").first()
    if found is None or speaker_for(found.child, cast(User, request.user)) is None:
        raise Http404
    return found
