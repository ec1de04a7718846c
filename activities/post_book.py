"""岗位名册: the posts of a reader's communities with their holders, filtered, as a page, on paper and as an Excel file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from activities import claims, duty_months, holdings
from activities.models import DutyMonth, Holding, Post
from activities.models.posts import PostQuerySet
from communities.kin import kin_of
from communities.models import User
from communities.workbook import Cell, workbook
from core import masks
from core.refusals import Refused

PAGE = 50
STATES = {
    "open": "空缺",
    "held": "在岗",
    "asked": "有人认领",
    "said": "履职待确认",
    "ending": "任期快到",
    "closed": "已撤销",
}
COLUMNS = (
    ("编号", 8), ("社区", 14), ("岗位", 20), ("职责", 40), ("仅限小哥", 10), ("任期（月）", 10), ("在岗人", 10), ("手机", 14),
    ("上岗日期", 12), ("任期到", 12), ("续任次数", 10), ("已确认月数", 10),
)  # fmt: skip
Status, Said = Holding.Status, DutyMonth.Status


@dataclass(frozen=True)
class Board:
    """One post as its page shows it; a pair is a row and why this reader cannot decide it."""

    held: Holding | None
    asked: list[tuple[Holding, Refused | None]]
    said: list[tuple[DutyMonth, Refused | None]]
    settled: list[DutyMonth]
    before: list[Holding]
    renewal: Refused | None
    sayable: list[tuple[Holding, date]]


def asked(user: User, wanted: dict[str, Any], at: datetime) -> PostQuerySet:
    """What the list was filtered by: `state`, `community`, `for_couriers` (yes, no); the newest first."""
    own = _in_state(Post.objects.for_staff(user), wanted.get("state", ""), at)
    if wanted.get("community"):
        own = own.filter(community=wanted["community"])
    if wanted.get("for_couriers"):
        own = own.filter(for_couriers=wanted["for_couriers"] == "yes")
    confirmed = Count("months", filter=Q(months__status=Said.CONFIRMED))
    held = Holding.objects.held().select_related("resident").annotate(served=confirmed)
    return (
        own.select_related("community").prefetch_related(Prefetch("holdings", held, to_attr="holders")).order_by("-pk")
    )


def _in_state(own: PostQuerySet, state: str, at: datetime) -> PostQuerySet:
    mine = Holding.objects.filter(post=OuterRef("pk"))
    said = DutyMonth.objects.filter(holding__post=OuterRef("pk"), status=Said.SAID)
    conditions = {
        "open": Q(~Exists(mine.held())), "held": Q(Exists(mine.held())), "asked": Q(Exists(mine.filter(status=Status.ASKED))),
        "said": Q(Exists(said)), "ending": Q(pk__in=holdings.ending(Holding.objects.all(), at).values("post")),
    }  # fmt: skip
    standing = own.exclude(closed_at=None) if state == "closed" else own.filter(closed_at=None)
    if state == "said":  # the last month of a post that was done away with is still to be confirmed
        standing = own
    return standing.filter(conditions[state]) if state in conditions else standing


def page_of(user: User, wanted: dict[str, Any], at: datetime, before: int | None) -> list[Post]:
    """One more than a page."""
    found = asked(user, wanted, at)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def figures(user: User, at: datetime) -> dict[str, int]:
    """How many posts are in each state that asks for something."""
    own = Post.objects.for_staff(user)
    return {state: _in_state(own, state, at).count() for state in ("open", "held", "asked", "said", "ending")}


def board_of(post: Post, user: User, at: datetime) -> Board:
    """Everything about one post."""
    kin = kin_of(user)
    rows = list(
        post.holdings.select_related("post__community", "resident__community", "by", "decided_by", "ended_by").order_by(
            "-pk"
        )
    )
    held = next((one for one in rows if one.status == Status.HELD), None)
    months = list(duty_months.read(DutyMonth.objects.filter(holding__post=post)).order_by("-month", "-pk"))
    return Board(
        held, [(one, claims.refusal_to_decide(one, user, kin)) for one in reversed(rows) if one.status == Status.ASKED],
        [(one, duty_months.refusal_to_decide(one, user, kin)) for one in months if one.status == Said.SAID],
        [one for one in months if one.status != Said.SAID], [one for one in rows if one.status in (Status.ENDED, Status.DECLINED)],
        holdings.refusal_to_renew(held, user, at, kin) if held else None, _sayable(rows, at),
    )  # fmt: skip


def _sayable(rows: Sequence[Holding], at: datetime) -> list[tuple[Holding, date]]:
    people = {one.resident_id: one.resident for one in rows if one.status in (Status.HELD, Status.ENDED)}
    mine = {one.pk for one in rows}
    found = (pair for person in people.values() for pair in duty_months.sayable(person, at, staff=True))
    return [pair for pair in found if pair[0].pk in mine]


def file_of(user: User, wanted: dict[str, Any], at: datetime) -> IO[bytes]:
    """The list as an Excel file, names and phones masked."""
    return workbook("岗位名册", COLUMNS, _rows(asked(user, wanted, at)))


def _rows(found: PostQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=500):
        held: Holding | None = next(iter(one.holders), None)  # type: ignore[attr-defined]
        person = held.resident if held else None
        yield (
            one.pk, one.community.name, one.title, one.duty, "是" if one.for_couriers else "", one.term_months,
            masks.name(person.name) if person else "空缺", masks.phone(person.phone) if person else "",
            held.starts_on if held else None, held.ends_on if held else None, held.renewals if held else None,
            held.served if held else None,  # type: ignore[attr-defined]
        )  # fmt: skip
