"""明细: the lines of a bill. Each explains itself to the family; none says which category a reduction comes from."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from childcare.billing import fees, reducing
from childcare.billing.reducing import Relief
from childcare.billing.splitting import Row, Split
from childcare.models import Bill, BillAdjustment, BillLine, Centre, Group, Offset, Place, PlaceQuerySet
from childcare.places import rooms
from childcare.places.groups import days_between
from communities.models import Resident

Kind = BillLine.Kind
WHY, WORDS = 160, 80  # characters


def places_of(centre: Centre, month: date) -> PlaceQuerySet:
    """With a day in `month`: who has a place, and whose place ended later than its first day."""
    had = Place.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=month), group__centre=centre, starts_on__lte=fees.last_of(month),
        status__in=[Place.Status.HELD, Place.Status.ENDED],
    )  # fmt: skip
    return had.select_related("group").order_by("pk")


def priced(centre: Centre, child: Resident, month: date) -> tuple[list[BillLine], Relief, Split | None]:
    """The unsaved lines of the fee, why it is reduced, and how: of a reduced one the lines are one. Refuses `NoFee`."""
    made = [_fee(one) for one in fees_of(centre, child, month)]
    standard = sum(line.amount_cents for line in made)
    relief = reducing.of_child(child, month) if standard else Relief()
    if not relief.stands:
        return made, relief, None
    split = split_of(made, month, standard, relief.percent)
    return [_reduced(made, standard - split.reduction)], relief, split


def fees_of(centre: Centre, child: Resident, month: date) -> list[fees.Fee]:
    """What each place of `child` costs in `month`, as the places are now. Refuses `NoFee`."""
    found = [fees.of_place(one, _planned(one.group, month)) for one in places_of(centre, month).filter(child=child)]
    return [one for one in found if one]


def split_of(made: list[BillLine], month: date, standard: int, percent: int) -> Split:
    """Each fee, and the reduction last."""
    why = f"按{fees.named(month)}1日有效的优待依据减免，四舍五入到分。依据到期或终止的，从下一张账单起不再减免。"
    rows = [Row("标准费", line.words, line.why, line.amount_cents) for line in made]
    return Split(percent, standard, (*rows, Row("优待减免", "优待减免", why, -reducing.of_fee(standard, percent))))


def corrected(centre: Centre, child: Resident, month: date, rest: int) -> list[BillLine]:
    """Approved corrections of earlier bills that no other bill took in yet; never more than `rest` in the family's favour."""
    made = []
    for one in outstanding(centre, month).filter(bill__child=child):
        left = left_of(one)
        amount = max(left, -rest)
        if amount:
            made.append(_corrected(one, amount, left))
            rest += amount
    return made


def outstanding(centre: Centre, month: date) -> QuerySet[BillAdjustment]:
    """Approved corrections of bills before `month`, with what other bills than those of `month` hold of each, and what was paid out."""
    mine = BillAdjustment.objects.approved().filter(bill__centre=centre, bill__month__lt=month)
    return mine.with_taken(but=month).select_related("bill").order_by("pk")


def left_of(one: BillAdjustment) -> int:
    """What of a correction (`with_taken`) no bill holds and nobody was paid yet; signed fen."""
    return one.amount_cents - one.taken + one.given  # type: ignore[attr-defined,no-any-return]


def of_points(standing: Offset | None) -> list[BillLine]:
    if standing is None:
        return []
    words = f"使用{standing.points:,}积分"
    beside = f"，另有优待补贴{standing.relief:,}积分一起抵扣" if standing.relief else ""
    why = f"账单确认以前可以撤回，积分原样退回{beside}。"
    return [BillLine(kind=Kind.POINTS, words=words, why=why, amount_cents=-standing.cents)]


def payer_of(bill: Bill, made: list[BillLine]) -> int:
    """Who asked for the first of the places; a bill of corrections alone goes to who paid the one that is corrected."""
    first = next((line.place for line in made if line.place), None)
    if first:
        return first.payer_id
    adjusted = next((line.adjustment for line in made if line.adjustment), None)
    return adjusted.bill.payer_id if adjusted else bill.payer_id


def numbered(made: list[BillLine]) -> list[BillLine]:
    for order, line in enumerate(made, 1):
        line.order = order
    return made


def replace(bill: Bill, made: Iterable[BillLine]) -> None:
    bill.lines.all().delete()
    for line in made:
        line.bill = bill
    BillLine.objects.bulk_create(made)


def figures(bill: Bill) -> list[tuple[object, ...]]:
    """By which two drawings of a bill are compared."""
    return [figure(one) for one in bill.lines.order_by("order")]


def figure(line: BillLine) -> tuple[object, ...]:
    return (line.order, line.kind, line.place_id, line.adjustment_id, line.words, line.why, line.amount_cents)


def _planned(group: Group, month: date) -> list[date]:
    """The days of the month as they were planned: of a group that the centre ended early those to come as well, so that its families
    pay by the days that it ran."""
    last = fees.last_of(month)
    later = rooms.days_given_back(group, last) if group.last_on < last else []
    return [*days_between(group, month, last), *(day for day in later if day >= month)]


def _fee(fee: fees.Fee) -> BillLine:
    return BillLine(kind=Kind.FEE, place=fee.place, words=fee.words[:WORDS], why=fee.why[:WHY], amount_cents=fee.cents)


def _reduced(made: list[BillLine], rest: int) -> BillLine:
    # One figure: beside the fee the reduction would tell the category to whoever reads the bill.
    words = f"{'；'.join(line.words for line in made)}（优待减免后）"
    why = "已按优待减免计算。标准费和减免各是多少，由家长在自己的账单里查看。"
    return BillLine(kind=Kind.FEE, place=made[0].place, words=words[-WORDS:], why=why, amount_cents=rest)


def _corrected(one: BillAdjustment, amount: int, left: int) -> BillLine:
    rest = "本月用不完的，留到下一张账单。" if amount != left else ""
    why = f"{fees.named(one.bill.month)}账单的更正：{one.reason}。{rest}"
    words = f"{fees.named(one.bill.month)}账单更正"
    return BillLine(kind=Kind.ADJUSTMENT, adjustment=one, words=words, why=why[:WHY], amount_cents=amount)
