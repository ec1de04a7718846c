"""Every [D] value of the domain guide: declared once with its default, changed by staff from a chosen day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from communities.models import Duty, Setting, SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb


@dataclass(frozen=True)
class Value:
    """A declared setting; whole numbers between `low` and `high`."""

    key: str
    label: str
    default: int
    low: int
    high: int
    unit: str


class NotYourSetting(Refused):
    code = "not_your_setting"
    message = "设置由街道管理员修改，这次没有改动。"
    status = 403


class NeverBackwards(Refused):
    code = "never_backwards"
    message = "新的设置只能从明天或以后生效，这次没有改动。请改选生效日期。"


CANCEL_HOURS = Value("night.cancel_full_refund_h", "夜校：开课前多少小时可退课并全额退回", 24, 0, 168, "小时")
MIN_AGE = Value("night.min_age", "夜校：最低年龄", 18, 14, 60, "岁")
REMIND_HOURS = Value("night.remind_h", "夜校：上课前多少小时提醒", 24, 1, 72, "小时")
REMIND_FIRST_HOURS = Value("night.remind_first_h", "夜校：第一课提前多少小时提醒", 48, 1, 120, "小时")
PER_HOUR = Value("points.per_hour", "积分：志愿服务每小时", 10, 1, 50, "积分")
PER_HOUR_CARE = Value("points.per_hour_care", "积分：助老、看护服务每小时", 12, 1, 50, "积分")
PER_HOUR_PRO = Value("points.per_hour_pro", "积分：专业服务每小时", 15, 1, 50, "积分")
REVERSAL_GRACE_DAYS = Value("points.reversal_grace_days", "积分：退回已过期积分的宽限", 30, 0, 366, "天")
AGREEMENT_DAYS = Value("partner.remind_days", "合伙人：协议到期前多少天提醒", 60, 7, 180, "天")

DECLARED = {
    value.key: value
    for value in (
        CANCEL_HOURS, MIN_AGE, REMIND_HOURS, REMIND_FIRST_HOURS,
        PER_HOUR, PER_HOUR_CARE, PER_HOUR_PRO, REVERSAL_GRACE_DAYS, AGREEMENT_DAYS,
    )
}  # fmt: skip


def value_of(declared: Value, sub_district_id: int, *, on: date | None = None) -> int:
    """The value in force in the sub-district on `on` (today)."""
    return values_of([declared], sub_district_id, on=on)[declared]


def values_of(declared: Iterable[Value], sub_district_id: int, *, on: date | None = None) -> dict[Value, int]:
    """Several values in force in the sub-district on `on` (today), in one query."""
    wanted = list(declared)
    versions = Setting.objects.filter(
        sub_district=sub_district_id, key__in=[value.key for value in wanted], starts_on__lte=on or clock.today()
    )
    newest = dict(versions.order_by("key", "-starts_on").distinct("key").values_list("key", "value"))
    return {value: int(newest.get(value.key, value.default)) for value in wanted}


def overview(sub_district: SubDistrict) -> list[dict[str, Any]]:
    """Each declared setting with its value today and the next change, for the desk."""
    versions = (
        Setting.objects.filter(sub_district=sub_district).order_by("starts_on").values("key", "value", "starts_on")
    )
    today = clock.today()
    rows = []
    for declared in DECLARED.values():
        mine = [v for v in versions if v["key"] == declared.key]
        now = [v["value"] for v in mine if v["starts_on"] <= today]
        coming = [v for v in mine if v["starts_on"] > today]
        rows.append({"declared": declared, "value": now[-1] if now else declared.default, "coming": coming[:1]})
    return rows


@verb()
def change(*, key: str, value: int, starts_on: date, sub_district: SubDistrict, by: User) -> Setting:
    """Write a version that starts on a day to come. Refuses a stranger, an unknown key, a value out of range, the past."""
    admin = Q(role=Duty.Role.STREET_ADMIN, sub_district=sub_district)
    if not by.duties.current().filter(admin).exists():
        raise NotYourSetting
    declared = DECLARED.get(key)
    if declared is None or not declared.low <= value <= declared.high:
        raise BadInput
    if starts_on <= clock.today():
        raise NeverBackwards
    row, _ = Setting.objects.update_or_create(
        sub_district=sub_district, key=key, starts_on=starts_on, defaults={"value": value, "by": by, "at": clock.now()}
    )
    return row
