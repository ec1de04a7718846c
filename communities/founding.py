"""Opening a real sub-district: the street, its communities and estates, and the first administrator."""

import secrets
from dataclasses import dataclass, field

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from communities.models import Community, Duty, Estate, SubDistrict, User
from core.refusals import BadInput, Refused
from core.verbs import verb


class OtherData(Refused):
    code = "other_data"


@dataclass(frozen=True)
class Place:
    """A community: its name, its telephone (may be empty) and the names of its estates."""

    name: str
    phone: str = ""
    estates: tuple[str, ...] = ()


@dataclass
class Founded:
    """What was written now, in words, and the password that nobody will see again (empty if the admin was there)."""

    written: list[str] = field(default_factory=list)
    password: str = ""


@verb()
def found(
    *, sub_district: str, district: str, places: list[Place], admin: str, name: str, password: str = ""
) -> Founded:
    """Write what is not there yet; run again with the same words it writes nothing.

    Without `password` one is made, to be changed at the first sign-in. Refuses a sub-district that stands in another
    district, an administrator's name that belongs to somebody else, a password that is too simple.
    """
    founded = Founded()
    street, new = SubDistrict.objects.get_or_create(name=sub_district, defaults={"district": district})
    if street.district != district:
        raise OtherData(f"{sub_district}已经登记在{street.district}，不是{district}。什么都没有改动。")
    if new:
        founded.written.append(f"街道 {district}{sub_district}")
    for place in places:
        _open(street, place, founded)
    _appoint(street, admin, name, password, founded)
    return founded


def _open(street: SubDistrict, place: Place, founded: Founded) -> None:
    community, new = Community.objects.get_or_create(
        sub_district=street, name=place.name, defaults={"phone": place.phone}
    )
    if place.phone and community.phone != place.phone:
        raise OtherData(f"{place.name}的电话已经登记为{community.phone or '空'}，不是{place.phone}。什么都没有改动。")
    if new:
        founded.written.append(f"社区 {place.name}")
    for estate in place.estates:
        if Estate.objects.get_or_create(community=community, name=estate)[1]:
            founded.written.append(f"小区 {place.name}/{estate}")


def _appoint(street: SubDistrict, admin: str, name: str, password: str, founded: Founded) -> None:
    user = User.objects.filter(username=admin).first()
    if user is None:
        user = User(username=admin, name=name, kind=User.Kind.STAFF, must_change_password=not password)
        founded.password = "" if password else secrets.token_urlsafe(12)
        if password:
            _refuse_simple(user, password)
        user.set_password(password or founded.password)
        user.save()
        Duty.objects.create(user=user, role=Duty.Role.STREET_ADMIN, sub_district=street)
        founded.written.append(f"街道管理员 {admin}")
    elif not user.duties.current().filter(role=Duty.Role.STREET_ADMIN, sub_district=street).exists():
        raise OtherData(f"登录名{admin}已被别的账号使用，请换一个。什么都没有改动。")


def _refuse_simple(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput("".join(error.messages) + "什么都没有改动。") from error
