"""退出办结: vouchers that go back, the last statement, the sign, and then the partner has left.

Each voucher is a transaction of its own, so that it can be stopped and begun again (`return_vouchers`, also run by beat).
"""

from datetime import date, datetime
from itertools import chain

from django.db.models import Q

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import (
    Correction,
    Leaving,
    Redemption,
    RedemptionQuerySet,
    RoomGrant,
    Statement,
    StatementQuerySet,
    Voucher,
    VoucherQuerySet,
)
from partners.money import yuan
from partners.obligations.leaving import LeavingState
from partners.obligations.suspending import DECIDING
from partners.vouchers import returning
from venues.models import Booking

WHY = "合伙人退出，积分退回"
Status = Leaving.Status


class VouchersOut(Refused):
    code = "vouchers_out"

    def __init__(self, many: int = 0) -> None:
        super().__init__(f"还有{many}张券没有用完或退回，没有办结。请等券到期，或先退回。")


class SettlementOpen(Refused):
    code = "settlement_open"
    message = "结算还没有办完，没有办结。请先办好结算。"


class RoomsHeld(Refused):
    code = "rooms_held"

    def __init__(self, many: int = 0) -> None:
        super().__init__(f"合伙人的场地还有{many}次预订没有取消，没有办结。请先在“场地”里取消这些预订。")


class SignDay(BadInput):
    code = "sign_day"
    message = "标牌收回日期不能晚于今天，没有保存。"


def vouchers_out(leaving: Leaving) -> VoucherQuerySet:
    """Those of the partner at this community that may still be used, or are frozen."""
    agreement = leaving.agreement
    out = (Voucher.Status.ISSUED, Voucher.Status.FROZEN)
    return Voucher.objects.filter(partner=agreement.partner_id, community=agreement.community_id, status__in=out)


def return_vouchers(leaving: Leaving, at: datetime | None = None, *, most: int | None = None) -> int:
    """Give back what is out (`most` of it), if it was decided so or their days are over; how many that were.

    One that is being used is left alone.
    """
    at = at or clock.now()
    if leaving.status != Status.DECIDED or not _goes_back(leaving, clock.local(at).date()):
        return 0
    by = User.objects.get(username="system")
    waiting = vouchers_out(leaving).filter(status=Voucher.Status.ISSUED).order_by("pk")
    return sum(_returned(one, by, at) for one in waiting[:most].iterator(chunk_size=200))


def _goes_back(leaving: Leaving, on: date) -> bool:
    until = leaving.vouchers_until
    return leaving.vouchers == Leaving.Vouchers.RETURN or (until is not None and until < on)


def _returned(voucher: Voucher, by: User, at: datetime) -> int:
    try:
        returning.give_back(voucher=voucher, by=by, reason=WHY, at=at)
    except Refused:
        return 0
    return 1


def sweep(at: datetime) -> int:
    """Run by beat: go on with what a page began, and give back what nobody could use in the days that were left."""
    over = Q(vouchers=Leaving.Vouchers.RETURN) | Q(vouchers_until__lt=clock.local(at).date())
    decided = Leaving.objects.filter(over, status=Status.DECIDED)
    return sum(return_vouchers(one, at) for one in decided.select_related("agreement").order_by("pk"))


def refusal_of_settlement(leaving: Leaving) -> SettlementOpen | None:
    """What of the money of the two is still open; None when all is signed, corrected and paid, and nobody owes anything."""
    agreement = leaving.agreement
    two = {"partner": agreement.partner_id, "community": agreement.community_id}
    statements = Statement.objects.filter(**two)
    if many := statements.exclude(pk__in=statements.frozen()).count():
        return SettlementOpen(f"还有{many}张结算单双方没有确认完，没有办结。请先在“结算单”里办好。")
    if not _all_drawn(statements, Redemption.objects.filter(**two)):
        return SettlementOpen("最近核销或撤销的券还没有出结算单，没有办结。请等下月初出单、双方确认后再办结。")
    if many := Correction.objects.filter(statement__in=statements, line=None).count():
        return SettlementOpen(
            f"还有{many}笔结算更正没有批准，或批准了还没有列入结算单，没有办结。请先批准或撤回；批准了的列入下月的结算单。"
        )
    if many := statements.to_pay().count():
        return SettlementOpen(f"还有{many}张结算单没有登记支付，没有办结。请先请财务登记支付。")
    last = statements.order_by("-month").first()
    if last and last.net_cents < 0:
        return SettlementOpen(
            f"合伙人还应退回{yuan(-last.net_cents)}元，没有办结。收到后请在{last.month.month}月的结算单上登记一笔同样数额的更正，列入下月的结算单。"
        )
    return None


def _all_drawn(statements: StatementQuerySet, uses: RedemptionQuerySet) -> bool:
    """Whether every use stands in one of them, and so does every undone one."""
    months = set(statements.values_list("month", flat=True))
    moved = (uses.datetimes(moment, "month", tzinfo=clock.SHANGHAI) for moment in ("at", "undone_at"))
    return all(clock.local(month).date() in months for month in chain.from_iterable(moved))


def refusal_for(leaving: Leaving, by: User) -> Refused | None:
    """Why `by` cannot finish it; None when nothing stands against it. The desk and the verb ask."""
    if not duties.holds(by, leaving.agreement.community, *DECIDING):
        return duties.NotYourDuty()
    if leaving.status != Status.DECIDED:
        return LeavingState()
    if many := vouchers_out(leaving).count():
        return VouchersOut(many)
    if held := rooms_held(leaving):
        return RoomsHeld(held)
    return refusal_of_settlement(leaving)


def rooms_held(leaving: Leaving) -> int:
    """How many bookings of rooms that were given to the partner are still to come."""
    agreement = leaving.agreement
    given = RoomGrant.objects.filter(
        agreement__partner=agreement.partner_id, agreement__community=agreement.community_id
    )
    series = given.exclude(series=None).values("series")
    return Booking.objects.holding().filter(series__in=series, starts_at__gt=clock.now()).count()


@verb()
def finish(*, leaving: Leaving, sign_removed_on: date, by: User, at: datetime | None = None) -> Leaving:
    """The sign is off and all is settled: everybody may read that the partner has left. Refuses what `refusal_for` says."""
    rows = Leaving.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("agreement__partner", "agreement__community").get(pk=leaving.pk)
    if refused := refusal_for(mine, by):
        raise refused
    if sign_removed_on > clock.today():
        raise SignDay
    mine.status, mine.sign_removed_on, mine.done_by, mine.done_at = Status.DONE, sign_removed_on, by, at or clock.now()
    mine.save(update_fields=["status", "sign_removed_on", "done_by", "done_at"])
    return mine
