"""名册: the files of one's communities as a list, as Excel and on paper, always by the same filter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db.models import Count

from communities import access, documents, duties, finding
from communities.duties import Role
from communities.models import Community, Estate, Grid, Resident, User
from communities.models.people import ResidentQuerySet
from communities.workbook import MOST, Cell, TooLong, workbook
from core import clock, masks
from core.refusals import BadInput, Refused
from core.verbs import verb

Status = Resident.Status
ON_PAPER = 2_000
MAY_SEE_ALL = (Role.HEAD, Role.STREET_ADMIN)
ORDERS = {"": ("pk",), "newest": ("-pk",), "pinyin": ("pinyin", "pk")}
READ = ("community", "estate", "grid")
COLUMNS = (
    ("姓名", 12), ("手机号", 14), ("年龄", 6), ("社区", 14), ("小区", 16), ("网格", 12), ("户号", 8), ("状态", 12), ("登记时间", 18),
    ("确认时间", 18),
)  # fmt: skip
FULL = (*COLUMNS, ("出生日期", 12), ("证件类型", 12), ("证件号", 22))


class TooManyForPaper(Refused):
    code = "roll_too_long"
    message = f"符合条件的超过{ON_PAPER:,}人，一次打印不下。请按小区或网格分开打印，或导出Excel。"


@dataclass(frozen=True)
class Asked:
    """What the list was filtered by; empty means all. `sort` is a key of ORDERS."""

    status: str = ""
    community: Community | None = None
    estate: Estate | None = None
    grid: Grid | None = None
    q: str = ""
    sort: str = ""

    @property
    def said(self) -> str:
        """已确认，天和城，第一网格: what the paper is headed by."""
        status = Status(self.status).label if self.status else ""
        words = (status, self.community, self.estate, self.grid, f"查找“{self.q}”" if self.q else "")
        return "，".join(str(word) for word in words if word) or "全部"


def listed(user: User, asked: Asked) -> ResidentQuerySet:
    """The files that `asked` leaves, not yet in order, with the names of their places."""
    wanted = {"status": asked.status, "estate": asked.estate, "grid": asked.grid}
    by_finder = bool(asked.q) and asked.status not in (Status.DECLINED, Status.CLOSED)
    start = finding.residents(user, asked.q).order_by() if by_finder else Resident.objects.all()
    # Keys, not a subquery: with those the planner walks the index of the order that is asked for.
    places = [place.pk for place in _places(user, asked)]
    mine = start.filter(community__in=places, **{key: one for key, one in wanted.items() if one})
    if asked.q and not by_finder:
        mine = mine.filter(name__contains=asked.q)
    return mine.select_related(*READ)


def ordered(user: User, asked: Asked) -> ResidentQuerySet:
    """`listed`, in the order that was asked for."""
    return listed(user, asked).order_by(*ORDERS[asked.sort])


def counted(user: User) -> dict[str, int]:
    """How many files there are in each status."""
    places = list(Community.objects.for_staff(user).values_list("pk", flat=True))
    mine = Resident.objects.filter(community__in=places)
    return dict(mine.order_by().values_list("status").annotate(Count("pk")))


def on_paper(user: User, asked: Asked) -> list[Resident]:
    """Everybody for a printed roster. Refuses `TooManyForPaper`."""
    found = list(ordered(user, asked)[: ON_PAPER + 1])
    if len(found) > ON_PAPER:
        raise TooManyForPaper
    return found


def masked(user: User, asked: Asked, *, most: int = MOST) -> IO[bytes]:
    """The list as a file that may lie about: phones masked, ages for dates of birth, no number. Refuses more than `most`."""
    today = clock.today()
    rows = ordered(user, asked).iterator(chunk_size=2_000)
    return workbook("居民名册", COLUMNS, (_cells(one, masks.phone(one.phone), today) for one in rows), most=most)


def heads(user: User) -> bool:
    """Whether `user` may export anything whole at all: who has no such duty is shown no way there."""
    return user.duties.current().filter(role__in=MAY_SEE_ALL).exists()


def may_see_all(user: User, asked: Asked) -> bool:
    """Whether `user` answers for every community of the list: what is whole leaves the house only by their word."""
    places = _places(user, asked)
    return bool(places) and all(duties.holds(user, place, *MAY_SEE_ALL) for place in places)


def whole(user: User, asked: Asked, *, purpose: str, numbers: bool = False, most: int = MOST) -> IO[bytes]:
    """Phones and dates of birth in full, `numbers` of documents too; each community's look is written before the file is.

    The first line says who made it when. Refuses `NotYourDuty`, `NoPurpose`, nobody to export, and more than `most` people.
    """
    if not may_see_all(user, asked):
        raise duties.NotYourDuty("完整名册只有社区主任和街道管理员能导出，没有生成文件。可以导出隐去号码的名册。")
    found = dict(listed(user, asked).order_by().values_list("community").annotate(Count("pk")))
    if not found:
        raise BadInput("没有符合条件的居民，没有生成文件。")
    if sum(found.values()) > most:
        raise TooLong(most)
    _written_down(user, asked, found, purpose, numbers)
    today, columns = clock.today(), FULL if numbers else FULL[:-2]
    rows = (_whole(one, today, numbers) for one in ordered(user, asked).iterator(chunk_size=2_000))
    return workbook("居民名册", columns, rows, most=most, mark=_mark(user, purpose))


@verb()
def _written_down(user: User, asked: Asked, found: dict[int, int], purpose: str, numbers: bool) -> None:
    what = "完整名册：姓名、手机号、出生日期" + ("、证件号" if numbers else "")
    for place in Community.objects.filter(pk__in=found).order_by("pk"):
        access.look(
            by=user, community=place, what=f"{what}，{found[place.pk]}人（{asked.said}）"[:100], purpose=purpose
        )


def _places(user: User, asked: Asked) -> list[Community]:
    mine = Community.objects.for_staff(user)
    return list(mine.filter(pk=asked.community.pk) if asked.community else mine)


def _mark(user: User, purpose: str) -> str:
    made = clock.local(clock.now())
    return f"含个人信息，仅限：{purpose.strip()}。{user.name}（{user.username}）{made:%Y-%m-%d %H:%M}导出，用后删除，不得外传。"


def _cells(one: Resident, phone: str, today: date) -> tuple[Cell, ...]:
    return (
        one.name, phone, one.age_on(today), one.community.name, one.estate.name if one.estate else "",
        one.grid.name if one.grid else "", one.household_id, one.get_status_display(), one.registered_at, one.decided_at,
    )  # fmt: skip


def _whole(one: Resident, today: date, numbers: bool) -> tuple[Cell, ...]:
    number = documents.opened(one) if numbers else None
    said: Iterable[Any] = (one.get_document_display(), number.text if number else "") if numbers else ()
    return (*_cells(one, one.phone, today), one.birth_date, *said)
