"""An agreement with promises and rooms, deliveries of it, and complaints, as tests of 履约 need them."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from communities.models import Resident, Setting, User
from communities.settings import Value
from core import clock
from partners.models import Agreement, Complaint, Delivery, Leaving, Partner, Promise, RoomGrant, Signature
from partners.obligations import complaining, leaving, reporting, witnessing
from tests import world as cast
from tests.world import World

DAY = timedelta(days=1)
_notes = count(1)


def agreed(world: World, times: int = 2, hours: int = 0, **fields: Any) -> Agreement:
    """In force since 40 days: 免费理发 `times` times a month, and perhaps a room for `hours` hours a month."""
    starts = fields.pop("starts_on", clock.today() - 40 * DAY)
    community = fields.pop("community", world.wenxing)
    later = {"ends_on": fields.pop("ends_on", starts + timedelta(days=364))}
    made = cast.partner(
        world.street, community, world.zhang, starts_on=starts, status="draft", signed_on=None, **later, **fields
    )
    Promise.objects.create(agreement=made, order=1, item="免费理发", times=times, people=10, focus="old_and_young")
    if hours:
        RoomGrant.objects.create(agreement=made, room=cast.room(community), hours=hours, when="周二上午")
    return on_paper(made, starts, world.chen)


def on_paper(made: Agreement, on: date, by: User) -> Agreement:
    """A draft, signed by both sides on paper."""
    made.status, made.signed_on, made.sent_at = Agreement.Status.SIGNING, on, clock.now()
    made.save(update_fields=["status", "signed_on", "sent_at"])
    made.refresh_from_db()
    Signature.objects.bulk_create(
        Signature(agreement=made, side=side, way="paper", name="纸上签", sha256=made.sha256, by=by)
        for side in Signature.Side.values
    )
    made.status = Agreement.Status.SIGNED
    made.save(update_fields=["status"])
    return made


def promise_of(agreement: Agreement) -> Promise:
    return agreement.promises.get()


def reported(agreement: Agreement, by: User, on: date | None = None, **said: Any) -> Delivery:
    said = {"people": 10, "minutes": 120, "note": f"在活动室为老人理发（{next(_notes)}）"} | said
    return reporting.report(promise=promise_of(agreement), on=on or clock.today(), by=by, **said)


def confirmed(agreement: Agreement, by: User, other: User, on: date | None = None, **said: Any) -> Delivery:
    return reporting.confirm(delivery=reported(agreement, by, on, **said), by=other)


def complained(agreement: Agreement, resident: Resident, text: str = "排队很久，态度不好") -> Complaint:
    assert resident.account
    return complaining.file(
        partner=agreement.partner, community=agreement.community, resident=resident, text=text, by=resident.account, kind="manner"
    )  # fmt: skip


def switched_on(world: World, declared: Value) -> None:
    Setting.objects.create(
        sub_district=world.street, key=declared.key, value=1, starts_on=clock.today() - 200 * DAY, by=world.he
    )


def witnessed_and_left(world: World) -> Leaving:
    """A delivery that residents confirmed, and a partner that was then decided to leave."""
    shop = Partner.objects.create(
        sub_district=world.street,
        name="要走的店",
        kind="merchant",
        trade="retail",
        summary="百货",
        admitted_at=clock.now(),
    )
    agreement = agreed(world, partner=shop)
    made = reported(agreement, world.zhang)
    for resident in (world.li, world.zhao):
        witnessing.witness(delivery=made, resident=resident, stars=5, by=world.system)
    told = leaving.begin(agreement=agreement, reason="长期没有履约", by=world.chen)
    Leaving.objects.filter(pk=told.pk).update(answered_at=clock.now(), answer="人手不够")
    return leaving.decide(leaving=told, leave=True, minutes="一致同意", by=world.he)
