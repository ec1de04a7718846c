"""Both sides sign one text: on the phone, at the desk, on paper."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from communities import kin, todo
from communities.kin import OwnPhoneMissing
from core import clock
from core.refusals import Refused
from partners.agreements import drafting, halting, signing
from partners.agreements.dates import AgreementOver
from partners.models import Agreement, Clerk, Signature
from partners.obligations import bias, leaving, suspending
from tests import world as cast
from tests.books import refuses
from tests.partners import agreeing, shops
from tests.world import World

pytestmark = pytest.mark.django_db
Side = Signature.Side


def test_two_signatures_put_it_in_force_and_keep_who_when_where_and_what(world: World) -> None:
    mine = agreeing.sent(world)
    half = agreeing.by_partner(mine)
    assert (half.status, half.signed_on) == ("signing", None)
    done = agreeing.by_head(mine, world)
    assert (done.status, done.signed_on) == ("signed", clock.today())
    assert Agreement.objects.working(clock.today()).get() == done
    kept = Signature.objects.get(agreement=mine, side=Side.PARTNER)
    assert (kept.name, kept.way, kept.phone, kept.address, kept.sha256) == ("王小店", "typed", "1234", "10.0.0.1", mine.sha256)  # fmt: skip
    assert agreeing.by_partner(mine) == done and Signature.objects.count() == 2  # a second tap changes nothing


def test_a_drawn_name_is_kept_as_a_path_and_nothing_else_passes_for_one(world: World) -> None:
    mine = agreeing.sent(world)
    path = "M10 20" + "L30 40" * 8
    for drawing in ("M10 20", 'M1 1"/><script>', "M10 20" + "L3000 40" * 8, path + " "):
        with refuses(signing.BadSignature):
            agreeing.by_partner(mine, hand=signing.Hand("王小店", "13800001234", "", drawing))
    agreeing.by_partner(mine, hand=signing.Hand("王小店", "13800001234", "", path))
    assert mine.signatures.get().way == "drawn"


def test_whoever_may_not_sign_does_not(world: World) -> None:
    mine = agreeing.sent(world)
    clerk, rival = shops.clerk(mine), shops.rival(world)
    for by in (clerk.account, rival.account, world.chen):
        with refuses(signing.NotForYou):
            agreeing.by_partner(mine, by=by)
    for by in (world.zhang, world.qian):
        with refuses(signing.NotForYou):
            agreeing.by_head(mine, world, by=by)
    with refuses(signing.TextChanged):
        agreeing.by_partner(mine, seen="0" * 64)
    with refuses(signing.BadSignature):
        agreeing.by_partner(mine, hand=signing.Hand(" 王 ", "13800001234", ""))
    draft = agreeing.drafted(world)
    with refuses(signing.NotSent):
        agreeing.by_head(draft, world)
    agreeing.by_head(mine, world)
    with refuses(signing.SignedAlready):
        agreeing.by_head(mine, world, by=world.he)


def test_a_head_does_not_speak_for_the_community_to_the_own_shop(world: World) -> None:
    mine = agreeing.sent(world)
    wife = cast.resident(world.wenxing, "陈嫂", "13811113333")
    wife.household.members.add(cast.resident(world.wenxing, "陈志强", world.chen.own_phone))
    assert wife.account
    Clerk.objects.create(partner=mine.partner, account=wife.account, slot=0, label="店主", added_by=wife.account)
    with refuses(bias.OwnShop):
        agreeing.by_head(mine, world)
    type(world.chen).objects.filter(pk=world.chen.pk).update(own_phone="")
    world.chen.refresh_from_db()
    with refuses(OwnPhoneMissing):
        agreeing.by_head(mine, world)


def test_print_and_sign_needs_a_scan_and_two_colleagues(world: World) -> None:
    mine = agreeing.sent(world)

    def confirm(by: object = world.chen) -> Agreement:
        return signing.confirm_paper(agreement=mine, partner_name="王小店", community_name="陈志强", by=by)  # type: ignore[arg-type]

    with refuses(signing.NoScan):
        confirm()
    signing.scan(agreement=mine, title="签字页", picture=agreeing.picture("blue"), by=world.chen)
    with refuses(signing.SameColleague):
        confirm()
    with refuses(signing.NotForYou):
        confirm(world.zhang)
    done = confirm(world.he)
    assert done.status == "signed"
    assert list(mine.signatures.values_list("way", "by").distinct()) == [("paper", world.he.pk)]
    with refuses(signing.NotSent):
        confirm(world.he)
    signing.scan(agreement=mine, title="骑缝", picture=agreeing.picture("green"), by=world.zhang)
    assert done.attachments.filter(scan=True).count() == 2


def test_one_side_on_the_phone_and_the_other_on_paper(world: World) -> None:
    mine = agreeing.sent(world)
    agreeing.by_partner(mine)
    signing.scan(agreement=mine, title="签字页", picture=agreeing.picture(), by=world.zhang)
    signing.confirm_paper(agreement=mine, partner_name="别人", community_name="陈志强", by=world.chen)
    assert dict(mine.signatures.values_list("side", "name")) == {"partner": "王小店", "community": "陈志强"}


def test_nothing_is_signed_after_its_last_day(world: World) -> None:
    """Neither side, nor on paper, nor past the verb; it is dropped and drafted anew."""
    mine, half = agreeing.sent(world), agreeing.sent(world)
    agreeing.by_partner(half)
    signing.scan(agreement=half, title="签字页", picture=agreeing.picture(), by=world.zhang)
    with time_machine.travel(clock.at(mine.ends_on + timedelta(days=1), time(9)), tick=False):
        for act in (
            lambda: agreeing.by_partner(mine), lambda: agreeing.by_head(half, world),
            lambda: signing.confirm_paper(agreement=half, partner_name="王小店", community_name="陈志强", by=world.chen),
        ):  # fmt: skip
            with refuses(AgreementOver):
                act()
        Signature.objects.create(
            agreement=half, side="community", way="paper", name="陈志强", sha256=half.sha256, by=world.chen
        )
        with pytest.raises(DatabaseError, match="was over"), transaction.atomic():
            Agreement.objects.filter(pk=half.pk).update(status="signed", signed_on=clock.today())
        drafting.void(agreement=half, reason="过期", by=world.zhang)
    assert Agreement.objects.get(pk=half.pk).status == "void"


def test_what_bears_a_signature_is_not_called_back(world: World) -> None:
    mine = agreeing.sent(world)
    agreeing.by_partner(mine)
    with refuses(drafting.AgreementSigned):
        signing.call_back(agreement=mine, by=world.zhang)
    with refuses(Refused) as info:
        agreeing.by_partner(agreeing.drafted(world))
    assert info.value.code == "agreement_not_sent"


def test_a_head_whose_own_phone_is_the_shops_signs_for_one_side_alone(world: World) -> None:
    """With a file or without: a shopkeeper's phone has none."""
    mine, account = agreeing.sent(world), shops.phone("陈店主")
    type(account).objects.filter(pk=account.pk).update(phone=world.chen.own_phone)
    account.refresh_from_db()
    shops.owner(mine, account)
    agreeing.by_partner(mine)
    with refuses(bias.OwnShop):
        agreeing.by_head(mine, world)


def test_nothing_new_is_signed_with_who_is_suspended_or_on_the_way_out(world: World) -> None:
    held = agreeing.signed(world)
    new = agreeing.sent(world)
    halt = suspending.suspend(agreement=held, cause="harm", reason="侵害老人", by=world.chen)
    for side in (lambda: agreeing.by_partner(new), lambda: agreeing.by_head(new, world)):
        with refuses(halting.PartnerHalted):
            side()
    with refuses(halting.PartnerHalted):
        agreeing.recorded_again(world, held)
    suspending.lift(suspension=halt, reason="查清了", by=world.he)
    agreeing.by_partner(new)
    leaving.begin(agreement=held, reason="退出", by=world.chen)
    with refuses(halting.PartnerHalted):
        agreeing.by_head(new, world)


def test_who_wrote_the_terms_does_not_sign_them_for_the_community(world: World) -> None:
    mine = agreeing.drafted(world)
    drafting.amend(agreement=mine, terms=agreeing.terms(world, mode="subsidy"), text=mine.text, by=world.chen)
    mine = signing.send(agreement=mine, by=world.zhang)
    signing.scan(agreement=mine, title="签字页", picture=agreeing.picture(), by=world.zhang)
    with refuses(kin.SamePerson):
        agreeing.by_head(mine, world)
    with refuses(kin.SamePerson):
        signing.confirm_paper(agreement=mine, partner_name="王小店", community_name="陈志强", by=world.chen)
    assert "协议待社区签署" not in {row.label for row in todo.rows_for(world.chen)}
    agreeing.by_partner(mine)
    hand = signing.Hand("何静", world.he.own_phone, "10.0.0.2")
    assert agreeing.by_head(mine, world, by=world.he, hand=hand).status == "signed"
