"""A rush for vouchers: never one too many, never a charge without one, limits of person and household at the same moment."""

import threading
from collections import Counter
from datetime import date

import pytest
from django.db import connections

from communities.models import Resident
from core.refusals import Refused
from partners.models import Appointment, Offer, Voucher
from partners.vouchers import appointments, issuing
from partners.vouchers.booking import Wanted
from points import purse, statement
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.partners import booked
from tests.partners.shops import offer, owner
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def take(mine: Offer, person: Resident) -> Voucher:
    assert person.account
    return issuing.take(offer=mine, resident=person, by=person.account)


def codes(answers: list[object]) -> Counter[str]:
    strange = [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert not strange, strange[:3]
    return Counter(getattr(one, "code", "taken") for one in answers)


def exactly(mine: Offer, pieces: int) -> None:
    mine.refresh_from_db()
    assert mine.taken == Voucher.objects.standing().filter(offer=mine).count() == pieces
    assert Entry.objects.filter(key__startswith="voucher:", kind="charge", reversed_by=None).count() == pieces
    assert breaches() == []


def rush(world: World, people: int, pieces: int, threads: int) -> Counter[str]:
    mine = offer(cast.partner(world.street, world.wenxing, world.zhang), stock=pieces, price=10)
    who, answers, lock = crowd(world, people), list[object](), threading.Lock()
    gate = threading.Barrier(threads)

    def run(share: list[Resident]) -> None:
        gate.wait()
        for one in share:
            try:
                answer: object = take(mine, one)
            except Exception as error:  # the test looks at every one of them
                answer = error
            with lock:
                answers.append(answer)
        connections.close_all()

    crew = [threading.Thread(target=run, args=(who[n::threads],)) for n in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    exactly(mine, pieces)
    return codes(answers)


def test_sixty_residents_for_twelve_pieces(world: World) -> None:
    assert rush(world, 60, 12, 60) == {"taken": 12, "offer_gone": 48}


@pytest.mark.heavy
def test_five_hundred_residents_for_a_hundred_pieces(world: World) -> None:
    assert rush(world, 500, 100, 64) == {"taken": 100, "offer_gone": 400}


def test_one_person_tapping_twenty_times_has_as_many_as_the_limit(world: World) -> None:
    mine = offer(cast.partner(world.street, world.wenxing, world.zhang), per_person=1, price=1)
    (person,) = crowd(world, 1)
    assert codes(at_once([lambda: take(mine, person) for _ in range(20)])) == {"taken": 1, "offer_person_full": 19}
    exactly(mine, 1)


def test_a_household_tapping_at_once_has_as_many_as_its_limit(world: World) -> None:
    mine = offer(cast.partner(world.street, world.wenxing, world.zhang), per_household=2, price=1)
    people = crowd(world, 10)
    Resident.objects.filter(pk__in=[one.pk for one in people]).update(household=people[0].household)
    family = list(Resident.objects.filter(pk__in=[one.pk for one in people]))
    assert codes(at_once([lambda p=p: take(mine, p) for p in family])) == {"taken": 2, "offer_household_full": 8}
    exactly(mine, 2)


def test_one_slot_is_booked_once_and_confirmed_or_called_off_but_not_both(world: World) -> None:
    agreement = cast.partner(world.street, world.wenxing, world.zhang)
    mine, boss = booked.offer(agreement, "shop"), owner(agreement)
    slot, people = booked.slot(mine), crowd(world, 8)
    assert codes(at_once([lambda p=p: booked.asked(mine, p, when=slot) for p in people])) == {
        "taken": 1,
        "slot_gone": 7,
    }
    made = Voucher.objects.get()
    visit, by = made.appointment, made.resident.account
    assert by
    found = codes(
        at_once(
            [
                *(lambda: appointments.decline(appointment=visit, by=boss.account, reason="没空") for _ in range(3)),
                *(lambda: appointments.cancel(appointment=visit, by=by) for _ in range(3)),
                *(lambda: appointments.confirm(appointment=visit, by=boss.account) for _ in range(3)),
            ]
        )
    )
    assert set(found) <= {"taken", "appointment_settled"}
    visit.refresh_from_db()
    slot.refresh_from_db()
    assert visit.status in ("declined", "cancelled") and slot.taken == 0
    exactly(mine, 0)


def test_a_household_whose_purse_paid_calls_everything_off_at_once(world: World) -> None:
    """Declining locks every wallet that paid, in the one order: nobody waits for the other in a ring."""
    mine = booked.offer(cast.partner(world.street, world.wenxing, world.zhang), "shop", price=30)
    boss, people = owner(mine.partner.agreements.get()), crowd(world, 2, 90)
    both = Resident.objects.filter(pk__in=[one.pk for one in people])
    both.update(household=people[0].household, birth_date=date(1980, 1, 1))
    people = [Resident.objects.get(pk=one.pk) for one in people]
    for one in people:
        assert one.account
        purse.join(resident=one, by=one.account)

    def booking(one: Resident, number: int) -> Appointment:
        when = Wanted(booked.slot(mine, 48 + number))
        assert one.account
        return issuing.take(offer=mine, resident=one, by=one.account, purse=True, wanted=when).appointment

    visits = [booking(people[1], n) for n in range(6)]  # the last three out of the other's points
    cast.award(people[1], 90, by=world.system)
    visits += [booking(people[0], n) for n in range(6, 9)]  # out of these
    assert [statement.available(one) for one in people] == [0, 0]
    answers = at_once([lambda v=v: appointments.decline(appointment=v, by=boss.account, reason="没空") for v in visits])
    assert codes(answers) == {"taken": 9}
    assert [statement.available(one) for one in people] == [90, 180]
    exactly(mine, 0)
