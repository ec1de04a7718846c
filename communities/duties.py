"""Who may do what, where: the one question that verbs ask about staff."""

from django.db.models import Q

from communities.models import Community, Duty, SubDistrict, User
from communities.models.places import CommunityQuerySet
from core.refusals import Refused

Role = Duty.Role
STAFF = (Role.HEAD, Role.WORKER, Role.STREET_ADMIN)


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


def served_by(user: User) -> CommunityQuerySet:
    """The communities where `holds` says yes for any staff role, as a query; more people may look than may act."""
    held = user.duties.current().filter(role__in=STAFF)
    here = Q(pk__in=held.values("community")) | Q(sub_district__in=held.values("sub_district"))
    return Community.objects.filter(here) if user.is_active else Community.objects.none()


def administered_by(user: User) -> list[SubDistrict]:
    """The sub-districts whose settings `user` may change today."""
    return streets_of(user, Role.STREET_ADMIN)


def streets_of(user: User, *roles: Role) -> list[SubDistrict]:
    """The sub-districts where `user` holds one of `roles` today."""
    held = user.duties.current().filter(role__in=roles).exclude(sub_district=None)
    return list(SubDistrict.objects.filter(pk__in=held.values("sub_district")).order_by("pk"))
