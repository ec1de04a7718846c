"""Rows of 履约 for the doors (tests/access/rows.py): of an older agreement of the same partner; another one is suspended."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from communities.models import Setting
from communities.settings import EVALUATIONS, SHOP_VISITS
from core import clock
from partners.models import Agreement, Complaint, Delivery, Leaving, Paper, Partner, Promise, Suspension
from partners.obligations import complaining
from tests import world as cast
from tests.activities import pictures
from tests.partners.promised import agreed, promise_of
from tests.world import World


@dataclass(frozen=True)
class PromisedRows:
    promise: Promise
    delivery: Delivery  # with a photo, waiting
    complaint: Complaint  # of 王秀兰
    suspension: Suspension
    leaving: Leaving


def lay_promised(world: World, agreement: Agreement) -> PromisedRows:
    today = clock.today()
    for declared in (SHOP_VISITS, EVALUATIONS):  # 404 as long as they are off
        Setting.objects.get_or_create(
            sub_district=world.street, key=declared.key, starts_on=today, defaults={"value": 1, "by": world.he}
        )
    old = agreed(world, partner=agreement.partner, hours=8)
    jpeg = pictures.picture().jpeg
    paper = Paper.objects.create(
        partner=old.partner, title="金丝雀照片", jpeg=jpeg, sha256=sha256(jpeg).hexdigest(), by=world.zhang
    )
    assert world.wang.account
    return PromisedRows(
        promise_of(old),
        Delivery.objects.create(promise=promise_of(old), on=today, people=3, minutes=60, note="金丝雀履约", paper=paper, by=world.system),
        complaining.file(partner=old.partner, community=world.wenxing, resident=world.wang, text="金丝雀投诉", by=world.wang.account),
        Suspension.objects.create(agreement=_shut(world), cause="accident", reason="金丝雀暂停", by=world.chen),
        Leaving.objects.create(agreement=old, reason="金丝雀退出", by=world.system, answer_by=today + timedelta(days=14)),
    )  # fmt: skip


def _shut(world: World) -> Agreement:
    """Of a partner of its own: the offers of the other one stay on show."""
    shop = Partner.objects.create(
        sub_district=world.street,
        name=f"停业小店{world.wenxing.pk}",
        kind="merchant",
        trade="retail",
        summary="百货",
        admitted_at=clock.now(),
    )
    return cast.partner(world.street, world.wenxing, world.zhang, partner=shop)
