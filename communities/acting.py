"""For whom a signed-in phone acts: those whom the account serves, its children (guardians.py), and whom it helps (helping.py)."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from communities.models import Community, Guardian, Helper, Resident, User

SESSION_KEY = "acting"
ACTIVE = (Resident.Status.PENDING, Resident.Status.CONFIRMED)


def resident_of(request: HttpRequest) -> Resident | None:
    """The resident whom this session acts for, as long as the account still may; read once a request."""
    if not hasattr(request, "_acting"):
        request._acting = _chosen(request)  # type: ignore[attr-defined]
    return cast("Resident | None", request._acting)  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> Resident | None:
    chosen = request.session.get(SESSION_KEY)
    # The pages that describe REST are read without a session's user: there is none, not even an anonymous one.
    if chosen is None or not isinstance(request.user, User):
        return None
    mine = Resident.objects.filter(
        Q(account=request.user.pk) | Q(pk__in=_others(request.user)), pk=chosen, status__in=ACTIVE
    )
    return mine.select_related("community__sub_district", "account").first()


def residents_of(user: User) -> list[Resident]:
    """Everyone whom this account may act for, its own people first."""
    # A union, because with OR beside a subquery the planner reads every resident instead of two indexes.
    either = Resident.objects.filter(account=user).values_list("pk", flat=True).union(_others(user))
    mine = Resident.objects.filter(pk__in=either, status__in=ACTIVE)
    return sorted(mine.select_related("community").order_by("pk"), key=lambda one: one.account_id != user.pk)


def own_residents(user: User) -> list[Resident]:
    """Everyone whom this account signs in for, without those whom it only helps."""
    return [one for one in residents_of(user) if one.account_id == user.pk]


def _others(user: User) -> "QuerySet[Any, int]":
    helped = Helper.objects.current().filter(account=user).values_list("resident", flat=True)
    return helped.union(Guardian.objects.acting(user).values_list("child", flat=True))


def is_helping(request: HttpRequest) -> bool:
    """Whether this session acts for somebody whom its account only helps."""
    resident = resident_of(request)
    return resident is not None and resident.account_id != request.user.pk and not is_guarding(request)


def is_guarding(request: HttpRequest) -> bool:
    """Whether this session acts for a child whose guardian its account is; read once a request."""
    resident, user = resident_of(request), request.user
    if resident is None or resident.account_id is not None or not isinstance(user, User):
        return False
    if not hasattr(request, "_guarding"):
        request._guarding = Guardian.objects.acting(user).filter(child=resident).exists()  # type: ignore[attr-defined]
    return bool(request._guarding)  # type: ignore[attr-defined]


def act_for(request: HttpRequest, resident: Resident) -> None:
    """From now on this session acts for `resident`."""
    request.session[SESSION_KEY] = resident.pk
    request._acting = resident  # type: ignore[attr-defined]


def acting(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `acting`, whether as a helper or guardian, the `community`, whether staff `serves` anywhere."""
    resident = resident_of(request) if hasattr(request, "session") else None
    community = resident.community if resident else SimpleLazyObject(lambda: _community_of(request))
    return {
        "acting": resident,
        "helping": resident is not None and is_helping(request),
        "guarding": resident is not None and is_guarding(request),
        "community": community,
        "serves": SimpleLazyObject(lambda: bool(_served_in(request))),
    }


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
