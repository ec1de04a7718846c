"""兑换服务券: points are charged and one of an offer is taken, in one transaction.

Locks: the wallet (inside the ledger), then the household's turn, the voucher, the counters of offer and slot last (by trigger). The
limits of person and household are asked again under the first two, so that two taps at once are one.
"""

from datetime import datetime, timedelta

from communities import closing, helping
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.sql import call
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from partners import standing
from partners.models import Offer, Voucher
from partners.models.numbers import new_number
from partners.offers import reach
from partners.offers.reach import OfferGone, OfferOver
from partners.vouchers import booking
from partners.vouchers.booking import Wanted
from points import ledger, purse as common

PREFIX = "voucher"
NUMBER = "SELECT nextval(pg_get_serial_sequence('partners_voucher', 'id'))"
NOTHING = Wanted()
REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "offer_stock": lambda _: OfferGone(),
    "PA002": lambda _: OfferOver(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def refusal_to_take(offer: Offer, resident: Resident, at: datetime, *, purse: bool = False) -> Refused | None:
    """Why `resident` cannot take one of `offer` at `at`; None when nothing stands against it. Page, counter, REST and verb ask.

    With `purse` 家庭积分 is to pay. What is to be booked with it: `booking.refusal_to_book`.
    """
    today = clock.local(at).date()
    facts = reach.facts_of(resident, at, [offer], purse=purse)
    return (
        reach.against_offer(offer, today)
        or standing.refusal_for(offer.partner, offer.community, today)
        or reach.refusal_for(offer, facts, today, purse=purse)
    )


def refusal_or_purse(offer: Offer, resident: Resident, at: datetime) -> tuple[Refused | None, bool]:
    """Why not, and whether 家庭积分 pays: where only the own points are short, and the household has enough."""
    refused = refusal_to_take(offer, resident, at)
    if isinstance(refused, ledger.ShortOfPoints) and refusal_to_take(offer, resident, at, purse=True) is None:
        return None, True
    return refused, False


@verb(REFUSALS)
def take(
    *, offer: Offer, resident: Resident, by: User, at: datetime | None = None, purse: bool = False, wanted: Wanted = NOTHING,
    printed: bool = False, device: str = "",
) -> Voucher:  # fmt: skip
    """Charge `resident` and give them a voucher that is good for the offer's days; `wanted` is booked with it.

    `printed` for somebody without a phone, `device` of who took it (devices.py). Refuses what `refusal_to_take` and
    `booking.refusal_to_book` say.
    """
    at = at or clock.now()
    seen = Offer.objects.select_related("partner", "community").get(pk=offer.pk)
    if refused := refusal_to_take(seen, resident, at, purse=purse) or booking.refusal_to_book(
        seen, resident, wanted, at
    ):
        raise refused
    number = call(NUMBER)[0]
    entry = ledger.charge(
        key=f"{PREFIX}:{number}", resident=resident, amount=seen.price, provider=seen.community, by=by,
        reason=f"兑换“{seen.title}”（{seen.partner}）", purse=purse, at=at,
    )  # fmt: skip
    if refused := reach.limits_again(seen, resident, at):
        raise refused
    made = Voucher.objects.create(
        pk=number, offer=seen, partner=seen.partner, community=seen.community, resident=resident, price=seen.price, at=at, by=by,
        valid_until=clock.local(at).date() + timedelta(days=seen.valid_days), entry_id=entry, printed=printed, device=device,
        number=free_number(seen.partner_id),
    )  # fmt: skip
    booking.book(voucher=made, wanted=wanted, by=by, at=at)
    _tell(made, wanted, by)
    if purse:
        common.tell_relatives(
            entry=entry, payer=resident, occasion=f"voucher:{number}:purse",
            say=lambda points: f"家人用家庭积分兑换“{seen.title}”，从您的积分使用了{points:,}积分。",
        )  # fmt: skip
    return made


def free_number(partner_id: int) -> str:
    """A number that no other open voucher of the partner has."""
    out = Voucher.objects.filter(partner=partner_id, status__in=(Voucher.Status.ISSUED, Voucher.Status.FROZEN))
    drawn = new_number()
    while out.filter(number=drawn).exists():
        drawn = new_number()
    return drawn


def _tell(made: Voucher, wanted: Wanted, by: User) -> None:
    use = f"请在{words.day(made.valid_until)}前到{made.partner}使用。"
    if wanted.slot:
        use = f"预约{words.dated(wanted.slot.starts_at)}，等{made.partner}确认后再告诉您；没有确认的，积分退回。"
    body = f"已用{made.price}积分兑换“{made.offer.title}”。{use}{helping.said(made.resident, by)}"
    said = Words("服务券兑换成功", body, f"/vouchers/{made.pk}/")
    tell(resident=made.resident, occasion=f"voucher:{made.pk}:taken", words=said)
