"""门前五包: visits at the shop with five scores from 0 to 20. Off until the sub-district switches it on (setting SHOP_VISITS)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from communities import duties
from communities.models import Community, User
from communities.settings import SHOP_VISITS, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import Agreement, Partner, ShopVisit
from partners.obligations import bias

NOTE, MOST = 200, 20
OLDEST = timedelta(days=30)


class VisitsOff(Refused):
    code = "visits_off"
    message = "门前五包走访没有开启，没有保存。需要的请街道管理员在设置里打开。"


class NoSuchShop(Refused):
    code = "no_such_shop"
    message = "这家合伙人和本社区没有生效的协议，没有保存。"


class VisitUnclear(BadInput):
    code = "visit_unclear"
    message = f"五项各填0到{MOST}分，日期在过去{OLDEST.days}天以内，没有保存。"


def is_on(sub_district_id: int) -> bool:
    return bool(value_of(SHOP_VISITS, sub_district_id))


def refusal_for(partner: Partner, community: Community, by: User) -> Refused | None:
    """Why `by` cannot write down a visit; None when nothing stands against it."""
    if not duties.holds(by, community):
        return duties.NotYourDuty()
    if not is_on(community.sub_district_id):
        return VisitsOff()
    held = Agreement.objects.in_force(clock.today()).filter(partner=partner, community=community)
    return bias.refusal_for(by, partner) if held.exists() else NoSuchShop()


@verb()
def visit(
    *, partner: Partner, community: Community, on: date, scores: Sequence[int], by: User, pledged: bool = False, note: str = ""
) -> ShopVisit:  # fmt: skip
    """Write down what was seen: five scores in the order of `ShopVisit.DUTIES`. Refuses what `refusal_for` says."""
    if refused := refusal_for(partner, community, by):
        raise refused
    today, note = clock.today(), note.strip()
    if len(scores) != len(ShopVisit.DUTIES) or not all(0 <= one <= MOST for one in scores):
        raise VisitUnclear
    if not today - OLDEST <= on <= today or len(note) > NOTE or "\0" in note:
        raise VisitUnclear
    return ShopVisit.objects.create(
        partner=partner, community=community, on=on, scores=list(scores), pledged=pledged, note=note, by=by
    )


def average(partner: Partner, community: Community, first: date, after: date) -> Decimal | None:
    """Of a hundred, of the visits from `first` on and before `after`; None without any."""
    made = ShopVisit.objects.filter(partner=partner, community=community, on__gte=first, on__lt=after)
    totals = [sum(one) for one in made.values_list("scores", flat=True)]
    return round(Decimal(sum(totals)) / len(totals), 1) if totals else None
