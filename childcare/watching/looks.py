"""谁看过孩子的资料: every look at a child, as its guardian reads it: by role and unit, never the colleague's name or phone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet

from childcare.models import Staffer
from communities.models import Duty, Look, Resident
from communities.workbook import Cell, Columns
from core import clock

PAGE = 20
COLUMNS: Columns = (("时间", 18), ("查看人", 30), ("看了什么", 50), ("原因", 40))
SYSTEM = "系统"
FORMER = "工作人员"


@dataclass(frozen=True)
class Seen:
    """One look in words. `id` is the row's number, for turning pages."""

    id: int
    at: datetime
    who: str
    what: str
    purpose: str


@dataclass(frozen=True)
class Offices:
    """As what each account worked, and when; a number of queries that does not grow with the accounts."""

    duties: dict[int, list[Duty]] = field(default_factory=dict)
    posts: dict[int, list[Staffer]] = field(default_factory=dict)

    def of(self, look: Look) -> tuple[str, str]:
        """(unit, role) in which whoever looked did so: of the community of the look, or of its sub-district."""
        day = clock.local(look.at).date()
        held = [one for one in self.duties.get(look.by_id, []) if _covers(one.starts_on, one.ends_on, day)]
        here = [one for one in held if one.community_id == look.community_id] or held
        if not here:
            return "", FORMER if look.by_id in self.duties else SYSTEM
        duty = here[0]
        if duty.role == Duty.Role.CAREGIVER:
            posts = [one for one in self.posts.get(look.by_id, []) if _covers(one.hired_on, one.left_on, day)]
            if posts:
                return posts[0].centre.name, "中心负责人" if posts[0].is_lead else "托管老师"
        return str(duty.community or duty.sub_district), duty.get_role_display()


def of_child(child: Resident) -> QuerySet[Look]:
    """Looks at this child by anybody, at whatever: the care file, evidence, full numbers. The newest first."""
    return Look.objects.filter(resident=child).order_by("-pk")


def told(looks: Sequence[Look]) -> list[Seen]:
    """`looks` as a guardian reads them; two queries for any number."""
    found = offices(looks)
    return [Seen(one.pk, one.at, "".join(found.of(one)), one.what, one.purpose) for one in looks]


def offices(looks: Iterable[Look]) -> Offices:
    """The duties and posts, past ones as well, of whoever looked."""
    who, known = {one.by_id for one in looks}, Offices()
    for duty in Duty.objects.filter(user__in=who).select_related("community", "sub_district").order_by("-pk"):
        known.duties.setdefault(duty.user_id, []).append(duty)
    for post in Staffer.objects.filter(account__in=who).select_related("centre").order_by("-pk"):
        known.posts.setdefault(post.account_id or 0, []).append(post)
    return known


def cells(child: Resident) -> Iterator[tuple[Cell, ...]]:
    """All of it as lines of a file."""
    for one in told(list(of_child(child)[:10_000])):
        yield one.at, one.who, one.what, one.purpose


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)
