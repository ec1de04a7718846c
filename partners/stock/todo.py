"""What the stock book leaves waiting: slips and counts for a second person, batches that expire, a month without a count."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from communities.kin import Kin
from communities.models import Community, Duty, User
from communities.todo import Waiting, day_end
from core import clock
from partners.models import StockCount, StockCountQuerySet, StockSlip, StockSlipQuerySet
from partners.stock import batches, counting

SECTION, Role = "gifts", Duty.Role
DUE_FROM = 25  # day of the month from which its count is asked for


def rows(user: User) -> Iterator[Waiting]:
    """For whoever serves a community; what `user` wrote down waits for somebody else."""
    today, slips, counts = clock.today(), reverse("desk:stock"), reverse("desk:counts")
    waiting = f"{slips}?status=waiting"
    yield Waiting(
        SECTION,
        "出入库单，待验收",
        waiting,
        lambda _: to_accept(user),
        leads=("desk:stock-slip", "pk"),
    )
    yield Waiting(SECTION, "盘点，待复核", counts, lambda _: to_confirm(user), leads=("desk:count", "pk"))
    expiry = reverse("desk:stock-expiry")
    yield Waiting(
        SECTION,
        "物资快到期或已过期",
        expiry,
        lambda _: batches.expiring(user, today),
        "best_before",
        day_end,
    )
    months = [counting.before(today), *([today.replace(day=1)] if today.day >= DUE_FROM else [])]
    for month in months:
        yield Waiting(SECTION, f"{month.month}月还没有盘点", counts, partial(_uncounted, user, month))


def to_accept(user: User) -> StockSlipQuerySet:
    """Slips that another person wrote; those of the whole sub-district wait for a head or its admin."""
    mine = StockSlip.objects.for_staff(user).waiting().exclude(by=user)
    return mine if _heads(user) else mine.exclude(gift__community=None)


def to_confirm(user: User) -> StockCountQuerySet:
    """Counts that another person made; those of the whole sub-district wait for a head or its admin."""
    mine = StockCount.objects.for_staff(user).filter(status=StockCount.Status.ENTERED).exclude(by=user)
    return mine if _heads(user) else mine.exclude(community=None)


def uncounted(user: User, month: date) -> QuerySet[Community]:
    """The reader's communities that have goods since before the end of `month`, and no count of it."""
    over = clock.midnight_after(counting.last_of(month))
    goods = StockSlip.objects.filter(gift__community=OuterRef("pk"), remaining__gt=0, settled_at__lt=over)
    done = StockCount.objects.filter(community=OuterRef("pk"), month=month).exclude(status=StockCount.Status.DROPPED)
    return Community.objects.for_staff(user).filter(Exists(goods), ~Exists(done))


def _uncounted(user: User, month: date, _: Kin) -> QuerySet[Community]:
    return uncounted(user, month)


def _heads(user: User) -> bool:
    return user.duties.current().filter(Q(role=Role.HEAD) | Q(role=Role.STREET_ADMIN)).exists()
