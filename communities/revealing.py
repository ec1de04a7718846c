"""查看完整号码: a full value by a click with a purpose, written down before it is shown (domain guide, 13.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from communities import access, duties, limits, sealing
from communities.models import Duty, Resident, User
from core import masks
from core.refusals import Refused

AN_HOUR = 30
Role = Duty.Role
PURPOSES = ("电话联系本人", "当面核对身份", "上门服务", "办理证明或补贴", "本人要求更正")


class NothingThere(Refused):
    code = "nothing_to_reveal"
    message = "档案里没有登记这一项，没有可看的，也没有留下查看记录。"


@dataclass(frozen=True)
class Field:
    """What may be looked at: `value` of a resident's file (empty: nothing there), `masked`, and who may."""

    label: str
    value: Callable[[Resident], str]
    masked: Callable[[str], str]
    roles: tuple[Duty.Role, ...] = (Role.HEAD, Role.WORKER, Role.STREET_ADMIN)


def _born(resident: Resident) -> str:
    born = resident.birth_date
    return f"{born:%Y年%-m月%-d日}" if born else ""


def _document(resident: Resident) -> str:
    return sealing.unseal(bytes(resident.document_sealed)) if resident.document_sealed else ""


FIELDS = {
    "phone": Field("手机号", lambda resident: resident.phone, masks.phone),
    "birth_date": Field("出生日期", _born, lambda said: f"{said[:4]}年"),
    "document": Field("证件号", _document, masks.document, (Role.HEAD, Role.STREET_ADMIN)),
}


def open_to(user: User, resident: Resident) -> list[str]:
    """Which fields `user` may look at in this file; those that are empty are left out."""
    there = {
        "phone": bool(resident.phone),
        "birth_date": bool(resident.birth_date),
        "document": bool(resident.document),
    }
    return [key for key, field in FIELDS.items() if there[key] and duties.holds(user, resident.community, *field.roles)]


def reveal(*, resident: Resident, field: str, purpose: str, by: User) -> str:
    """The full value, after the look was written. Refuses `NotYourDuty`, `NothingThere`, `NoPurpose`, and `TooMany` looks an hour.

    No verb of its own: the count is committed before anything is refused (communities/limits.py).
    """
    wanted = FIELDS[field]
    duties.require(by, resident.community, *wanted.roles)
    value = wanted.value(resident)
    if not value:
        raise NothingThere
    limits.hit(f"look:{by.pk}", limit=AN_HOUR, window=timedelta(hours=1))
    access.look(by=by, community=resident.community, resident=resident, what=wanted.label, purpose=purpose)
    return value
