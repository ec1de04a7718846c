"""Lists of 招募 for the desk: applications as page and as file, licences, and the sheet of marks of a call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db.models import Q

from communities.models import User
from communities.workbook import Cell, workbook
from partners.models import (
    Application,
    Call,
    Licence,
    LicenceQuerySet,
    Partner,
    PartnerApplicationQuerySet,
    Review,
    Reviewer,
)

PAGE = 50
COLUMNS = (
    ("名称", 24), ("类型", 10), ("行业", 10), ("统一社会信用代码", 22), ("社区", 14), ("招募", 20), ("服务内容", 30), ("公益承诺", 40),
    ("与工作人员有亲属关系", 22), ("状态", 14), ("报名时间", 18), ("审查人", 10), ("名次", 6), ("决定时间", 18), ("决定说明", 30),
)  # fmt: skip


def found(user: User, asked: dict[str, Any]) -> PartnerApplicationQuerySet:
    """What was handed in to the reader's communities, the newest first. `asked`: status, community, call, q (a name or code)."""
    mine = Application.objects.for_staff(user).exclude(submitted_at=None)
    mine = mine.filter(**{name: asked[name] for name in ("status", "community", "call") if name in asked})
    if words := asked.get("q"):
        mine = mine.filter(partner__name__icontains=words) | mine.filter(partner__credit_code__istartswith=words)
    return mine.select_related("partner", "community", "call").order_by("-pk")


def page_of(user: User, asked: dict[str, Any], before: int | None) -> list[Application]:
    """One row more than a page."""
    mine = found(user, asked)
    return list((mine.filter(pk__lt=before) if before else mine)[: PAGE + 1])


def file_of(user: User, asked: dict[str, Any]) -> IO[bytes]:
    """The Excel file of what the list shows; no telephone numbers."""
    return workbook("合伙人报名", COLUMNS, _rows(found(user, asked).select_related("checked_by")))


def _rows(mine: PartnerApplicationQuerySet) -> Iterator[Sequence[Cell]]:
    for one in mine.iterator(chunk_size=500):
        shop = one.partner
        kinship = one.kinship_note if one.kinship else "没有"
        yield (
            shop.name, shop.get_kind_display(), shop.get_trade_display(), shop.credit_code, one.community.name,
            one.call.title if one.call else "", one.services, "；".join(promised(one)), kinship, one.get_status_display(),
            one.submitted_at, str(one.checked_by or ""), one.rank, one.settled_at, one.settled_note,
        )  # fmt: skip


def promised(one: Application) -> list[str]:
    """Each promise in words."""
    return [
        f"{line['item']}每月{line['times']}次"
        + (f"每次{line['people']}人" if line["people"] else "")
        + (f"，{line['discount']}" if line["discount"] else "")
        for line in one.promises
    ]


def licences(user: User, asked: dict[str, Any], today: date) -> LicenceQuerySet:
    """Current licences of the reader's partners and applicants. `asked`: state, kind, until (of those that end soon)."""
    mine = Licence.objects.current().filter(partner__in=Partner.objects.for_staff(user).values("pk"))
    if "kind" in asked:
        mine = mine.filter(kind=asked["kind"])
    if asked.get("state") == "unchecked":
        mine = mine.filter(checked_at=None)
    elif asked.get("state") == "lapsed":
        mine = mine.filter(valid_until__lt=today)
    elif asked.get("until"):
        mine = mine.filter(valid_until__gte=today, valid_until__lte=asked["until"])
    return mine.select_related("partner", "checked_by", "by")


@dataclass(frozen=True)
class Line:
    """One application in the summary: the marks of each reviewer, `None` for what the reader may not see or is not in.

    Of an excused one they are shown and do not count: `total` is of `counted` reviewers.
    """

    application: Application
    reviews: list[Review | None]
    total: int | None
    counted: int

    @property
    def average(self) -> str:
        return "" if self.total is None else f"{self.total / self.counted:.1f}"


@dataclass(frozen=True)
class Summary:
    """The sheet of marks as one reader may see it (`ReviewQuerySet.seen_by`)."""

    reviewers: list[Reviewer]
    lines: list[Line]
    given: int
    asked: int


def summary(call: Call, user: User) -> Summary:
    """Four queries for any number of applications. How many marks are in is said to everybody, whose is not."""
    reviewers = list(call.reviewers.select_related("user", "excused_by").order_by("pk"))
    serving = [one.pk for one in reviewers if not one.excused_at]
    scored = call.applications.filter(Q(rank__isnull=False) | Q(status=Application.Status.CHECKED))
    standing = list(scored.select_related("partner", "community"))
    allowed = Review.objects.seen_by(user).filter(application__call=call)
    seen = {(one.application_id, one.reviewer_id): one for one in allowed}
    lines = []
    for one in sorted(standing, key=lambda row: (row.rank or len(standing) + 1, row.submitted_at or row.at, row.pk)):
        reviews = [seen.get((one.pk, reviewer.pk)) for reviewer in reviewers]
        counting = [seen.get((one.pk, reviewer)) for reviewer in serving]
        whole = bool(counting) and all(counting) and one.rank is not None
        total = sum(review.total for review in counting if review) if whole else None
        lines.append(Line(one, reviews, total, len(serving)))
    given = Review.objects.counted().filter(application__call=call, application__status="checked").count()
    still = sum(one.status == Application.Status.CHECKED for one in standing)
    return Summary(reviewers, lines, given, still * len(serving))
