"""投诉办理台账: complaints at the desk, filtered, on paper and as an Excel file. Names are masked; the words stay at the desk."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, Any, NamedTuple

from communities.kin import kin_of
from communities.models import User
from communities.workbook import Cell, workbook
from core import clock, masks
from partners.models import Complaint, ComplaintQuerySet
from partners.obligations import bias, complaining

PAGE, PAPER = 50, 200
COLUMNS = (
    ("编号", 8), ("合伙人", 20), ("社区", 14), ("类别", 14), ("居民", 10), ("投诉时间", 18), ("投诉内容", 40), ("状态", 10), ("受理人", 10), ("受理时间", 18),
    ("是否属实", 10), ("答复", 40), ("答复人", 10), ("答复时间", 18), ("重新提出", 18), ("重新提出的理由", 30), ("第一次答复", 30),
)  # fmt: skip


class Line(NamedTuple):
    """`due`: until when the next step is to be done, None once answered."""

    complaint: Complaint
    due: date | None
    overdue: bool


def seen_by(user: User) -> ComplaintQuerySet:
    """Of the reader's communities, but for a shop where they or their family serve: it never learns by whom, in which words."""
    own = bias.own_shops(kin_of(user)).values("partner")
    return Complaint.objects.for_staff(user).exclude(partner__in=own)


def asked(user: User, wanted: dict[str, Any]) -> ComplaintQuerySet:
    """What the list was filtered by, the newest first."""
    found = seen_by(user).select_related("partner", "community", "resident", "accepted_by", "answered_by")
    for name in ("status", "kind", "community"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    return found.order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Complaint]:
    """One more than a page."""
    found = asked(user, wanted)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def lines(complaints: Iterable[Complaint]) -> list[Line]:
    """With their deadlines, a few queries for any number of them."""
    found, today = list(complaints), clock.today()
    dues = complaining.dues(found)
    return [Line(one, due, due is not None and due < today) for one, due in zip(found, dues, strict=True)]


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    return workbook("投诉办理台账", COLUMNS, _rows(asked(user, wanted)))


def _rows(found: ComplaintQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        upheld = "" if one.upheld is None else "属实" if one.upheld else "不属实"
        yield (
            one.pk, one.partner.name, one.community.name, one.get_kind_display(), masks.name(one.resident.name) if one.resident else "",
            one.at, one.text, one.get_status_display(), one.accepted_by.name if one.accepted_by else "", one.accepted_at, upheld,
            one.answer, one.answered_by.name if one.answered_by else "", one.answered_at, one.reopened_at, one.reopened_text,
            one.first_answer,
        )  # fmt: skip
