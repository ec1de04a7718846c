"""报名: kept step by step, handed in when whole, by its owner or by a colleague for somebody."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from communities.models import Community, SubDistrict
from core import clock
from partners.agreements import licences
from partners.joining import applying, checking, handing_in
from partners.joining.applying import PromiseLine, Service
from partners.joining.creditcode import BadCreditCode
from partners.joining.handing_in import Pledge, Whole
from partners.models import Application, Clerk, Partner
from partners.vouchers import clerks
from tests.partners.joining import applicants
from tests.partners.joining.applicants import PLEDGE, SERVICE, admitted, begun, subject, submitted
from tests.partners.shops import phone
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Application.Status


def test_three_steps_and_it_is_handed_in_by_the_phone_that_owns_it(world: World) -> None:
    made = begun(world)
    assert (made.status, Application.objects.for_staff(world.zhang).count()) == ("draft", 0)
    assert applicants.owner_of(made.partner) == made.by
    handing_in.submit(application=made, pledge=PLEDGE, by=made.by)
    assert [one.pk for one in Application.objects.for_staff(world.zhang)] == [made.pk]
    assert not Application.objects.for_staff(world.qian).exists()  # of the neighbour community
    assert not Partner.objects.for_staff(world.qian).filter(pk=made.partner_id).exists()
    with pytest.raises(applying.NotWritable):
        applying.say_what(application=made, service=SERVICE, by=made.by)
    handing_in.withdraw(application=made, by=made.by)
    made.refresh_from_db()
    assert made.status == Status.WITHDRAWN


def test_nobody_else_writes_it(world: World) -> None:
    made = begun(world)
    for stranger in (phone(), world.zhang, world.qian):
        with pytest.raises(applying.NotYourApplication):
            applying.say_what(application=made, service=SERVICE, by=stranger)
        with pytest.raises(applying.NotYourApplication):
            handing_in.withdraw(application=made, by=stranger)


@pytest.mark.parametrize(
    ("pledge", "said"),
    [
        (Pledge(False, False), "近三年无严重违法"),
        (Pledge(True, None), "是否与工作人员有亲属关系"),
        (Pledge(True, True, " "), "亲属关系说明"),
    ],
)
def test_what_is_missing_is_named(world: World, pledge: Pledge, said: str) -> None:
    made = begun(world)
    with pytest.raises(handing_in.Incomplete, match=said):
        handing_in.submit(application=made, pledge=pledge, by=made.by)


def test_a_promise_says_how_often_and_a_firm_has_a_code_but_a_person_has_none(world: World) -> None:
    made = begun(world)
    for bad in (PromiseLine("", 1), PromiseLine("理发", 0), PromiseLine("理发", 201), PromiseLine("理\0发", 1)):
        with pytest.raises(applying.BadApplication):
            applying.say_what(application=made, service=Service("理发", promises=(bad,)), by=made.by)
    applying.say_what(application=made, service=Service("理发"), by=made.by)
    with pytest.raises(handing_in.Incomplete, match="公益承诺"):
        handing_in.submit(application=made, pledge=PLEDGE, by=made.by)
    for wrong in ("", "92140213MA0AAAAA1N"):
        with pytest.raises(BadCreditCode):
            applying.say_who(application=made, subject=subject(credit_code=wrong), by=made.by)
    for kind in ("person", "host"):  # a person without a licence may keep a space as well
        able = begun(world, kind=kind, name="赵巧手", credit_code="", legal_person="", registered_address="")
        assert handing_in.submit(application=able, pledge=PLEDGE, by=able.by).partner.credit_code == ""
        assert checking.needed(able.partner) == ("defaulter",) and "business" not in licences.expected(able.partner)
    firm = begun(world, kind="host", name="主理公司")
    assert firm.partner.credit_code and checking.needed(firm.partner) == checking.COMPANY
    with pytest.raises(IntegrityError, match="partner_person_no_code"), transaction.atomic():
        Partner.objects.filter(pk=firm.partner_id).update(kind="person")


def test_who_is_admitted_applies_elsewhere_without_typing_again_and_keeps_its_name(world: World) -> None:
    made = admitted(world)
    owner = applicants.owner_of(made.partner)
    again = applying.begin_again(partner=made.partner, community=world.yongan, call=None, by=owner)
    assert (again.services, again.promises) == (made.services, made.promises)
    assert applying.begin_again(partner=made.partner, community=world.yongan, call=None, by=owner) == again
    applying.say_who(application=again, subject=subject(name="改名", contact="新联系人"), by=owner)
    handing_in.submit(application=again, pledge=PLEDGE, by=owner)
    made.partner.refresh_from_db()
    assert (made.partner.name != "改名", made.partner.contact) == (True, "新联系人")
    with pytest.raises(applying.NotYourApplication):
        applying.begin_again(partner=made.partner, community=world.yongan, call=None, by=phone())


def test_a_known_code_is_not_applied_for_by_another_phone_but_a_colleague_uses_the_known_file(world: World) -> None:
    made = admitted(world)
    twin = begun(world, credit_code=made.partner.credit_code)
    with pytest.raises(handing_in.KnownPartner):
        handing_in.submit(application=twin, pledge=PLEDGE, by=twin.by)
    whole = Whole(subject(credit_code=made.partner.credit_code), SERVICE, PLEDGE)
    here = handing_in.hand_in(community=world.yongan, call=None, whole=whole, by=world.qian)
    assert here.partner == made.partner and here.status == Status.SUBMITTED
    with pytest.raises(applying.AlreadyApplied):
        handing_in.hand_in(community=world.yongan, call=None, whole=whole, by=world.qian)


def test_a_colleague_hands_in_for_somebody_who_then_owns_it_by_phone(world: World) -> None:
    whole = Whole(subject(contact_phone="137 0000 1234"), SERVICE, PLEDGE)
    made = handing_in.hand_in(community=world.wenxing, call=None, whole=whole, by=world.zhang)
    assert (made.status, applicants.owner_of(made.partner).phone) == ("submitted", "13700001234")
    own = Whole(subject(contact_phone=world.zhang.own_phone), SERVICE, PLEDGE)
    for by, what in ((world.qian, whole), (world.zhang, own)):
        with pytest.raises(applying.Refused):
            handing_in.hand_in(community=world.wenxing, call=None, whole=what, by=by)
    assert Clerk.objects.filter(slot=0, account__phone=world.zhang.own_phone).count() == 0


def test_to_a_call_only_while_it_is_open_and_of_its_trades(world: World) -> None:
    made = applicants.call(world, trades=("catering",))
    wrong = begun(world, made)
    with pytest.raises(handing_in.TradeNotCalled):
        handing_in.submit(application=wrong, pledge=PLEDGE, by=wrong.by)
    right = begun(world, made, trade="catering")
    returned = submitted(world, made, trade="catering")
    checking.give_back(application=returned, note="请补证照", by=world.zhang)
    with time_machine.travel(applicants.after(made), tick=False):
        with pytest.raises(applying.CallOver):
            handing_in.submit(application=right, pledge=PLEDGE, by=right.by)
        with pytest.raises(applying.CallOver):
            begun(world, made)
        again = handing_in.submit(application=returned, pledge=PLEDGE, by=returned.by)  # completing is no new one
    assert again.submitted_at == returned.submitted_at


def test_licences_wait_for_a_colleague_and_the_checked_one_counts_until_then(world: World) -> None:
    made = submitted(world)
    old = applicants.licence(made, clock.today() + timedelta(days=3))
    assert old.required and licences.missing(made.partner, [old]) == ["business"]
    for stranger in (world.qian, made.by):
        with pytest.raises(licences.duties.NotYourDuty):
            licences.check(licence=old, required=True, by=stranger)
    licences.check(licence=old, required=True, by=world.zhang)
    new = applicants.licence(made, clock.today() + timedelta(days=400))
    lapsed = made.partner.licences.lapsed
    in_a_week = clock.today() + timedelta(days=7)
    assert [one.pk for one in lapsed(in_a_week)] == [old.pk]  # sending one in hides nothing
    licences.check(licence=new, required=True, by=world.zhang)
    assert not lapsed(in_a_week).exists() and made.partner.licences.current().get() == new
    with pytest.raises(licences.LicenceOver):
        applicants.licence(made, clock.today() - timedelta(days=1))


def test_who_is_known_in_one_street_applies_to_another_as_a_new_one(world: World) -> None:
    made = admitted(world)
    street = SubDistrict.objects.create(name="北街街道", district="平城区", phone="0352-0000009")
    elsewhere = Community.objects.create(sub_district=street, name="北街社区", phone="0352-0000008")
    with pytest.raises(applying.KnownElsewhere):
        applying.begin_again(partner=made.partner, community=elsewhere, call=None, by=applicants.owner_of(made.partner))


def test_a_colleagues_own_phone_does_not_become_a_shops(world: World) -> None:
    by = phone("张晓燕")
    type(by).objects.filter(pk=by.pk).update(phone=world.zhang.own_phone)
    by.refresh_from_db()
    with pytest.raises(clerks.StaffPhone):
        applying.begin(community=world.wenxing, call=None, subject=subject(), by=by)
    whole = Whole(subject(contact_phone=world.chen.own_phone), SERVICE, PLEDGE)
    with pytest.raises(clerks.StaffPhone):
        handing_in.hand_in(community=world.wenxing, call=None, whole=whole, by=world.zhang)
