"""待办 of staffing and hand-overs: checks that are due, somebody barred who tried, too few on duty in the days to come."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from childcare.models import BarredTry, Staffer
from childcare.staffing import book
from communities import duties
from communities.models import Community, User
from communities.todo import Waiting, day_end
from core import clock

SECTION = "care_staff"
AHEAD = 4  # days looked at: on a Friday Monday is one of them


def rows(user: User) -> Iterator[Waiting]:
    """For who serves in the community of the centre."""
    mine = duties.served_by(user)
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    if street is None:
        return
    staff, listed = Staffer.objects.filter(centre__community__in=mine), reverse("desk:care-staff")
    tries = BarredTry.objects.filter(seen_at=None, place__group__centre__community__in=mine)
    yield Waiting(
        SECTION, "有人试图接走孩子，请马上处理", reverse("desk:care-barred-tries"), lambda _: tries, "at", day_end
    )
    due = book.overdue(staff)
    yield Waiting(SECTION, "托管员工记录查询已过期或没有合格查询", listed, lambda _: due)
    near = book.soon(staff, street)
    yield Waiting(SECTION, "托管员工记录查询快到期", listed, lambda _: near, "record_due", day_end)
    short = book.short_in(mine, street, [clock.today() + timedelta(days=n) for n in range(AHEAD)])
    yield Waiting(
        SECTION, "这几天有当班老师不够的，请排班", listed, lambda _: short, "todo_day", day_end, leads=("desk:care-centre-turns", "pk")
    )  # fmt: skip
