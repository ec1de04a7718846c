"""公示记录: lists of notices for the desk, for residents, and as the record that inspections ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Protocol, cast

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery

from communities import notices
from communities.models import Notice, NoticeItem, Objection, Resident, User
from communities.models.notices import NoticeQuerySet
from communities.workbook import MOST, Cell, workbook as written
from core import clock

PAGE = 50
COLUMNS = (
    ("编号", 8), ("社区", 14), ("标题", 40), ("状态", 10), ("拟稿人", 10), ("拟稿时间", 18), ("发布人", 10), ("公示开始", 12),
    ("公示截止", 12), ("项数", 8), ("人数", 8), ("异议件数", 10), ("成立件数", 10), ("待答复", 8), ("停止项数", 10),
    ("结束时间", 18), ("撤下原因", 30),
)  # fmt: skip


class Counted(Protocol):
    """A notice with the figures of its record."""

    lines: int
    people: int
    stopped: int
    filed: int
    upheld: int
    unanswered: int


@dataclass(frozen=True)
class Entry:
    """One line of the residents' list: `until` is its last day, `running` whether it can still be objected to."""

    notice: Notice
    until: date | None
    running: bool


def _figure(rows: QuerySet[Any], what: str = "pk") -> Subquery:
    counted = rows.filter(notice=OuterRef("pk")).order_by().values("notice")
    figure = counted.annotate(figure=Count(what, distinct=True)).values("figure")
    return Subquery(figure, output_field=IntegerField())


def counted(found: NoticeQuerySet) -> NoticeQuerySet:
    """With the figures of `Counted`; none is None."""
    said = Objection.objects
    return found.select_related("community", "prepared_by", "published_by").annotate(
        lines=_figure(NoticeItem.objects.all()),
        people=_figure(NoticeItem.objects.exclude(resident=None), "resident"),
        stopped=_figure(NoticeItem.objects.exclude(stopped_at=None)),
        filed=_figure(said.all()),
        upheld=_figure(said.filter(status=Objection.Status.UPHELD)),
        unanswered=_figure(said.open()),
    )


def asked(user: User, wanted: dict[str, Any]) -> NoticeQuerySet:
    """What a list at the desk was filtered by: `status`, `community`, `q` of the title."""
    found = Notice.objects.for_staff(user).filter(title__contains=wanted.get("q", ""))
    return found.filter(**{name: wanted[name] for name in ("status", "community") if wanted.get(name)})


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Notice]:
    """One more than a page, the newest first."""
    rows = counted(asked(user, wanted))
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def public_of(resident: Resident | None, before: int | None, size: int) -> list[Entry]:
    """One more than `size` of what everybody may read: of one's own community, for a visitor of all; four queries."""
    found = Notice.objects.public().select_related("community__sub_district")
    found = (
        found.filter(community=resident.community_id) if resident else found.filter(community__open_to_residents=True)
    )
    rows = list((found.filter(pk__lt=before) if before else found)[: size + 1])
    until, today = notices.last_days(rows), clock.today()
    return [Entry(one, until.get(one.pk), _runs(one, until.get(one.pk), today)) for one in rows]


def _runs(notice: Notice, until: date | None, today: date) -> bool:
    return notice.status == Notice.Status.OPEN and until is not None and today <= until


def workbook(user: User, wanted: dict[str, Any], *, most: int = MOST) -> IO[bytes]:
    """公示记录 as a temporary file: figures, and no resident's name. Refuses more than `most` rows with `TooLong`."""
    return written("公示记录", COLUMNS, _cells(counted(asked(user, wanted)).order_by(F("pk").desc())), most=most)


def _cells(rows: NoticeQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in rows.iterator(chunk_size=500):
        figures = cast("Counted", one)
        yield (
            one.pk, one.community.name, one.title, one.get_status_display(), str(one.prepared_by), one.prepared_at,
            str(one.published_by or ""), one.opens_on, one.closes_on, figures.lines or 0, figures.people or 0,
            figures.filed or 0, figures.upheld or 0, figures.unanswered or 0, figures.stopped or 0,
            one.ended_at, one.end_reason,
        )  # fmt: skip
