"""待办 of settling: objections to answer, statements to sign, partners to remind, corrections to approve, money to pay."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from communities.models import Duty, User
from communities.settings import SETTLING_AGREE_DAY, value_of
from communities.todo import Waiting
from core import clock
from partners.models import Correction, Statement
from partners.settling.signing import HEADS

Role = Duty.Role
STREET = "community__sub_district"


def rows(user: User) -> Iterator[Waiting]:
    """Each for whom can do it: staff, heads, finance."""
    url, own = reverse("desk:statements"), Statement.objects.for_staff(user)
    held, streets = _held(user)
    if held & {*HEADS, Role.WORKER}:
        disputed, silent = own.disputed_still(), own.to_confirm().filter(late(streets))
        yield Waiting("statements", "结算单有异议，待答复", url, lambda _: disputed, leads=("desk:statement", "pk"))
        yield Waiting(
            "statements",
            "合伙人没有确认结算单，请电话提醒",
            f"{url}?state=drawn",
            lambda _: silent,
            "month",
            agree_by,
            STREET,
        )
    if held & {*HEADS}:
        agreed = own.filter(status=Statement.Status.AGREED)
        unsure = Correction.objects.filter(approved_at=None, statement__in=own).exclude(by=user)
        yield Waiting("statements", "结算单待审核", f"{url}?state=agreed", lambda _: agreed, "month", agree_by, STREET)
        yield Waiting("statements", "结算更正待批准", url, lambda _: unsure, leads=("desk:statement", "statement"))
    if Role.FINANCE in held:
        owed = Statement.objects.for_finance(user).to_pay()
        yield Waiting("statements", "结算单待支付", f"{url}?state=frozen", lambda _: owed)


def agree_by(month: datetime, street: int) -> datetime:
    """For `until`: the end of the day, in the month after, by which a statement is to be agreed and checked (setting)."""
    after = (clock.local(month).date().replace(day=1) + timedelta(days=31)).replace(day=1)
    return clock.at(after.replace(day=value_of(SETTLING_AGREE_DAY, street)), time(23, 59))


def late(streets: Iterable[int]) -> Q:
    """Statements of the sub-districts `streets` that have waited longer than the partner had there."""
    found = Q(pk__in=())
    for street in streets:
        found |= Q(**{STREET: street, "month__lt": late_before(street)})
    return found


def late_before(street: int) -> date:
    """Statements of months before this one's first day are late: the partner's day is over (setting)."""
    today = clock.today()
    first = today.replace(day=1)
    over = today.day > value_of(SETTLING_AGREE_DAY, street)
    return first if over else (first - timedelta(days=1)).replace(day=1)


def _held(user: User) -> tuple[set[Duty.Role], set[int]]:
    """The duties of `user` today, and the sub-districts where they are held."""
    held = user.duties.current().annotate(street=Coalesce("sub_district", "community__sub_district"))
    found = list(held.values_list("role", "street"))
    return {Role(role) for role, _ in found}, {street for _, street in found}
