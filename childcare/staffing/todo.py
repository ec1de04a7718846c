"""待办 of staffing and hand-overs: checks that are due, somebody barred who tried, too few on duty in the days to come."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from childcare.models import BarredTry, Staffer
from childcare.staffing import book
from communities import duties
from communities.models import User
from communities.settings import CARE_ADULTS, CARE_RATIO, CARE_STAFF_DAYS, values_of
from communities.today import Line
from communities.todo import Waiting, day_end
from core import clock

SECTION = "care_staff"
AHEAD = 4  # days looked at: on a Friday Monday is one of them


def rows(user: User) -> Iterator[Waiting]:
    """For who serves in the community of the centre."""
    mine = duties.served_by(user)
    said = values_of((CARE_RATIO, CARE_ADULTS, *CARE_STAFF_DAYS), mine.order_by("pk").values("sub_district")[:1])
    staff, listed = Staffer.objects.filter(centre__community__in=mine), reverse("desk:care-staff")
    tries = BarredTry.objects.filter(seen_at=None, place__group__centre__community__in=mine)
    yield Waiting(
        SECTION, "有人试图接走孩子，请马上处理", reverse("desk:care-barred-tries"), lambda _: tries, "at", day_end
    )
    due = book.overdue(staff)
    yield Waiting(SECTION, "托管员工记录查询已过期或没有合格查询", listed, lambda _: due)
    near = book.soon(staff, max(said[one] for one in CARE_STAFF_DAYS))
    yield Waiting(SECTION, "托管员工记录查询快到期", listed, lambda _: near, "record_due", day_end)
    days = [clock.today() + timedelta(days=n) for n in range(AHEAD)]
    short = book.short_in(mine, said[CARE_RATIO], said[CARE_ADULTS], days)
    yield Waiting(
        SECTION, "这几天有当班老师不够的，请排班", listed, lambda _: short, "todo_day", day_end, leads=("desk:care-centre-turns", "pk")
    )  # fmt: skip


def today(user: User) -> list[Line]:
    """托管 on the first page of the desk: each centre with its children and who is on duty, a tap from both."""
    return [
        Line(f"托管：{name}", f"今天孩子{children}人，当班{adults}位", [("考勤", reverse("desk:care-days")), ("排班", reverse("desk:care-centre-turns", args=[pk]))])
        for pk, name, children, adults in book.today_in(user)
    ]  # fmt: skip
