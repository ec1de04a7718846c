"""活动档案: what inspections ask to see of one activity, assembled from what is there and never typed (domain guide, 18)."""

from dataclasses import dataclass
from datetime import datetime

from activities import hours
from activities.models import Activity, Correction, FollowUp, Participation
from core import clock, masks, words

Status = Participation.Status
CAME = (Status.RECORDED, Status.CONFIRMED)


@dataclass(frozen=True)
class Person:
    """One line of the roster and of the sign-in sheet."""

    name: str
    phone: str
    estate: str
    state: str
    arrived: str
    left: str
    means: str
    minutes: int | None
    points: int | None
    recorder: str
    confirmer: str


@dataclass(frozen=True)
class Folder:
    """封面, 计划, 名册, 签到, 时长积分, 更正, 后续, 总结. `plan` and `steps` are lines of (what, said)."""

    activity: Activity
    plan: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    people: list[Person]
    corrections: list[Correction]
    follow_ups: list[FollowUp]

    @property
    def came(self) -> list[Person]:
        return [one for one in self.people if one.minutes is not None]

    @property
    def minutes(self) -> int:
        return sum(one.minutes or 0 for one in self.people)

    @property
    def points(self) -> int:
        return sum(one.points or 0 for one in self.people)


def folder_of(activity: Activity) -> Folder:
    """Of an activity with its community, sub-district, room, series and authors; five queries for any number of people."""
    corrections = Correction.objects.filter(participation__activity=activity, status="approved").order_by("pk")
    return Folder(
        activity, _plan(activity), _steps(activity), _people(activity),
        list(corrections.select_related("participation__resident", "proposed_by", "decided_by")),
        list(activity.follow_ups.select_related("by").order_by("on", "pk")),
    )  # fmt: skip


def _plan(activity: Activity) -> list[tuple[str, str]]:
    providers = "、".join(activity.providers.order_by("pk").values_list("name", flat=True))
    ages = f"{activity.min_age}～{activity.max_age}岁" if activity.max_age else f"{activity.min_age}岁以上"
    insured = f"有，保险单号{activity.insurance}" if activity.dangerous else "无"
    found = [
        ("名称", activity.title),
        ("类别", f"{activity.get_kind_display()}（{'志愿服务' if activity.volunteering else '不计服务时长'}）"),
        ("系列", str(activity.series or "")),
        ("主办单位", f"{activity.community.sub_district}{activity.community}"),
        ("负责人", f"{activity.leader}{f'，电话{activity.leader_phone}' if activity.leader_phone else ''}"),
        ("时间", f"{words.dated(activity.starts_at)}—{clock.local(activity.ends_at):%H:%M}"),
        ("地点", f"{activity.place}{f'（{activity.room}）' if activity.room else ''}"),
        ("主讲或协办", providers),
        ("面向人群", activity.audience),
        ("招募人数", f"{activity.capacity}人，{ages}"),
        ("技能要求", activity.skills),
        ("岗前培训", activity.training),
        ("内容", activity.content),
        ("装备", activity.equipment),
        ("风险说明", activity.risk),
        ("人身危险", insured),
    ]
    return [(what, said) for what, said in found if said]


def _steps(activity: Activity) -> list[tuple[str, str]]:
    """Who did what when, from the rows themselves."""
    found = [
        ("拟定", activity.made_by, None),
        ("发布", activity.published_by, activity.published_at),
        ("结束", activity.finished_by, activity.finished_at),
        ("取消", activity.cancelled_by, activity.cancelled_at),
    ]
    steps = [(what, f"{who}{f'，{words.dated(when)}' if when else ''}") for what, who, when in found if who]
    return steps + ([("取消原因", activity.cancel_reason)] if activity.cancel_reason else [])


def _people(activity: Activity) -> list[Person]:
    rows = activity.participations.exclude(status__in=[Status.CANCELLED, Status.WAITING]).with_people()
    return [_person(one) for one in rows.order_by("resident__pinyin", "pk")]


def _person(one: Participation) -> Person:
    came = one.status in CAME
    return Person(
        one.resident.name, masks.phone(one.resident.phone) or "—", str(one.resident.estate or "—"),
        one.get_status_display(), _clock(one.arrived_at), _clock(one.left_at),
        hours.means_of(one) if one.arrived_how else "—",
        one.minutes if came else None, one.points if came else None,
        str(one.recorded_by or "—"), str(one.confirmed_by or "—"),
    )  # fmt: skip


def _clock(at: datetime | None) -> str:
    return f"{clock.local(at):%H:%M}" if at else "—"
