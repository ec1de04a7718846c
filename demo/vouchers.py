"""服务券 of the last forty days: taken on phones and at the counter, used, undone, expired, frozen; visits asked for.

Uses that a statement of last month speaks of are told by how many days before that month's end they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from communities.models import Consent, Resident, User
from core import clock
from demo import cast
from demo.affairs import Affair, colleague, person
from demo.asked import Asked
from demo.places import STREET
from demo.shelf import HAIR, HOOD, LUNCH, REPAIR, WINDOWS, Shown
from partners.models import Clerk, Offer, Redemption, Slot, Voucher
from partners.obligations import rating
from partners.vouchers import appointments, expiring, freezing, issuing, redeeming, undoing
from partners.vouchers.booking import Wanted

Way, Booking = Redemption.Way, Offer.Booking
FAST = timedelta(seconds=20)
# In the evening, when the day's classes are opened and services confirmed; what is printed is printed before.
HOURS = {"asked": 22, "printed": 8}
MIXED_UP, LOOKED_INTO = "店里报错了券码，服务没有做", "居民反映不是本人兑换，正在核实"
NOTES = ("师傅准时，活儿细", "态度好", "下次还来", "等得有点久", "")


@dataclass(frozen=True)
class Story:
    """One voucher: taken so many days from today, used so many; of `last` from the last day of the month before.

    `undone`: by the shop after five minutes, by a colleague two days later. `stars` 0: nobody said anything.
    """

    offer: Shown
    taken: int
    used: int | None = None
    last: bool = False
    way: Redemption.Way = Way.SCAN
    undone: str = ""
    stars: int = 0
    fast: bool = False
    fate: str = ""
    who: cast.Known | None = None
    slot: int | None = None  # days from today


STORIES = (
    Story(HOOD, -8, -6, True, stars=5), Story(HOOD, -7, -5, True, Way.NUMBER, stars=4), Story(HOOD, -6, -2, True, stars=5),
    Story(HOOD, -5, -4, True, undone="shop"), Story(HOOD, -6, -4), Story(HOOD, -5, -4, undone="staff"),
    Story(HOOD, -3, -3, fast=True), Story(HOOD, -4, fate="frozen"), Story(HOOD, -2, who=cast.WANG),
    Story(HOOD, -3, who=cast.ELDER, fate="printed"),
    Story(WINDOWS, -20, -17, slot=-17, stars=5), Story(WINDOWS, -2, slot=2), Story(WINDOWS, -1, slot=3, fate="asked"),
    Story(LUNCH, -8, -7, True, stars=5), Story(LUNCH, -6, -3, True, stars=4), Story(LUNCH, -4, -1, True, Way.NUMBER, stars=5),
    Story(LUNCH, -5, -2, stars=3), Story(LUNCH, -3, -1, stars=5), Story(LUNCH, -39, fate="expired"),
    Story(LUNCH, -37, fate="expired"),
    Story(REPAIR, -7, -5, True, stars=5), Story(REPAIR, -5, -2, True), Story(REPAIR, -4, -2, way=Way.DESK),
    Story(HAIR, -12, -10, stars=4), Story(HAIR, -6, -3), Story(HAIR, -2),
)  # fmt: skip


def month_end(asked: Asked) -> date:
    """The last day of the month that was over an hour ago."""
    return clock.local(asked.now - timedelta(hours=1)).date().replace(day=1) - timedelta(days=1)


def past(asked: Asked) -> Iterator[Affair]:
    """Everything of this file, in no order. Who took which is known by the minute."""
    for serial, one in enumerate(STORIES):
        days = (month_end(asked) - asked.day).days if one.last else 0
        taken = asked.at(one.taken + days, time(HOURS.get(one.fate, 21), 2 * serial))
        mine = Voucher.objects.filter(offer__title=one.offer.title, at=taken)
        yield Affair(taken, mine.exists, partial(_take, asked, one))
        if one.slot is not None and one.fate != "asked":
            answered = mine.filter(appointment__status="confirmed")
            yield Affair(taken + timedelta(hours=20), answered.exists, partial(_confirm, mine))
        if one.used is not None:
            used = taken + FAST if one.fast else asked.at(one.used + days, time(17, 2 * serial))
            yield from _uses(one, mine, used)
        if one.fate == "expired":
            over = asked.at(one.taken + 31, time(0, 30 + serial))
            yield Affair(over, mine.exclude(status="issued").exists, partial(_expire, mine))
        if one.fate == "frozen":
            yield Affair(asked.at(-2, time(15)), mine.filter(status="frozen").exists, partial(_freeze, mine))


def _uses(one: Story, mine: QuerySet[Voucher], used: datetime) -> Iterator[Affair]:
    yield Affair(used, mine.filter(redemptions__isnull=False).exists, partial(_redeem, one, mine))
    undone = mine.filter(redemptions__undone_at__isnull=False)
    if one.undone:
        later = timedelta(minutes=5) if one.undone == "shop" else timedelta(days=2)
        yield Affair(used + later, undone.exists, partial(_undo, one, mine))
    if one.stars:
        yield Affair(used + timedelta(hours=1), mine.filter(rating__isnull=False).exists, partial(_rate, one, mine))


def _take(asked: Asked, one: Story, at: datetime) -> None:
    """On the own phone; for who has none a colleague prints it. Where nobody has the points nothing happens."""
    who = person(one.who) if one.who else _next(one.offer, at)
    offer = Offer.objects.select_related("partner", "community").get(title=one.offer.title)
    if who is None or who.account is None or issuing.refusal_to_take(offer, who, at):
        return
    printed = one.fate == "printed"
    by = colleague(cast.WORKER) if printed else who.account
    wanted = issuing.NOTHING
    if one.slot is not None:
        slot = Slot.objects.get(offer=offer, starts_at=asked.at(one.slot, time(15)))
        home = one.offer.booking == Booking.HOME
        wanted = Wanted(
            slot, f"{who.estate}3号楼2单元301" if home else "", "请先打电话", Consent.Way.TAP if home else None
        )
    issuing.take(offer=offer, resident=who, by=by, at=at, wanted=wanted, printed=printed)


def _next(offer: Shown, at: datetime) -> Resident | None:
    """Who has the points and the fewest vouchers, none of this offer; nobody with a part in another story, nobody young."""
    known = [one.name for one in cast.RESIDENTS]
    people = Resident.objects.filter(community__sub_district__name=STREET, status=Resident.Status.CONFIRMED)
    grown = clock.local(at).date() - timedelta(days=19 * 366)
    people = people.exclude(account=None).exclude(name__in=known).exclude(vouchers__offer__title=offer.title)
    good = Q(wallet__lots__remaining__gt=0, wallet__lots__expires_on__gte=clock.local(at).date())
    rich = people.filter(birth_date__lt=grown).annotate(have=Sum("wallet__lots__remaining", filter=good))
    held = Voucher.objects.filter(resident=OuterRef("pk")).values("resident").annotate(many=Count("pk")).values("many")
    fewest = rich.filter(have__gte=offer.price).annotate(held=Coalesce(Subquery(held), 0)).order_by("held", "pk")
    return fewest.select_related("account", "community", "estate").first()


def _confirm(mine: QuerySet[Voucher], at: datetime) -> None:
    if voucher := mine.select_related("appointment").first():
        appointments.confirm(appointment=voucher.appointment, by=_clerk(voucher).account, at=at)


def _redeem(one: Story, mine: QuerySet[Voucher], at: datetime) -> None:
    if voucher := mine.first():
        clerk = None if one.way == Way.DESK else _clerk(voucher)
        by = clerk.account if clerk else User.objects.get(username=cast.recorder(one.offer.place))
        redeeming.redeem(voucher=voucher, by=by, way=one.way, clerk=clerk, at=at)


def _undo(one: Story, mine: QuerySet[Voucher], at: datetime) -> None:
    if voucher := mine.first():
        clerk = _clerk(voucher) if one.undone == "shop" else None
        by = clerk.account if clerk else User.objects.get(username=cast.recorder(one.offer.place))
        undoing.undo(redemption=voucher.redemptions.get(), by=by, clerk=clerk, reason=MIXED_UP, at=at)


def _rate(one: Story, mine: QuerySet[Voucher], at: datetime) -> None:
    if (voucher := mine.select_related("resident__account").first()) and voucher.resident.account:
        by, remark = voucher.resident.account, NOTES[(one.stars + one.taken) % len(NOTES)]
        rating.rate(voucher=voucher, resident=voucher.resident, stars=one.stars, remark=remark, by=by, at=at)


def _expire(mine: QuerySet[Voucher], at: datetime) -> None:
    if voucher := mine.first():
        expiring.expire(voucher=voucher, by=User.objects.get(username="system"), at=at)


def _freeze(mine: QuerySet[Voucher], at: datetime) -> None:
    if voucher := mine.first():
        freezing.freeze(voucher=voucher, by=colleague(cast.WORKER), reason=LOOKED_INTO, at=at)


def _clerk(voucher: Voucher) -> Clerk:
    return voucher.partner.clerks.current().select_related("account").get(slot=Clerk.OWNER)
