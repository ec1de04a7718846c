"""Opening a real sub-district: the street, its communities and estates, and the first administrator."""

from dataclasses import dataclass, field

from communities.appointing import appoint
from communities.models import Community, Duty, Estate, SubDistrict, User
from core.refusals import Refused
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
    holds = user and user.duties.current().filter(role=Duty.Role.STREET_ADMIN, sub_district=street).exists()
    if user and not holds:
        raise OtherData(f"登录名{admin}已被别的账号使用，请换一个。什么都没有改动。")
    appointed = appoint(username=admin, name=name, role=Duty.Role.STREET_ADMIN, place=street, password=password)
    founded.password = appointed.password
    if appointed.new:
        founded.written.append(f"街道管理员 {admin}")
