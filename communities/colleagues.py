"""Who looks after whose account: the one question behind appointing and behind accounts, and the list that both pages show."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from communities import duties
from communities.duties import RIGHTS, Role, Sphere
from communities.models import Community, Duty, SubDistrict, User
from core import clock
from core.refusals import Refused


class NotYourColleague(Refused):
    code = "not_your_colleague"
    message = "这个账号不归您管理，没有改动。审计员和系统管理员的账号由系统管理员管理，其他的由街道管理员管理。"
    status = 403


class OwnAccount(Refused):
    code = "own_account"
    message = "不能改自己的账号和职责，没有改动。请由另一位管理员办理。"
    status = 403


class ElsewhereToo(Refused):
    code = "works_elsewhere_too"
    message = "这个账号在别的街道也有职责，不能由一个街道单独改动，没有改动。请先与那个街道商量结束那边的职责。"
    status = 403


def duties_in(streets: list[SubDistrict]) -> Q:
    """Duties held in one of `streets`, or in a community of theirs."""
    return Q(sub_district__in=streets) | Q(community__sub_district__in=streets)


def visible_to(user: User) -> QuerySet[Duty]:
    """The duties that `user` may see: of a sub-district for who looks after its accounts, of a community for its head."""
    streets = duties.streets_of(user, *duties.PEOPLE)
    headed = user.duties.current().filter(role=Role.HEAD).values("community")
    return Duty.objects.filter(duties_in(streets) | Q(community__in=headed), role__in=duties.GIVEN)


def people_for(user: User) -> QuerySet[User]:
    """The staff accounts whose duties `user` may see, those duties with them as `shown`."""
    seen = visible_to(user)
    mine = User.objects.filter(Exists(seen.filter(user=OuterRef("pk"))), kind=User.Kind.STAFF)
    newest = seen.select_related("community__sub_district", "sub_district").order_by("-ends_on", "starts_on", "pk")
    return mine.prefetch_related(Prefetch("duties", newest, to_attr="shown"))


def matching(people: QuerySet[User], *, role: str = "", community: Community | None = None, q: str = "", past: str = "") -> QuerySet[User]:  # fmt: skip
    """What the list was filtered by: who holds `role` in `community` today or later; with `past` whoever ever did."""
    held = Duty.objects.filter(user=OuterRef("pk"), **({"role": role} if role else {"role__in": duties.GIVEN}))
    if community:
        held = held.filter(community=community)
    if not past:
        people = people.filter(is_active=True)
        held = held.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()))
    named = Q(name__contains=q) | Q(username__contains=q)
    return people.filter(named, Exists(held))


def refusal_to_give(*, by: User, user: User, role: Role, street: SubDistrict) -> Refused | None:
    """Why `by` cannot give `role` in `street` to `user`, or end it; None when nothing stands against it."""
    if by.pk == user.pk:
        return OwnAccount()
    gives = RIGHTS[role].given_by
    return None if street in duties.streets_of(by, gives) else NotYourColleague()


def refusal_to_maintain(*, by: User, user: User) -> Refused | None:
    """Why `by` cannot open, shut or reset the account of `user`; None when nothing stands against it.

    Nobody maintains an own account, nor one that may do what `by` may not give: a password that somebody resets is one that
    somebody may use. So a street admin does not reset an auditor, and no street resets somebody of another one.
    """
    if by.pk == user.pk:
        return OwnAccount()
    system = {street.pk for street in duties.streets_of(by, Role.SYSTEM_ADMIN)}
    admin = {street.pk for street in duties.streets_of(by, Role.STREET_ADMIN)}
    held = user.duties.select_related("community").order_by("ends_on")
    coming = [one for one in held if one.ends_on is None or one.ends_on >= clock.today()]
    places = {duties.street_of(duty) for duty in coming or held}
    if user.kind != User.Kind.STAFF or not places & (system | admin):
        return NotYourColleague()
    if not places <= system | admin:
        return ElsewhereToo()
    apart = {Sphere.AUDIT, Sphere.SYSTEM}
    guarded = {duties.street_of(duty) for duty in coming if RIGHTS[Role(duty.role)].sphere in apart}
    return None if guarded <= system else NotYourColleague()
