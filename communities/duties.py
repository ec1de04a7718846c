"""Who may do what, where: one table of the roles, and the one question that verbs ask about staff."""

from enum import Enum
from typing import NamedTuple

from django.db.models import Q

from communities.models import Community, Duty, SubDistrict, User
from communities.models.places import CommunityQuerySet
from core.refusals import Refused

Role = Duty.Role
STAFF = (Role.HEAD, Role.WORKER, Role.STREET_ADMIN)
# Who may enter things: a program as well, since a person decides about what it entered.
ENTERING = (*STAFF, Role.CLIENT)


class Sphere(Enum):
    """业务, 审计, 系统, 监督: nobody holds duties of two of them (domain guide, 14; the trigger `duties_apart`)."""

    BUSINESS = "业务"
    AUDIT = "审计"
    SYSTEM = "系统管理"
    SUPERVISION = "监督"


class Place(Enum):
    """Where a duty may be held."""

    COMMUNITY = "社区"
    STREET = "街道"
    EITHER = "社区或街道"


class Rights(NamedTuple):
    """What a role may see and do. `files`: residents and all work with them; `books`: sums and ledgers, masked;

    `logs`: who changed what and who looked; `people`: accounts and duties. `factor`: it exports or adjusts, so it signs in
    with a second factor. `own_phone`: it decides about residents, so its own file must be known (communities/kin.py).
    """

    sphere: Sphere
    place: Place
    given_by: Role
    files: bool = False
    books: bool = False
    logs: bool = False
    people: bool = False
    factor: bool = False
    own_phone: bool = False


_BUSINESS, _STREET = Sphere.BUSINESS, Role.STREET_ADMIN
RIGHTS: dict[Role, Rights] = {
    Role.HEAD: Rights(_BUSINESS, Place.COMMUNITY, _STREET, files=True, books=True, factor=True, own_phone=True),
    Role.WORKER: Rights(_BUSINESS, Place.COMMUNITY, _STREET, files=True, books=True, own_phone=True),
    Role.FINANCE: Rights(_BUSINESS, Place.EITHER, _STREET, books=True, factor=True),
    Role.STREET_ADMIN: Rights(
        _BUSINESS, Place.STREET, _STREET, files=True, books=True, people=True, factor=True, own_phone=True
    ),
    Role.SUPERVISOR: Rights(Sphere.SUPERVISION, Place.EITHER, _STREET, books=True),
    Role.AUDITOR: Rights(Sphere.AUDIT, Place.EITHER, Role.SYSTEM_ADMIN, logs=True, factor=True),
    Role.SYSTEM_ADMIN: Rights(Sphere.SYSTEM, Place.STREET, Role.SYSTEM_ADMIN, people=True, factor=True),
    # Sees the children of the own centre (childcare/opening.py), no resident's file and no sums.
    Role.CAREGIVER: Rights(_BUSINESS, Place.COMMUNITY, _STREET, factor=True, own_phone=True),
    Role.CLIENT: Rights(_BUSINESS, Place.EITHER, _STREET, files=True, books=True),
}
PEOPLE = tuple(role for role, rights in RIGHTS.items() if rights.people)
FACTOR = tuple(role for role, rights in RIGHTS.items() if rights.factor)
GIVEN = tuple(role for role in Role if role != Role.CLIENT)  # a client's duty comes with its access


def named(role: Role) -> set[str]:
    """The names of what `role` opens; a head sees the colleagues of the own community without looking after them."""
    rights = RIGHTS[role]
    opens = {"files": rights.files, "books": rights.books, "logs": rights.logs, "people": rights.people}
    return {name for name, is_open in opens.items() if is_open} | ({"people"} if role == Role.HEAD else set())


class NotYourDuty(Refused):
    code = "not_your_duty"
    message = "您在这个社区没有办理这件事的职责，什么都没有改动。如有需要，请联系社区主任或街道管理员。"
    status = 403


def holds(user: User, community: Community, *roles: Role) -> bool:
    """Whether `user` holds one of `roles` (any staff role) today in `community`, or in the sub-district it belongs to."""
    here = Q(community=community) | Q(sub_district=community.sub_district_id)
    return user.is_active and user.duties.current().filter(here, role__in=roles or STAFF).exists()


def require(user: User, community: Community, *roles: Role) -> None:
    """Refuses `NotYourDuty` unless `holds`."""
    if not holds(user, community, *roles):
        raise NotYourDuty


def served_by(user: User, *roles: Role) -> CommunityQuerySet:
    """The communities where `holds` says yes for `roles` (any staff role), as a query; more people may look than may act."""
    held = user.duties.current().filter(role__in=roles or STAFF)
    here = Q(pk__in=held.values("community")) | Q(sub_district__in=held.values("sub_district"))
    return Community.objects.filter(here) if user.is_active else Community.objects.none()


def unit_of(user: User) -> Community | SubDistrict | None:
    """In whose name a paper of `user` is headed: the one community that they see, else the sub-district of several."""
    seen = list(Community.objects.for_staff(user).select_related("sub_district").order_by("pk")[:2])
    return next(iter(seen), None) if len(seen) < 2 else seen[0].sub_district


def administered_by(user: User) -> list[SubDistrict]:
    """The sub-districts whose settings `user` may change today."""
    return streets_of(user, Role.STREET_ADMIN)


def streets_of(user: User, *roles: Role) -> list[SubDistrict]:
    """The sub-districts where `user` holds one of `roles` today."""
    held = user.duties.current().filter(role__in=roles).exclude(sub_district=None)
    return list(SubDistrict.objects.filter(pk__in=held.values("sub_district")).order_by("pk"))


def street_of(duty: Duty) -> int:
    """The number of the sub-district in which `duty` is held; no query if the community was read with it."""
    return duty.sub_district_id or duty.community.sub_district_id  # type: ignore[union-attr]
