"""Agreed by the owner, signed by a head who is no kin, paid by finance; and frozen on every path there is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from communities import duties
from communities.kin import OwnPhoneMissing, SamePerson
from communities.models import Duty, Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from partners.models import Correction, Delivery, Promise, Statement, StatementLine
from partners.obligations import reporting
from partners.settling import correcting, drawing, paying, signing
from partners.vouchers.clerks import OwnerOnly
from tests import world as cast
from tests.books import breaches, refuses
from tests.partners import shops
from tests.partners.months import agreed, first_of, frozen, moment, offered, owner_of, rich, use
from tests.partners.promised import on_paper
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def drawn(world: World) -> Statement:
    """Of last month, one use of 15 yuan."""
    offer = offered(agreed(world, "subsidy", 100))
    use(offer, rich(world), moment(first_of(1) + DAY))
    return drawing.draw(partner=offer.partner, community=world.wenxing, month=first_of(1), by=world.zhang)


def owner(statement: Statement) -> User:
    return owner_of(statement.partner).account


def finance(world: World) -> User:
    return cast.staff("caiwu", "财务", Duty.Role.FINANCE, community=world.wenxing)


def test_agreed_signed_and_paid(world: World, drawn: Statement) -> None:
    signing.agree(statement=drawn, by=owner(drawn), seen=drawn.drawing)
    with refuses(drawing.StatementAgreed):
        drawing.draw(partner=drawn.partner, community=world.wenxing, month=drawn.month, by=world.zhang)
    signing.freeze(statement=drawn, by=world.chen)
    payment: dict[str, Any] = {"statement": drawn, "invoice": "00123", "paid_on": clock.today(), "amount_cents": 1500}
    by = finance(world)
    for refused, wrong in (
        (duties.NotYourDuty, {"by": world.chen}),
        (paying.WrongAmount, {"amount_cents": 1499}),
        (paying.BadPayment, {"paid_on": clock.today() + DAY}),
        (paying.BadPayment, {"invoice": " "}),
    ):
        with refuses(refused):
            paying.pay(**payment | {"by": by} | wrong)
    Duty.objects.create(user=world.chen, role=Duty.Role.FINANCE, starts_on=clock.today(), community=world.wenxing)
    with refuses(SamePerson):  # who signed does not pay
        paying.pay(**payment, by=world.chen)
    done = paying.pay(**payment, by=by)
    assert (done.status, done.invoice, done.paid_by) == ("paid", "00123", by)
    with refuses(paying.NotToPay):
        paying.pay(**payment, by=by)


def test_only_the_owner_agrees_to_what_was_read_in_the_order_of_months(world: World, drawn: Statement) -> None:
    shop = shops.clerk(drawn.partner.agreements.get())
    for by in (shop.account, world.chen):
        with refuses(OwnerOnly):
            signing.agree(statement=drawn, by=by)
    seen = drawn.drawing
    drawing.draw(partner=drawn.partner, community=world.wenxing, month=drawn.month, by=world.zhang)
    with refuses(signing.RedrawnMeanwhile):
        signing.agree(statement=drawn, by=owner(drawn), seen=seen)
    use(drawn.partner.offers.get(), world.wang, moment(first_of(2) + DAY))
    drawing.draw(partner=drawn.partner, community=world.wenxing, month=first_of(2), by=world.zhang)
    with refuses(signing.EarlierFirst):
        signing.agree(statement=drawn, by=owner(drawn))


def test_an_objection_is_answered_and_the_head_may_send_back(world: World, drawn: Statement) -> None:
    signing.dispute(statement=drawn, text="少一张", by=owner(drawn))
    assert (Statement.objects.disputed_still().count(), Statement.objects.to_confirm().count()) == (1, 0)
    with refuses(signing.SaysNothing):
        signing.answer(statement=drawn, text=" ", by=world.zhang)
    use(drawn.partner.offers.get(), world.wang, moment(first_of(1) + 2 * DAY))
    done = signing.answer(statement=drawn, text="已补上", by=world.zhang)
    assert (done.count, done.disputed, done.answer, done.status) == (2, "少一张", "已补上", "drawn")
    signing.agree(statement=drawn, by=owner(drawn))
    with refuses(duties.NotYourDuty):
        signing.send_back(statement=drawn, text="再核对", by=world.zhang)
    back = signing.send_back(statement=drawn, text="再核对", by=world.chen)
    assert (back.status, back.agreed_by, back.answer) == ("drawn", None, "再核对")


def test_who_owns_the_shop_or_is_family_does_not_sign_for_the_community(world: World, drawn: Statement) -> None:
    with refuses(signing.NotAgreed):
        signing.freeze(statement=drawn, by=world.chen)
    mine = owner(drawn)
    signing.agree(statement=drawn, by=mine)
    with refuses(duties.NotYourDuty):
        signing.freeze(statement=drawn, by=world.zhang)
    before = world.chen.own_phone
    for own_phone, refused in ((mine.phone, signing.OwnShop), ("", OwnPhoneMissing)):
        User.objects.filter(pk=world.chen.pk).update(own_phone=own_phone)
        with refuses(refused):
            signing.freeze(statement=drawn, by=User.objects.get(pk=world.chen.pk))
    User.objects.filter(pk=world.chen.pk).update(own_phone=before)
    head, shopkeeper = (
        cast.resident(world.wenxing, name, phone) for name, phone in (("甲", before), ("乙", mine.phone or ""))
    )
    Resident.objects.filter(pk=shopkeeper.pk).update(household=head.household)
    with refuses(signing.OwnShop):
        signing.freeze(statement=drawn, by=User.objects.get(pk=world.chen.pk))


def test_a_correction_takes_two_people_and_only_of_what_is_frozen(world: World, drawn: Statement) -> None:
    with refuses(correcting.NotFrozen):
        correcting.propose(statement=drawn, amount_cents=100, reason="少付", by=world.zhang)
    mine = frozen(world, drawn.partner, drawn.month)
    with refuses(correcting.BadCorrection):
        correcting.propose(statement=mine, amount_cents=0, reason="少付", by=world.zhang)
    own, other = (
        correcting.propose(statement=mine, amount_cents=7, reason="少付", by=by) for by in (world.chen, world.zhang)
    )
    for one, by, refused in ((own, world.chen, SamePerson), (other, world.qian, duties.NotYourDuty)):
        with refuses(refused):
            correcting.approve(correction=one, by=by)
    assert correcting.propose(statement=mine, amount_cents=7, reason="少付", by=world.zhang) == other
    correcting.approve(correction=other, by=world.chen)
    correcting.drop(correction=own, by=world.chen)
    with refuses(correcting.CorrectionDecided):
        correcting.drop(correction=other, by=world.zhang)


def raw(statement: str) -> Callable[[Statement], object]:
    def run(mine: Statement) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(statement, {"pk": mine.pk})

    return run


def saved(mine: Statement) -> None:
    mine.net_cents = mine.payable_cents = 1
    mine.save()


def line_of(mine: Statement) -> StatementLine:
    return mine.lines.order_by("order")[0]


def line_saved(mine: Statement) -> None:
    line = line_of(mine)
    line.amount_cents = 1
    line.save()


PATHS: dict[str, Callable[[Statement], object]] = {
    "save": saved,
    "queryset update": lambda mine: Statement.objects.filter(pk=mine.pk).update(deduct_cents=5, net_cents=1495),
    "back to open": lambda mine: Statement.objects.filter(pk=mine.pk).update(
        status="drawn", agreed_at=None, frozen_at=None
    ),
    "delete": lambda mine: mine.delete(),
    "line save": line_saved,
    "line update": lambda mine: mine.lines.update(words="别的"),
    "line delete": lambda mine: mine.lines.all().delete(),
    "line create": lambda mine: StatementLine.objects.create(statement=mine, order=99, kind="used", words="多一张"),
    "line moved in": raw(
        """INSERT INTO partners_statementline (statement_id, "order", kind, words, count, points, unit_cents, amount_cents)
        VALUES (%(pk)s, 98, 'used', '', 1, 1, 1, 1)"""
    ),
    "raw update": raw("UPDATE partners_statement SET agreed_by_id = drawn_by_id WHERE id = %(pk)s"),
    "raw delete": raw("DELETE FROM partners_statement WHERE id = %(pk)s"),
    "raw line": raw("UPDATE partners_statementline SET count = 0 WHERE statement_id = %(pk)s"),
}
VERBS: dict[str, Callable[[World, Statement], object]] = {
    "draw": lambda world, mine: drawing.draw(
        partner=mine.partner, community=mine.community, month=mine.month, by=world.zhang
    ),
    "agree": lambda _, mine: signing.agree(statement=mine, by=owner(mine)),
    "dispute": lambda _, mine: signing.dispute(statement=mine, text="不对", by=owner(mine)),
    "answer": lambda world, mine: signing.answer(statement=mine, text="好", by=world.zhang),
    "send back": lambda world, mine: signing.send_back(statement=mine, text="再看", by=world.chen),
    "freeze": lambda world, mine: signing.freeze(statement=mine, by=world.chen),
}


@pytest.mark.parametrize("state", ["frozen", "paid"])
def test_a_frozen_statement_refuses_change_on_every_path(world: World, drawn: Statement, state: str) -> None:
    mine = frozen(world, drawn.partner, drawn.month)
    if state == "paid":
        paying.pay(statement=mine, invoice="1", paid_on=clock.today(), amount_cents=1500, by=finance(world))
    before = _picture()
    for name, path in PATHS.items():
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            path(Statement.objects.get(pk=mine.pk))
        assert getattr(caught.value.__cause__, "sqlstate", "") == "PA020", name
    for name, act in VERBS.items():
        with pytest.raises(Refused) as refused, transaction.atomic():
            act(world, Statement.objects.get(pk=mine.pk))
        assert refused.value.code == "statement_frozen", name
    assert (_picture(), breaches()) == (before, [])


def _picture() -> list[tuple[object, ...]]:
    return [*Statement.objects.values_list(), *StatementLine.objects.values_list()]


def test_the_databases_no_is_the_same_refusal(world: World, drawn: Statement) -> None:
    mine = frozen(world, drawn.partner, drawn.month)
    change = verb(drawing.REFUSALS)(lambda: Statement.objects.filter(pk=mine.pk).update(count=7))
    with refuses(drawing.StatementFrozen):
        change()
    twice = Statement(partner=mine.partner, community=mine.community, month=mine.month, drawn_by=world.zhang)
    with refuses(drawing.DrawnTwice):
        verb(drawing.REFUSALS)(twice.save)()


def test_an_approved_correction_stays_as_it_is_and_where_it_stands(world: World) -> None:
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    use(offer, wang, moment(first_of(2) + DAY))
    first = frozen(world, offer.partner, first_of(2))
    wrong = correcting.propose(statement=first, amount_cents=9, reason="少付", by=world.zhang)
    correcting.approve(correction=wrong, by=world.chen)
    after = frozen(world, offer.partner, first_of(1))
    assert after.net_cents == 9 and after.lines.get().correction == wrong
    changes: list[dict[str, Any]] = [
        {"amount_cents": 900}, {"reason": "别的"}, {"approved_by": None, "approved_at": None}, {"line": None},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Correction.objects.filter(pk=wrong.pk).update(**change)
    assert breaches() == []


def test_nobody_signs_what_has_changed_since_it_was_drawn(world: World) -> None:
    month, day = first_of(1), first_of(1) + DAY
    agreement = agreed(world, "subsidy", 100, status="draft", signed_on=None)
    held = Promise.objects.create(agreement=agreement, order=1, item="义诊", times=1, deduct_cents=400)
    on_paper(agreement, first_of(10), world.chen)
    use(offered(agreement), rich(world), moment(day))
    mine = drawing.draw(partner=agreement.partner, community=world.wenxing, month=month, by=world.zhang)
    assert mine.net_cents == 1100
    signing.agree(statement=mine, by=owner(mine))
    late = Delivery.objects.create(promise=held, on=day, people=5, minutes=60, note="义诊", by=world.zhang)
    reporting.confirm(delivery=late, by=world.chen)
    with refuses(signing.Outdated):
        signing.freeze(statement=mine, by=world.chen)
    again = signing.send_back(statement=mine, text="补记了义诊", by=world.chen)
    assert again.net_cents == 1500
    signing.agree(statement=again, by=owner(again))
    assert signing.freeze(statement=again, by=world.chen).net_cents == 1500


def test_finance_does_not_pay_the_own_or_a_familys_shop(world: World, drawn: Statement) -> None:
    signing.agree(statement=drawn, by=owner(drawn))
    signing.freeze(statement=drawn, by=world.chen)
    by = finance(world)
    by.own_phone = owner(drawn).phone or ""
    by.save(update_fields=["own_phone"])
    with refuses(signing.OwnShop):
        paying.pay(statement=drawn, invoice="1", paid_on=clock.today(), amount_cents=1500, by=by)


def test_an_owner_without_a_phone_signs_on_paper_which_two_colleagues_carry(world: World, drawn: Statement) -> None:
    with refuses(duties.NotYourDuty):
        signing.agree_on_paper(statement=drawn, by=world.qian)
    with refuses(signing.RedrawnMeanwhile):  # what was signed on paper says something else
        signing.agree_on_paper(statement=drawn, by=world.zhang, seen="2026-11-01")
    done = signing.agree_on_paper(statement=drawn, by=world.zhang, seen=drawn.drawing)
    assert (done.status, done.agreed_by, done.on_paper) == (Statement.Status.AGREED, world.zhang, True)
    with refuses(signing.NotOpen):
        signing.agree_on_paper(statement=drawn, by=world.zhang)
    Duty.objects.create(user=world.zhang, role=Duty.Role.HEAD, starts_on=clock.today(), community=world.wenxing)
    with refuses(SamePerson):
        signing.freeze(statement=drawn, by=world.zhang)
    with refuses(signing.RedrawnMeanwhile):
        signing.freeze(statement=drawn, by=world.chen, seen="2026-11-01")
    assert signing.freeze(statement=drawn, by=world.chen, seen=drawn.drawing).status == Statement.Status.FROZEN
