"""异常提示: what a use looks like that somebody should look at (domain guide, 8). Nobody is stopped by them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from communities.settings import VOUCHER_BURST, VOUCHER_FAST_SECONDS, values_of
from core import clock
from partners.models import Redemption, Voucher

BURST_WITHIN = timedelta(minutes=10)
OPEN = range(7, 22)  # the hours of the day in which shops are open; what a shop says of its hours is free text
HOUSEHOLD_MOST = 2  # so many of one household a day are nothing to look at
Flag, Way = Redemption.Flag, Redemption.Way


def flags_of(voucher: Voucher, *, way: str, at: datetime, device: str) -> list[str]:
    """The flags of using `voucher` now. What staff enter for a shop says nothing about when and by which phone."""
    if way == Way.DESK:
        return [Flag.HOUSEHOLD.value] if _household(voucher, at) else []
    return [flag.value for flag in _at_the_shop(voucher, at, device)]


def _at_the_shop(voucher: Voucher, at: datetime, device: str) -> Iterator[Redemption.Flag]:
    limits = values_of([VOUCHER_BURST, VOUCHER_FAST_SECONDS], voucher.community.sub_district_id)
    recent = Redemption.objects.standing().filter(partner=voucher.partner_id, at__gt=at - BURST_WITHIN)
    if recent.exclude(way=Way.DESK).count() + 1 >= limits[VOUCHER_BURST]:
        yield Flag.BURST
    if clock.local(at).hour not in OPEN:
        yield Flag.NIGHT
    if device and device == voucher.device:
        yield Flag.SAME_DEVICE
    if _household(voucher, at):
        yield Flag.HOUSEHOLD
    if at - voucher.at < timedelta(seconds=limits[VOUCHER_FAST_SECONDS]):
        yield Flag.FAST


def _household(voucher: Voucher, at: datetime) -> bool:
    """Whether this is one more of the same household (of the same person without one) at this partner today."""
    home = voucher.resident.household_id
    whose = {"voucher__resident__household": home} if home else {"voucher__resident": voucher.resident_id}
    today = Redemption.objects.standing().on_day(clock.local(at).date())
    return today.filter(partner=voucher.partner_id, **whose).count() >= HOUSEHOLD_MOST
