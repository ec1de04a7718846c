"""评价: stars for a voucher that was used, and the average that everybody may see once there are enough of them."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Avg, Count

from communities import closing
from communities.models import Community, Resident, User
from communities.settings import RATINGS_LEAST, value_of
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from partners.models import Partner, Rating, Voucher
from partners.obligations.witnessing import REMARK, STARS, NotStars, of_the_shop


class NotUsed(Refused):
    code = "voucher_not_used"
    message = "这张券还没有使用，用过以后才能评价，没有提交。"


class AlreadyRated(Refused):
    code = "already_rated"
    message = "这张券已经评价过，不能再改，没有重复提交。谢谢。"


class NotYourVoucher(Refused):
    code = "not_your_voucher"
    message = "只有用券的居民本人可以评价，没有提交。"
    status = 403


class OwnVoucher(Refused):
    code = "own_shop_rating"
    message = "这家店由您或家人经营、值守，不能自己评价，没有提交。"
    status = 403


REFUSALS: Refusals = {
    "partners_rating_voucher_id_key": lambda _: AlreadyRated(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


class Stars(NamedTuple):
    """`average` to one place; None as long as there are fewer than the setting asks, so that nobody is read out of it."""

    many: int
    average: Decimal | None


def refusal_for(voucher: Voucher, resident: Resident, by: User) -> Refused | None:
    """Why `resident` cannot rate it, or `by` for them; None when nothing stands against it."""
    if voucher.resident_id != resident.pk:
        return NotYourVoucher()
    if voucher.status != Voucher.Status.USED:
        return NotUsed()
    if of_the_shop(voucher.partner_id, resident, by):
        return OwnVoucher()
    return AlreadyRated() if Rating.objects.filter(voucher=voucher).exists() else None


@verb(REFUSALS)
def rate(
    *, voucher: Voucher, resident: Resident, stars: int, by: User, remark: str = "", at: datetime | None = None
) -> Rating:  # fmt: skip
    """One to five stars and a few words, once. Refuses `NotStars` and what `refusal_for` says.

    A use that is undone afterwards leaves the rating: it says what was seen at the counter.
    """
    remark = remark.strip()
    if stars not in STARS or len(remark) > REMARK or "\0" in remark:
        raise NotStars
    if refused := refusal_for(voucher, resident, by):
        raise refused
    return Rating.objects.create(
        partner=voucher.partner, community=voucher.community, resident=resident, voucher=voucher, stars=stars,
        remark=remark, at=at or clock.now(),
    )  # fmt: skip


def stars_of(
    partner: Partner, community: Community | None = None, *, since: datetime | None = None, until: datetime | None = None
) -> Stars:  # fmt: skip
    """The average of the ratings of `partner` (at `community`, from `since`, before `until`), hidden below the setting's number."""
    found = Rating.objects.filter(partner=partner)
    found = found.filter(community=community) if community else found
    found = found.filter(at__gte=since) if since else found
    found = found.filter(at__lt=until) if until else found
    said = found.aggregate(many=Count("pk"), mean=Avg("stars"))
    enough = said["many"] >= value_of(RATINGS_LEAST, partner.sub_district_id)
    return Stars(said["many"], round(Decimal(said["mean"]), 1) if enough else None)
