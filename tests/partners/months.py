"""A shop's past month as statements need it: agreements that change, uses and undone uses at chosen moments."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from communities.models import Resident, User
from core import clock
from partners.models import Agreement, Clerk, Offer, Partner, Redemption, Statement
from partners.settling import correcting, drawing, signing
from partners.vouchers.redeeming import redeem
from partners.vouchers.undoing import undo
from tests import world as cast
from tests.partners import shops
from tests.world import World


def first_of(back: int) -> date:
    """The first day of this month, or of the one so many months before."""
    day = clock.today().replace(day=1)
    for _ in range(back):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return clock.at(day, time(hour, minute))


def agreed(world: World, mode: str, percent: int, **fields: Any) -> Agreement:
    """Of the last ten months, unless `fields` say otherwise; 文兴 and the shop of the fixed cast."""
    since = first_of(10)
    terms = {"starts_on": since, "signed_on": since, "ends_on": clock.today() + timedelta(days=60)}
    return cast.partner(world.street, world.wenxing, world.zhang, **terms | {"mode": mode, "percent": percent} | fields)


def offered(agreement: Agreement, **fields: Any) -> Offer:
    """20 points, worth 15 yuan, on the shelf for as long as the agreement."""
    return shops.offer(agreement, **{"starts_on": first_of(10)} | fields)


def rich(world: World) -> Resident:
    cast.award(world.wang, 90000, at=moment(first_of(6)))
    return world.wang


def owner_of(partner: Partner) -> Clerk:
    found = Clerk.objects.current().filter(partner=partner, slot=Clerk.OWNER).first()
    return found or shops.owner(Agreement.objects.filter(partner=partner).latest("pk"))


def use(offer: Offer, resident: Resident, at: datetime) -> Redemption:
    """Taken an hour before, used at `at`."""
    owner = owner_of(offer.partner)
    mine = shops.voucher(offer, resident, at - timedelta(hours=1))
    return redeem(voucher=mine, by=owner.account, clerk=owner, way="scan", at=at)


def undone(use: Redemption, at: datetime) -> Redemption:
    return undo(redemption=use, by=User.objects.get(username="chenzhuren"), reason="弄错了", at=at)


def frozen(world: World, partner: Partner, month: date) -> Statement:
    """Drawn, agreed to by the owner, signed by the head."""
    made = drawing.draw(partner=partner, community=world.wenxing, month=month, by=world.zhang)
    signing.agree(statement=made, by=owner_of(partner).account)
    return signing.freeze(statement=made, by=world.chen)


MOVED = """
WITH own AS (SELECT id FROM points_account WHERE party = %(party)s AND community_id = %(community)s),
month AS (
    SELECT e.*, p.amount, CASE WHEN p.destination_id IN (TABLE own) THEN 1 ELSE -1 END AS sign
    FROM points_posting p JOIN points_entry e ON e.id = p.entry_id
    WHERE (p.destination_id IN (TABLE own) OR p.source_id IN (TABLE own))
        AND e.at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai'
        AND e.at < (%(since)s::timestamp + interval '1 month') AT TIME ZONE 'Asia/Shanghai')
SELECT coalesce(sum(m.sign), 0)::int, coalesce(sum(m.sign * m.amount), 0)::int,
    coalesce(sum(m.sign * floor((o.worth_cents * a.percent + 50) / 100)), 0)::int
FROM month m
JOIN partners_redemption r ON r.entry_id = coalesce(m.reverses_id, m.id)
JOIN partners_voucher v ON v.id = r.voucher_id JOIN partners_offer o ON o.id = v.offer_id
JOIN points_entry used ON used.id = r.entry_id
JOIN partners_agreement a ON a.partner_id = %(party)s AND a.community_id = %(community)s
    AND (used.at AT TIME ZONE 'Asia/Shanghai')::date >= a.starts_on
    AND (used.at AT TIME ZONE 'Asia/Shanghai')::date < coalesce(a.ended_on, a.ends_on + 1)
"""


def moved(statement: Statement) -> tuple[int, int, int]:
    """Uses less undone ones, their points and their fen, from the books and the agreements' terms alone."""
    names: dict[str, Any] = {
        "party": statement.partner_id,
        "community": statement.community_id,
        "since": statement.month,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVED, names)
        count, points, cents = cursor.fetchone()
        return count, points, cents


def settled(world: World) -> None:
    """For the check of the books: a frozen month with a use and an undone one, and the next one with its correction."""
    buyer = cast.resident(world.wenxing, "郑结算", "13700009993")
    cast.award(buyer, 100, at=moment(first_of(6)))
    offer = offered(agreed(world, "subsidy", 100))
    use(offer, buyer, moment(first_of(2) + timedelta(days=1)))
    undone(use(offer, buyer, moment(first_of(2) + timedelta(days=2))), moment(first_of(2) + timedelta(days=3)))
    first = frozen(world, offer.partner, first_of(2))
    wrong = correcting.propose(statement=first, amount_cents=50, reason="少付", by=world.zhang)
    correcting.approve(correction=wrong, by=world.chen)
    frozen(world, offer.partner, first_of(1))
