"""服务时长台账: the book of hours as staff read it; the list, its figures, the file and the paper ask the same question."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from activities.models import Activity, Service
from activities.models.hours import ServiceQuerySet
from communities import finding
from communities.models import Community, User
from core.refusals import Refused

PAGE = 50
ON_PAPER = 2_000
STATES = {
    "": "全部有效记录", "unreported": "未上报", "reported": "已上报", "late": "补录", "over": "当日超时", "voided": "已更正或作废",
    "changed": "上报后又更正",
}  # fmt: skip
STANDING = Q(voided_at=None)
MEANT = {
    "": STANDING,
    "unreported": STANDING & Q(reported_at=None),
    "reported": STANDING & Q(reported_at__isnull=False),
    "late": STANDING & ~Q(late_reason=""),
    "over": STANDING & ~Q(over_reason=""),
    "voided": ~STANDING,
    "changed": ~STANDING & Q(reported_at__isnull=False),
}


class TooLongForPaper(Refused):
    code = "hourbook_too_long"
    message = f"符合条件的超过{ON_PAPER:,}条，一次打印不下。请缩短日期再打印，或导出Excel。"


@dataclass(frozen=True)
class Asked:
    """What the list was filtered by; empty means all that stands. Both days belong to it."""

    state: str = ""
    community: Community | None = None
    since: date | None = None
    until: date | None = None
    kind: str = ""
    q: str = ""

    @property
    def said(self) -> str:
        """文兴社区，2026年11月1日至2026年11月30日，未上报: what the paper is headed by."""
        kind = Activity.Kind(self.kind).label if self.kind else ""
        q = f"查找“{self.q}”" if self.q else ""
        said = (str(self.community or ""), self.period, kind, STATES[self.state], q)
        return "，".join(one for one in said if one)

    @property
    def period(self) -> str:
        begins = f"{self.since.year}年{self.since.month}月{self.since.day}日起" if self.since else ""
        ends = f"至{self.until.year}年{self.until.month}月{self.until.day}日" if self.until else ""
        return f"{begins}{ends}"


@dataclass(frozen=True)
class Figures:
    """Of what the filter leaves: records, people, minutes served, minutes credited."""

    records: int
    people: int
    minutes: int
    credited: int

    @property
    def hours(self) -> Decimal:
        return hours_of(self.credited)


def hours_of(minutes: int) -> Decimal:
    """150 minutes are 2.5 hours: one decimal, never rounded up (domain guide, 3.2)."""
    return (Decimal(minutes * 10 // 60) / 10).quantize(Decimal("0.1"))


def matching(user: User, asked: Asked) -> ServiceQuerySet:
    """The records of `user`'s own communities that answer to `asked`, not in order."""
    rows = Service.objects.for_staff(user).filter(MEANT[asked.state])
    wanted = {"community": asked.community, "on__gte": asked.since, "on__lte": asked.until, "kind": asked.kind}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if asked.q:
        rows = rows.filter(resident__in=finding.residents(user, asked.q).order_by().values("pk"))
    return rows


def newest(rows: ServiceQuerySet) -> ServiceQuerySet:
    """With everything that a line shows, the latest day first."""
    related = ("community", "resident", "recorded_by", "confirmed_by", "reported_by", "voided_by")
    return rows.select_related(*related).order_by("-on", "-id")


def page_of(user: User, asked: Asked, before: int | None) -> list[Service]:
    """One page, from behind row `before`, and one row more when there is another page."""
    rows = matching(user, asked)
    last = Service.objects.filter(pk=before).values_list("on", flat=True).first() if before else None
    if last:
        rows = rows.filter(Q(on__lt=last) | Q(on=last, pk__lt=before))
    return list(newest(rows)[: PAGE + 1])


def figures(user: User, asked: Asked) -> Figures:
    """In one query."""
    found = matching(user, asked).aggregate(
        records=Count("pk"), people=Count("resident", distinct=True), minutes=Sum("minutes"), credited=Sum("credited")
    )  # fmt: skip
    return Figures(**{name: value or 0 for name, value in found.items()})


def counted(user: User, *states: str) -> dict[str, int]:
    """How many records there are in each of `states`, in one query."""
    own = Service.objects.for_staff(user)
    return own.aggregate(**{state: Count("pk", filter=MEANT[state]) for state in states})


def on_paper(user: User, asked: Asked) -> list[Service]:
    """Everything for a printed ledger, the earliest day first. Refuses `TooLongForPaper`."""
    found = list(newest(matching(user, asked)).reverse()[: ON_PAPER + 1])
    if len(found) > ON_PAPER:
        raise TooLongForPaper
    return found
