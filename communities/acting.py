"""For whom a signed-in phone acts: one phone may serve several residents."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from communities.models import Community, Resident, User

SESSION_KEY = "acting"
ACTIVE = (Resident.Status.PENDING, Resident.Status.CONFIRMED)


def resident_of(request: HttpRequest) -> Resident | None:
    """The resident whom this session acts for, as long as the account still serves that resident; read once a request."""
    if not hasattr(request, "_acting"):
        request._acting = _chosen(request)  # type: ignore[attr-defined]
    return cast("Resident | None", request._acting)  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> Resident | None:
    chosen = request.session.get(SESSION_KEY)
    if chosen is None or not request.user.is_authenticated:
        return None
    mine = Resident.objects.filter(account_id=request.user.pk, status__in=ACTIVE)
    return mine.select_related("community__sub_district", "account").filter(pk=chosen).first()


def residents_of(user: User) -> list[Resident]:
    """Everyone whom this account may act for."""
    mine = Resident.objects.filter(account=user, status__in=ACTIVE)
    return list(mine.select_related("community").order_by("pk"))


def act_for(request: HttpRequest, resident: Resident) -> None:
    """From now on this session acts for `resident`."""
    request.session[SESSION_KEY] = resident.pk
    request._acting = resident  # type: ignore[attr-defined]


def acting(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `acting`, the `community` whose name and phone it shows, whether staff `serves` anywhere."""
    resident = resident_of(request) if hasattr(request, "session") else None
    community = resident.community if resident else SimpleLazyObject(lambda: _community_of(request))
    return {"acting": resident, "community": community, "serves": SimpleLazyObject(lambda: bool(_served_in(request)))}


def _community_of(request: HttpRequest) -> Community | None:
    """At the desk the one community that the reader works for (None: several); else the first that one may join."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.is_desk_user:
        mine = _served_in(request) or list(Community.objects.for_books(user)[:2])
        return mine[0] if len(mine) == 1 else None
    return Community.objects.joinable().first()


def _served_in(request: HttpRequest) -> list[Community]:
    """Two of the communities where the reader serves at the desk; none for finance, whose menu is short."""
    if not hasattr(request, "_served"):
        user = getattr(request, "user", None)
        serves = isinstance(user, User) and user.is_desk_user
        request._served = list(Community.objects.for_staff(cast(User, user))[:2]) if serves else []  # type: ignore[attr-defined]
    return cast("list[Community]", request._served)  # type: ignore[attr-defined]
