"""核销: a voucher is used once, and its points go from the community's income to its partner.

Locks: the voucher alone. Booking a use touches no wallet (points/sql/0020_partners.sql), so the ledger comes after it and whoever
presses at the same moment waits here, and books nothing. Unique `redeemed_once` is the promise.
"""

from datetime import date, datetime, time

from django.db.models import Q

from communities import duties
from communities.kin import kin_of
from communities.models import User
from core import clock, words
from core.refusals import Refused
from core.sql import call
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from partners import standing
from partners.models import Agreement, Appointment, Clerk, Leaving, Licence, Offer, Redemption, Suspension, Voucher
from partners.vouchers.clerks import NotAMerchant
from partners.vouchers.finding import CheckFirst
from partners.vouchers.flags import flags_of
from partners.vouchers.returning import locked, refusal_to_staff
from points import ledger

PREFIX = "redeem"
NUMBER = "SELECT nextval(pg_get_serial_sequence('partners_redemption', 'id'))"
NOTHING = "券和积分都没有变动。"
Status = Voucher.Status


class OtherShop(Refused):
    code = "other_shop"
    message = f"这张券不是您店的，不能核销，{NOTHING}请顾客到券上写的店使用。"


class AlreadyUsed(Refused):
    code = "voucher_used"

    def __init__(self, at: datetime | None = None) -> None:
        when = f"在{words.dated(at)}" if at else "刚刚"
        super().__init__(f"这张券已{when}核销过，这次没有再核销，积分没有变动。有疑问请联系社区。")


class VoucherExpired(Refused):
    code = "voucher_expired"

    def __init__(self, voucher: Voucher) -> None:
        until = words.day(voucher.valid_until)
        super().__init__(f"这张券的有效期到{until}，已过期，不能核销，{NOTHING}请顾客联系社区。")


class VoucherReturned(Refused):
    code = "voucher_returned"
    message = "这张券已退回，积分早已还给居民，不能核销，什么都没有改动。需要的请顾客重新兑换。"


class VoucherFrozen(Refused):
    code = "voucher_frozen"
    message = f"这张券被社区冻结，现在不能核销，{NOTHING}请联系社区。"


class NotBookedYet(Refused):
    code = "appointment_not_confirmed"
    message = f"这张券要预约，预约还没有确认，不能核销，{NOTHING}请先在“预约”里确认时间。"


class OwnOrFamilys(Refused):
    code = "own_or_familys"
    message = (
        f"这是您自己、家人或由您代办的居民的券，不能用您的手机核销，{NOTHING}请店里其他人的手机核销，或请社区代录。"
    )
    status = 403


class ShopNotInForce(standing.NotInForce):
    message = f"店里和社区的协议现在没有生效，不能核销，{NOTHING}请联系社区。"


class ShopSuspended(standing.PartnerSuspended):
    message = f"店里的服务被社区暂停，恢复以前不能核销，{NOTHING}请联系社区。"


class ShopLicenceLapsed(standing.LicenceLapsed):
    def __init__(self, licence: Licence) -> None:
        until = f"（{words.day(licence.valid_until)}到期）" if licence.valid_until else ""
        Refused.__init__(self, f"店里的{licence}{until}已过期，换证登记以前不能核销，{NOTHING}请把新证交给社区核对。")


REFUSALS: Refusals = {**ledger.REFUSALS, "redeemed_once": lambda _: AlreadyUsed()}


def agreement_for(voucher: Voucher, on: date) -> Agreement | None:
    """What pays for a use on `on`: the agreement in force; after a 退出 the one that ended, as long as its vouchers are good."""
    if found := standing.agreement_of(voucher.partner, voucher.community, on):
        return found
    kept = Leaving.objects.filter(agreement__partner=voucher.partner_id, agreement__community=voucher.community_id)
    left = kept.filter(vouchers=Leaving.Vouchers.KEEP, vouchers_until__gte=on, decided_at__isnull=False)
    last = left.exclude(status=Leaving.Status.KEPT).select_related("agreement").order_by("-pk").first()
    return last.agreement if last else None


def refusal_of_shop(voucher: Voucher, on: date) -> Refused | None:
    """Why its partner cannot serve on `on`, as the shop reads it."""
    agreement = agreement_for(voucher, on)
    if agreement is None:
        return ShopNotInForce()
    begins, ends = clock.at(on, time()), clock.midnight_after(on)
    # A sheet of a day that lay within a suspension is not paid after it is lifted.
    stood = Q(lifted_at=None) | Q(at__lte=begins, lifted_at__gte=ends)
    if Suspension.objects.of(voucher.partner_id, voucher.community_id).filter(stood).exists():
        return ShopSuspended()
    lapsed = Licence.objects.lapsed(on).filter(partner=voucher.partner_id).order_by("valid_until").first()
    return ShopLicenceLapsed(lapsed) if lapsed else None


def refusal_to_redeem(voucher: Voucher, *, by: User, clerk: Clerk | None, on: date) -> Refused | None:
    """Why `by` cannot use it on the day of service `on`; None when nothing stands against it. Pages, REST and the verb ask.

    `clerk` is the shop's phone; without one it is staff, or their program, who write down what a shop did.
    """
    return (
        _refusal_to_person(voucher, by, clerk)
        or _refusal_of_state(voucher, on, late=clerk is None)
        or refusal_of_shop(voucher, on)
        or _refusal_of_booking(voucher)
    )


def _refusal_to_person(voucher: Voucher, by: User, clerk: Clerk | None) -> Refused | None:
    if clerk is None:
        if by.kind == User.Kind.SERVICE:  # a program has no family
            return None if duties.holds(by, voucher.community, *duties.ENTERING) else duties.NotYourDuty()
        return refusal_to_staff(voucher, by)
    if clerk.account_id != by.pk or not Clerk.objects.current().filter(pk=clerk.pk).exists():
        return NotAMerchant()
    if clerk.partner_id != voucher.partner_id:
        return OtherShop()
    return OwnOrFamilys() if kin_of(by).includes(voucher.resident) else None


def _refusal_of_state(voucher: Voucher, on: date, *, late: bool) -> Refused | None:
    if voucher.status == Status.USED:
        return AlreadyUsed(Redemption.objects.standing().filter(voucher=voucher).values_list("at", flat=True).first())
    if voucher.status == Status.RETURNED:
        return VoucherReturned()
    if voucher.status == Status.FROZEN:
        return VoucherFrozen()
    if on > voucher.valid_until or (voucher.status == Status.EXPIRED and not late):
        return VoucherExpired(voucher)
    return None


def _refusal_of_booking(voucher: Voucher) -> Refused | None:
    if voucher.offer.booking == Offer.Booking.NONE:
        return None
    confirmed = Appointment.objects.filter(voucher=voucher, status=Appointment.Status.CONFIRMED).exists()
    return None if confirmed else NotBookedYet()


@verb(REFUSALS)
def redeem(
    *, voucher: Voucher, by: User, way: str, clerk: Clerk | None = None, served_on: date | None = None, device: str = "",
    at: datetime | None = None,
) -> Redemption:  # fmt: skip
    """Use it: the partner's account at the community gets its price, the agreement of the day says what it pays in fen.

    Refuses what `refusal_to_redeem` says, and `CheckFirst` to a shop that did not ask for the second check of paper. The
    resident is told.
    """
    at = at or clock.now()
    on = served_on or clock.local(at).date()
    mine = locked(voucher)
    if refused := refusal_to_redeem(mine, by=by, clerk=clerk, on=on):
        raise refused
    if clerk and mine.printed and way != Redemption.Way.PAPER:
        raise CheckFirst
    agreement = agreement_for(mine, on)
    assert agreement, "refused above"
    number = call(NUMBER)[0]
    entry = ledger.redeem(
        key=f"{PREFIX}:{number}", community=mine.community, party=mine.partner_id, amount=mine.price, by=by,
        reason=f"核销“{mine.offer}”", at=at,
    )  # fmt: skip
    made = Redemption.objects.create(
        pk=number, voucher=mine, partner=mine.partner, community=mine.community, agreement=agreement, points=mine.price,
        unit_cents=share_of(mine.offer.worth_cents, agreement.percent), way=way, at=at, by=by, clerk=clerk, served_on=on,
        entry_id=entry, flags=flags_of(mine, way=way, at=at, device=device),
    )  # fmt: skip
    mine.status, mine.settled_at = Status.USED, None
    mine.save(update_fields=["status", "settled_at"])
    body = f"“{mine.offer}”已在{mine.partner}使用。不是您本人用的，请马上打社区电话。"
    words_said = Words("服务券已使用", body, f"/vouchers/{mine.pk}/")
    tell(resident=mine.resident, occasion=f"voucher:{mine.pk}:used:{number}", words=words_said)
    return made


def share_of(worth_cents: int, percent: int) -> int:
    """What the community pays of a service worth so much, in fen, half up."""
    return (worth_cents * percent + 50) // 100
