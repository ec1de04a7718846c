"""Agreements as tests need them: a template, a draft, one that waits to be signed, one that both sides signed."""

from datetime import date, timedelta
from typing import Any

from communities.models import User
from communities.photos import Picture
from core import clock
from partners.agreements import drafting, recording, signing, templates, wording
from partners.agreements.terms import Line, Space, Terms
from partners.models import Agreement, Clerk, Partner, Signature, Template
from tests import world as cast
from tests.activities import pictures
from tests.partners import shops
from tests.world import World

HAND = signing.Hand("王小店", "13800001234", "10.0.0.1")


def template(world: World, title: str = "社区合伙人协议") -> Template:
    """The newest approved one of 文兴's sub-district."""
    found = Template.objects.current().filter(sub_district=world.street, title=title).first()
    made = found or templates.draft(sub_district=world.street, title=title, text=wording.DEFAULT, by=world.he)
    return made if found else templates.approve(template=made, seen=made.digest, by=world.chen)


def barber(world: World) -> Partner:
    return Partner.objects.get_or_create(
        sub_district=world.street, name="永利理发", admitted_at__isnull=False,
        defaults={"kind": "merchant", "trade": "beauty", "summary": "理发", "admitted_at": clock.now(), "credit_code": "92140213MA0AAAAA1M"},
    )[0]  # fmt: skip


def terms(world: World, **fields: Any) -> Terms:
    today = clock.today()
    return Terms(
        **{
            "title": "社区合伙人协议", "starts_on": today, "ends_on": today + timedelta(days=364),
            "promises": (Line("免费理发", 2, 10), Line("上门理发", 4, discount="8折", focus="neighbours")),
            "rooms": (Space(cast.room(world.wenxing), 8, "周三下午", "水电免费"),),
        }
        | fields
    )  # fmt: skip


def drafted(world: World, by: User | None = None, partner: Partner | None = None, **fields: Any) -> Agreement:
    return drafting.draft(
        partner=partner or barber(world), community=world.wenxing, terms=terms(world, **fields), template=template(world), by=by or world.zhang
    )  # fmt: skip


def picture(colour: str = "red") -> Picture:
    return Picture(pictures.jpeg(colour=colour), 320, 200)


def sent(world: World, **fields: Any) -> Agreement:
    """With one attachment."""
    mine = drafted(world, **fields)
    drafting.attach(agreement=mine, title="营业执照", picture=picture(), by=world.zhang)
    return signing.send(agreement=mine, by=world.zhang)


def owner(mine: Agreement) -> Clerk:
    return Clerk.objects.current().filter(partner=mine.partner, slot=0).first() or shops.owner(mine)


def by_partner(mine: Agreement, **more: Any) -> Agreement:
    said = {
        "agreement": mine,
        "side": Signature.Side.PARTNER,
        "hand": HAND,
        "seen": mine.sha256,
        "by": owner(mine).account,
    }
    return signing.sign(**said | more)


def by_head(mine: Agreement, world: World, **more: Any) -> Agreement:
    hand = signing.Hand("陈志强", world.chen.own_phone, "10.0.0.2")
    said = {"agreement": mine, "side": Signature.Side.COMMUNITY, "hand": hand, "seen": mine.sha256, "by": world.chen}
    return signing.sign(**said | more)


def signed(world: World, **fields: Any) -> Agreement:
    mine = sent(world, **fields)
    by_partner(mine)
    return by_head(mine, world)


def renewed(old: Agreement, world: World) -> Agreement:
    return drafting.renew(agreement=old, by=world.zhang)


def recorded_again(world: World, held: Agreement, number: str = "纸1") -> Agreement:
    """Written down from paper, with the partner of `held`; a head confirms it with `confirmed`."""
    today = clock.today()
    made = Agreement(
        partner=held.partner, community=held.community, number=number, title="协议", text="正文", promise="理发", signed_on=today,
        starts_on=today, ends_on=today + timedelta(days=364),
    )  # fmt: skip
    return recording.record(agreement=made, by=world.zhang)


def confirmed(mine: Agreement, by: User, scanned_by: User) -> Agreement:
    """Signed on paper: somebody takes the picture, `by` has seen it."""
    signing.scan(agreement=mine, title="签字页", picture=picture(), by=scanned_by)
    return signing.confirm_paper(agreement=mine, partner_name="王小店", community_name="陈志强", by=by)


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)
