"""服务项目: licences that were seen, offers of four trades on the shelf with their slots, and one that waits for review."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from communities.models import Community, User
from demo import agreements, candidates, cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.cast import Merchant
from demo.places import CHONGXI, STREET, WENXING, WENYUAN, YONGAN, Place
from partners.agreements import licences
from partners.agreements.licences import Sent
from partners.models import Licence, Offer, Partner
from partners.offers import drafting, reviewing, slots
from partners.offers.drafting import Terms

Booking, Group = Offer.Booking, Offer.Group
BOSCH, KANGLE, YIHE, TONGXIN = (one.name for one in agreements.SIGNED)
BARBER = candidates.BARBER.name
ENDS_SOON = 25  # days from today
# Whose, what, for how many days from today, and who sees the original; nobody yet.
LICENCES: tuple[tuple[str, Merchant, Licence.Kind, int, cast.Colleague | None], ...] = (
    (KANGLE, cast.KANGLE, Licence.Kind.BUSINESS, 2000, cast.WORKER),
    (KANGLE, cast.KANGLE, Licence.Kind.HOUSEKEEPING, ENDS_SOON, cast.WORKER),
    (BOSCH, cast.BOSCH, Licence.Kind.REGISTRATION, 900, cast.YONGAN_WORKER),
    (YIHE, cast.YIHE, Licence.Kind.REGISTRATION, 700, cast.ADMIN),
    (YIHE, cast.YIHE, Licence.Kind.ELDER_CARE, 400, cast.ADMIN),
    (TONGXIN, cast.TONGXIN, Licence.Kind.MEDICAL, 1500, cast.WENYUAN_WORKER),
    (TONGXIN, cast.TONGXIN, Licence.Kind.PERSONAL, 800, None),
)
OPENED, FIRST_SLOT, WEEKS = -46, -38, 6  # days; slots once a week


@dataclass(frozen=True)
class Shown:
    """An offer that its owner wrote so many `days` from today; `worth` in yuan. `passed` None: it waits for review."""

    title: str
    partner: str
    owner: Merchant
    place: Place
    price: int
    worth: int
    note: str
    booking: Offer.Booking = Booking.NONE
    group: Offer.Group = Group.ALL
    stock: int | None = None
    each: int | None = 2
    days: int = OPENED
    passed: bool = True


HOOD = Shown("油烟机清洗抵用券", KANGLE, cast.KANGLE, WENXING, 20, 30, "拆洗油烟机一次抵30元，自备清洗剂。", stock=60)
WINDOWS = Shown(
    "上门擦玻璃2小时",
    KANGLE,
    cast.KANGLE,
    WENXING,
    40,
    80,
    "两人上门，擦内外窗和纱窗，四楼以上不擦外面。",
    Booking.HOME,
    stock=20,
)
LUNCH = Shown(
    "助老午餐一份", YIHE, cast.YIHE, CHONGXI, 15, 12, "两荤一素一汤，11:30—13:00到站用餐。", stock=200, each=8
)
BATH = Shown(
    "到站助浴一次",
    YIHE,
    cast.YIHE,
    CHONGXI,
    30,
    60,
    "助浴员全程陪护，带换洗衣物，饭后一小时再来。",
    Booking.SHOP,
    Group.ELDERS,
    each=1,
)
REPAIR = Shown("小家电检修一次", BOSCH, cast.BOSCH, YONGAN, 20, 30, "电饭煲、电水壶、风扇等，只收零件成本。")
HAIR = Shown("剪发一次", BARBER, cast.MENG, WENYUAN, 20, 15, "洗剪吹，先到先理。", days=-37)
RIDERS = Shown(
    "小哥爱心理发", BARBER, cast.MENG, WENYUAN, 10, 15, "送单路上来，不用排队。", group=Group.COURIERS, each=1, days=-37
)
FLAGGED = Shown(
    "肩颈放松30分钟",
    YIHE,
    cast.YIHE,
    CHONGXI,
    30,
    50,
    "全城首选的按摩师傅，缓解肩颈酸痛。",
    each=1,
    days=-1,
    passed=False,
)
OFFERS = (HOOD, WINDOWS, LUNCH, BATH, REPAIR, RIDERS, HAIR, FLAGGED)


def past(asked: Asked) -> Iterator[Affair]:
    """Everything of this file, in no order."""
    for serial, (name, owner, kind, days, by) in enumerate(LICENCES):
        there = Licence.objects.filter(partner__name=name, kind=kind)
        until = asked.day + timedelta(days=days)
        act = partial(
            _licence, name, Sent(kind, f"DT{asked.day.year}{serial:04}", "平城区行政审批服务管理局", until), owner, by
        )
        yield Affair(asked.at(-50 if by else -1, time(11, serial)), there.exists, act)
    for serial, one in enumerate(OFFERS):
        mine, minute = Offer.objects.filter(title=one.title), serial + 10
        yield Affair(asked.at(one.days, time(14, minute)), mine.exists, partial(_offer, asked, one))
        if one.passed:
            shown = mine.exclude(reviewed_at=None)
            yield Affair(asked.at(one.days + 1, time(9, minute)), shown.exists, partial(_review, one))
        if one.booking != Booking.NONE:
            yield from _slots(asked, one)


def _slots(asked: Asked, one: Shown) -> Iterator[Affair]:
    """One a week in the past; every day of the coming week."""
    first = asked.day + timedelta(days=FIRST_SLOT)
    mine = Offer.objects.filter(title=one.title, slots__isnull=False)
    yield Affair(asked.at(one.days + 2), mine.exists, partial(_add, one, [first], WEEKS))
    week = [asked.day + timedelta(days=n) for n in range(1, 8)]
    coming = mine.filter(slots__starts_at__gt=asked.now)
    yield Affair(asked.at(-3, time(17)), coming.exists, partial(_add, one, week, 1))


def _licence(name: str, sent: Sent, owner: Merchant, by: cast.Colleague | None, at: datetime) -> None:
    partner = Partner.objects.get(name=name, admitted_at__isnull=False)
    made = licences.send(partner=partner, sent=sent, by=account(owner), at=at)
    if by:
        licences.check(licence=made, required=True, by=colleague(by), at=at + timedelta(hours=4))


def _offer(asked: Asked, one: Shown, at: datetime) -> None:
    """Written on the owner's phone, good for half a year."""
    terms = Terms(
        one.title, one.price, one.worth * 100, asked.day + timedelta(days=one.days), asked.day + timedelta(days=180), one.note,
        stock=one.stock, per_person=one.each, group=one.group, booking=one.booking,
    )  # fmt: skip
    partner = Partner.objects.get(name=one.partner, admitted_at__isnull=False)
    here = Community.objects.get(name=one.place.name, sub_district__name=STREET)
    made = drafting.draft(partner=partner, community=here, terms=terms, by=account(one.owner), at=at)
    drafting.submit(offer=made, by=account(one.owner))


def _review(one: Shown, at: datetime) -> None:
    by = User.objects.get(username=cast.recorder(one.place))
    reviewing.approve(offer=Offer.objects.get(title=one.title), by=by, at=at)


def _add(one: Shown, days: list[date], weeks: int, at: datetime) -> None:
    offer = Offer.objects.get(title=one.title)
    for day in days:
        slots.add(
            offer=offer, day=day, starts=time(15), ends=time(17), places=2, weeks=weeks, by=account(one.owner), at=at
        )


def account(owner: Merchant) -> User:
    return User.objects.get(phone=owner.phone)
