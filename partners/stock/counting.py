"""盘点: once a month what stands there is counted by one person and confirmed by another; the difference enters the stock book."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from communities.models import Community, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import CountLine, Gift, GiftQuerySet, StockCount, StockSlip, StockSlipQuerySet
from partners.stock import accepting
from partners.stock.intake import locked
from partners.stock.keepers import Place, refusal_to_keep, refusal_to_second

Status, Kind = StockCount.Status, StockSlip.Kind
MOST = 1_000_000


class CountIncomplete(BadInput):
    code = "count_incomplete"
    message = "还有批次没有填实盘数，或清点时库存有变动，这次没有保存。请刷新后逐项填写，没有的填0。"


class NothingToCount(Refused):
    code = "nothing_to_count"
    message = "现在没有结存的物资，不用盘点，什么都没有改动。"


class CountOpen(Refused):
    code = "count_open"
    message = "上一次盘点还没有复核，没有保存。请先复核或作废那一次。"


class CountSettled(Refused):
    code = "count_settled"
    message = "这次盘点已经复核或作废，没有再改动。请刷新后再看。"


class CountTooOld(Refused):
    code = "count_too_old"
    message = "盘点以后又有出库，差异已经对不上，库存没有改动。请作废这次盘点，重新清点。"


REFUSALS: Refusals = {"count_open_once": lambda _: CountOpen()}


def gifts_of(place: Place) -> GiftQuerySet:
    """What is kept in the stock book of `place`; what the whole sub-district gives is in a book of its own."""
    if isinstance(place, Community):
        return Gift.objects.filter(community=place)
    return Gift.objects.filter(community=None, sub_district=place)


def place_of(count: StockCount) -> Place:
    return count.community or count.sub_district


def batches_of(place: Place) -> StockSlipQuerySet:
    """What is to be counted, by gift."""
    mine = StockSlip.objects.on_shelf().filter(gift__in=gifts_of(place)).select_related("gift")
    return mine.order_by("gift__title", "gift", "pk")


def month_due(place: Place, on: date) -> date:
    """The first day of the month that a count made on `on` is of: last month's, while that one lacks it, else this one's."""
    last = before(on)
    mine = StockSlip.objects.on_shelf().filter(
        gift__in=gifts_of(place), settled_at__lt=clock.midnight_after(last_of(last))
    )
    done = StockCount.objects.filter(month=last).exclude(status=Status.DROPPED)
    place_is = {"community": place} if isinstance(place, Community) else {"community": None, "sub_district": place}
    return last if mine.exists() and not done.filter(**place_is).exists() else on.replace(day=1)


def before(on: date) -> date:
    """The first day of the month before."""
    return (on.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@verb(REFUSALS)
def count(*, place: Place, counted: Mapping[int, int], by: User, at: datetime | None = None) -> StockCount:
    """Keep what was counted: by the number of each batch that has something left, how many stood there.

    Refuses a stranger, the finance, `NothingToCount`, `CountIncomplete`, `CountOpen`. Nothing of the stock changes yet.
    """
    at = at or clock.now()
    if refused := refusal_to_keep(place, by):
        raise refused
    batches = list(batches_of(place).select_for_update(no_key=True, of=("self",)))
    if not batches:
        raise NothingToCount
    if {one.pk for one in batches} != set(counted) or not all(0 <= number <= MOST for number in counted.values()):
        raise CountIncomplete
    community = place if isinstance(place, Community) else None
    made = StockCount.objects.create(
        sub_district=place.sub_district if isinstance(place, Community) else place, community=community, month=month_due(place, clock.local(at).date()), by=by, at=at,
    )  # fmt: skip
    CountLine.objects.bulk_create(
        CountLine(count=made, batch=one, booked=one.remaining, counted=counted[one.pk]) for one in batches
    )
    return made


def refusal_to_confirm(count: StockCount, by: User) -> Refused | None:
    """Why `by` may not confirm `count`; None when nothing stands against it. Page and verb ask."""
    if count.status != Status.ENTERED:
        return CountSettled()
    return refusal_to_second(place_of(count), by, count.by_id)


@verb({**accepting.REFUSALS, "batch_remaining": lambda _: CountTooOld()})
def confirm(*, count: StockCount, by: User, at: datetime | None = None) -> StockCount:
    """Each difference becomes a slip and its line: 盘盈 or 盘亏. Refuses what `refusal_to_confirm` says, `CountTooOld`, `StockShort`."""
    mine, at = _locked(count), at or clock.now()
    if refused := refusal_to_confirm(mine, by):
        raise refused
    for line in mine.lines.select_related("batch__gift").order_by("batch__gift", "pk"):
        if line.difference:
            line.slip = _slip(line, mine, by, at)
            line.save(update_fields=["slip"])
    return _settled(mine, Status.CONFIRMED, by, at)


@verb()
def drop(*, count: StockCount, by: User, at: datetime | None = None) -> StockCount:
    """It was counted wrongly: nothing of it enters the book. By whoever counted, or a colleague. Refuses `CountSettled`."""
    mine = _locked(count)
    if mine.status != Status.ENTERED:
        raise CountSettled
    if refused := refusal_to_keep(place_of(mine), by):
        raise refused
    return _settled(mine, Status.DROPPED, by, at or clock.now())


def _slip(line: CountLine, count: StockCount, by: User, at: datetime) -> StockSlip:
    """The difference, written down by who counted and accepted by who confirms."""
    gift = locked(line.batch.gift)
    kind = Kind.FOUND if line.difference > 0 else Kind.MISSING
    slip = StockSlip.objects.create(
        gift=gift, kind=kind, change=line.difference, batch=line.batch, by=count.by, at=count.at,
        reason=f"{count}：账面{line.booked}，实盘{line.counted}",
    )  # fmt: skip
    return accepting.enter(slip, by, at)


def _settled(count: StockCount, status: str, by: User, at: datetime) -> StockCount:
    count.status, count.settled_by, count.settled_at = status, by, at
    count.save(update_fields=["status", "settled_by", "settled_at"])
    return count


def _locked(count: StockCount) -> StockCount:
    held = StockCount.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("community__sub_district", "sub_district", "by").get(pk=count.pk)
