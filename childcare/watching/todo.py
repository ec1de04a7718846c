"""待办 of watching: the yearly audit until it is reported, and incidents that nobody was told of yet; the reminders of January."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import DateField, Exists, OuterRef, QuerySet, Value
from django.urls import reverse

from childcare.models import AuditReport, Incident
from childcare.watching.incidents import ROLES
from communities import duties
from communities.models import Duty, Guardian, SubDistrict, User
from communities.settings import MINORS_AUDIT_DAY, value_of
from communities.todo import Waiting
from core import clock
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many

Role = Duty.Role
SECTION = "care_audit"
BEFORE = (30, 15, 7, 0)  # days before the last one


def rows(user: User) -> Iterator[Waiting]:
    """The audit for the street's administrators, incidents for them and the heads."""
    yield Waiting(
        SECTION, f"{last_year()}年未成年人信息审计待报送", reverse("desk:care-audit"), lambda _: owing(user),
        "todo_day", due, "pk",
    )  # fmt: skip
    open_ones = Incident.objects.open().filter(community__in=duties.served_by(user, *ROLES))
    yield Waiting(SECTION, "信息安全事件待告知或报告", reverse("desk:care-incidents"), lambda _: open_ones)


def owing(user: User) -> QuerySet[SubDistrict]:
    """The sub-districts of `user` that have minors with guardians and no report of last year."""
    held = user.duties.current().filter(role=Role.STREET_ADMIN).exclude(sub_district=None)
    mine = SubDistrict.objects.filter(pk__in=held.values("sub_district"))
    return _unreported(mine).annotate(todo_day=Value(date(clock.today().year, 1, 1), output_field=DateField()))


def _unreported(streets: QuerySet[SubDistrict]) -> QuerySet[SubDistrict]:
    reported = AuditReport.objects.filter(sub_district=OuterRef("pk"), year=last_year())
    minors = Guardian.objects.current().filter(child__community__sub_district=OuterRef("pk"))
    return streets.filter(~Exists(reported), Exists(minors))


def last_year() -> int:
    return clock.today().year - 1


def due(_first: datetime, street: int) -> datetime:
    """For `until`: the end of the day in January by which it is to be reported (setting)."""
    return clock.at(date(clock.today().year, 1, value_of(MINORS_AUDIT_DAY, street)), time(23, 59))


@verb()
def remind(*, at: datetime) -> None:
    """In January tell the administrators of each street that has not reported, once per threshold."""
    today = clock.local(at).date()
    for street in _unreported(SubDistrict.objects.order_by("pk")) if today.month == 1 else ():
        last = date(today.year, 1, value_of(MINORS_AUDIT_DAY, street.pk))
        step = next((days for days in sorted(BEFORE) if today >= last - timedelta(days=days)), None)
        if step is not None:
            tell_many(list(_told(street, last, step)))


def _told(street: SubDistrict, last: date, step: int) -> Iterator[Message]:
    said = Words(
        "未成年人信息审计待报送",
        f"{last.year - 1}年未成年人信息合规审计要在{last.month}月{last.day}日前向网信部门报送。请下载审计包，报送后登记编号。",
        reverse("desk:care-audit"),
    )
    held = Duty.objects.current().filter(role=Role.STREET_ADMIN, sub_district=street, user__is_active=True)
    for duty in held.select_related("user").order_by("pk"):
        yield message(f"minors-audit:{street.pk}:{last.year}:{step}", said, Message.Channel.INBOX, staff=duty.user)
