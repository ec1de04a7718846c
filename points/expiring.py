"""到期: what has passed its last day leaves the wallets; before that its owner is told three times (domain guide, 4.3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Sum

from communities.models import Resident, SubDistrict, User
from communities.settings import EXPIRY_REMIND_DAYS, values_of
from core import clock, words
from core.verbs import verb
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template
from points import ledger
from points.models import Lot

LOTS = 500
PEOPLE = outbox.BATCH // 2  # two rows each, so that one statement writes a batch
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
EXPIRING = Template("points-expiring", "积分即将到期", "您有{points}积分将在{day}到期作废，可用来报名夜校课程。")


def sweep(at: datetime) -> ledger.Expired:
    """Book every expiry that is due at `at`, some lots a transaction; a sweep that broke off is continued by the next one."""
    by = User.objects.get(username="system")
    people = points = 0
    done = _expire_some(at, by)
    while done.people:
        people, points = people + done.people, points + done.points
        done = _expire_some(at, by)
    return ledger.Expired(people, points)


@verb()
def _expire_some(at: datetime, by: User) -> ledger.Expired:
    return ledger.expire(by=by, limit=LOTS, at=at)


@dataclass(frozen=True)
class Ending:
    """What ends on `day` in one sub-district, of which its people are told `days` before."""

    street: SubDistrict
    day: date
    days: int

    @property
    def occasion(self) -> str:
        return f"points-expiry:{self.day}:{self.days}"


def remind(at: datetime) -> int:
    """Tell everybody whose points end soon; returns how many were told. Run twice, even at once, nobody is told twice.

    Told is 60, 30 and 7 days before (settings of the sub-district); a threshold that was missed is made up for.
    """
    told = 0
    for ending in _endings(clock.local(at).date()):
        found, after = _tell_some(ending, at, 0)
        while found:
            told += found
            found, after = _tell_some(ending, at, after)
    return told


def _endings(today: date) -> Iterator[Ending]:
    streets = {
        one: values_of(EXPIRY_REMIND_DAYS, one.pk, on=today).values() for one in SubDistrict.objects.order_by("pk")
    }
    farthest = timedelta(days=max((max(days) for days in streets.values()), default=0))
    left = Lot.objects.filter(remaining__gt=0, expires_on__range=(today, today + farthest))
    for day in left.order_by("expires_on").values_list("expires_on", flat=True).distinct():
        for street, thresholds in streets.items():
            due = threshold((day - today).days, thresholds)
            if due is not None:
                yield Ending(street, day, due)


def threshold(left: int, thresholds: Iterable[int]) -> int | None:
    """Which reminder `left` days before the end call for: the nearest one, None when it is too early for any."""
    return min((days for days in thresholds if left <= days), default=None)


@verb()
def _tell_some(ending: Ending, at: datetime, after: int) -> tuple[int, int]:
    # By wallet from `after` on, so that each is looked at once and not anew in every batch (index lot_expiring).
    wallet, resident = "wallet", "wallet__resident"
    written = Message.objects.filter(resident=OuterRef(resident), staff=None, occasion=ending.occasion)
    ends = Lot.objects.filter(remaining__gt=0, expires_on=ending.day, wallet__gt=after, **{
        f"{resident}__community__sub_district": ending.street
    })  # fmt: skip
    ends = ends.exclude(
        **{f"{resident}__status": Resident.Status.CLOSED}
    )  # nobody reads it, and nothing could be spent
    found = ends.filter(~Exists(written)).values_list(wallet, resident).annotate(total=Sum("remaining"))
    some = list(found.order_by(wallet)[:PEOPLE])
    people = Resident.objects.in_bulk([person for _, person, _ in some])
    outbox.tell_many(row for _, person, total in some for row in _rows(ending, at, people[person], total))
    return len(some), some[-1][0] if some else after


def _rows(ending: Ending, at: datetime, resident: Resident, points: int) -> list[Message]:
    morning, until = quiet.calm(at), clock.midnight_after(ending.day)
    rings = morning < until
    inbox = Words("积分即将到期", body_of(ending.day, points), "/points/")
    told = [(INBOX, inbox), *([(SMS, sms_of(ending, points))] if rings and resident.phone else [])]
    return [
        outbox.message(ending.occasion, said, channel, resident=resident, due_at=morning if rings else at, until=until)
        for channel, said in told
    ]


def body_of(day: date, points: int) -> str:
    """What stands in the inbox; its link leads to the statement."""
    return (
        f"您有{words.points(points)}积分将在{words.day(day)}到期，当天还可以用，过了这一天就作废了。"
        "可以用来报名夜校课程。点“查看”看哪些积分什么时候到期。"
    )


def sms_of(ending: Ending, points: int) -> Words:
    return EXPIRING.short(ending.street, points=words.points(points), day=words.day(ending.day))
