"""核对: every night over every promise of the books. What is found is written down, and a breach is told at once."""

from datetime import datetime
from time import monotonic

from communities.models import Duty, User
from core import clock
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from points import books
from points.models import BookCheck

ROLES = (Duty.Role.STREET_ADMIN, Duty.Role.HEAD)


def check(at: datetime) -> BookCheck:
    """One run over every view of promises, each read on its own: no transaction is held open while it looks."""
    began = monotonic()
    counts = books.counts()
    return _write(at, len(counts), sum(counts.values()), monotonic() - began)


@verb()
def _write(at: datetime, promises: int, breaches: int, seconds: float) -> BookCheck:
    if breaches:
        _tell(at, breaches)
    return BookCheck.objects.create(at=at, promises=promises, breaches=breaches, seconds=seconds)


def _tell(at: datetime, breaches: int) -> None:
    day = clock.local(at).date()
    said = Words(
        "积分账核对发现不符",
        f"{day.month}月{day.day}日核对积分账，发现{breaches}处不符。居民照常使用积分；请尽快联系系统维护人员查明，查明前不要用积分结算。",
        "/desk/books/",
    )
    held = Duty.objects.current().filter(role__in=ROLES)
    for_whom = User.objects.filter(is_active=True, kind=User.Kind.STAFF, pk__in=held.values("user")).order_by("pk")
    tell_many(message(f"book-check:{day}", said, Message.Channel.INBOX, staff=user) for user in for_whom)
