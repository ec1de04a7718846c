"""A bar ends what its guardian arranged, and counts by the name as well and for a phone that two parents share."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from childcare import speaking
from childcare.days import chain, leave
from childcare.handover import barring
from childcare.models import Barred, CareFile, speaking_guardians
from communities import consents, files, guardians, silencing
from communities.models import Consent, Correction, Guardian, Resident
from core import clock
from notifications.models import Message
from tests import world as world_cast
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import authorised, barred
from tests.childcare.handover.test_speaking import account, kept_away as kept_away, pages
from tests.pages import enter
from tests.world import World

pytestmark = pytest.mark.django_db
Purpose = Consent.Purpose


def test_what_a_guardian_arranged_ends_with_the_bar_against_them(world: World, care: Care) -> None:
    theirs, mothers = cast.pickup(care.child, care.father, by=world.zhang, name="新朋友", slot=1), authorised(care)
    CareFile.objects.filter(child=care.child).update(grade=4)
    consents.keep(care.child, Purpose.CARE_ALONE, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=care.father)
    note = leave.tell(
        place=care.place, day=clock.today() + timedelta(days=1), reason=leave.REASONS[0], by=account(care.father)
    )
    barred(care.child, care.father.name, world.zhang)
    for one in (theirs, mothers, note):
        one.refresh_from_db()
    assert theirs.revoked_at and not mothers.revoked_at and note.withdrawn_at
    assert not Consent.objects.standing().filter(resident=care.child, purpose=Purpose.CARE_ALONE).exists()
    told = Message.objects.filter(occasion__startswith="care-sent-anew")
    assert [one.resident for one in told] == [care.mother]


def test_who_is_known_by_name_alone_is_told_nothing_of_the_day(world: World, care: Care) -> None:
    """The head wrote the court's spelling, and the file was put right later."""
    father = Resident.objects.get(pk=care.father.pk)
    name, father.name = father.name, "写错的名"
    father.save(update_fields=["name"])
    made = barred(care.child, name, world.zhang)
    father.name = name
    father.save(update_fields=["name"])
    assert made.resident is None
    assert [one.guardian for one in chain.guardians_of(care.child)] == [care.mother]


def put_right(world: World, one: Resident, name: str) -> Resident:
    facts = files.Facts(name=name)
    return files.correct(
        resident=one, facts=facts, reason=Correction.Reason.MISTYPED, seen=files.mark(one), by=world.zhang
    )  # fmt: skip


def arranged_by_the_father(world: World, care: Care) -> list[Any]:
    """Whom he sent, and the leave that he said; going alone is agreed to by him as well."""
    CareFile.objects.filter(child=care.child).update(grade=4)
    consents.keep(care.child, Purpose.CARE_ALONE, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=care.father)
    tomorrow = clock.today() + timedelta(days=1)
    return [
        cast.pickup(care.child, care.father, by=world.zhang, name="新朋友", slot=1),
        leave.tell(place=care.place, day=tomorrow, reason=leave.REASONS[0], by=account(care.father)),
    ]


@pytest.mark.parametrize("ended", [False, True], ids=["guardian", "guardian no more"])
def test_a_bar_by_name_alone_knows_the_guardian_whose_name_is_put_right(world: World, care: Care, ended: bool) -> None:
    """Lists that ask in SQL find nothing for them from then on, and what they arranged ends."""
    sent, note = arranged_by_the_father(world, care)
    made, other = barred(care.child, "高致远", world.zhang), barred(care.other_child, "高致远", world.zhang)
    if ended:
        Guardian.objects.filter(guardian=care.father).update(ended_at=clock.now(), ended_by=world.zhang)
    put_right(world, care.father, "高·致远")
    for one in (made, other, sent, note):
        one.refresh_from_db()
    assert (made.resident, other.resident) == (care.father, None)
    assert sent.revoked_at and sent.revoked_by == world.zhang and note.withdrawn_at
    assert not Consent.objects.standing().filter(resident=care.child, purpose=Purpose.CARE_ALONE).exists()
    assert [one.guardian for one in speaking_guardians().filter(child=care.child)] == [care.mother]
    told = Message.objects.filter(occasion__startswith="care-sent-anew")
    assert [one.resident for one in told] == [care.mother]


def test_another_name_or_another_bar_ends_nothing(world: World, care: Care) -> None:
    sent, note = arranged_by_the_father(world, care)
    made = barred(care.child, "高致远", world.zhang)
    Barred.objects.filter(pk=made.pk).update(
        ended_at=clock.now(), ended_by=world.chen, lifted=b"x"
    )  # lifted: it is told nothing
    standing = barred(care.child, "别人", world.zhang)
    put_right(world, care.father, "高致远")
    for one in (made, standing, sent, note):
        one.refresh_from_db()
    assert made.resident is standing.resident is None
    assert sent.revoked_at is None and note.withdrawn_at is None


def test_nobody_becomes_a_guardian_whom_a_bar_knows_by_name_alone(world: World, care: Care) -> None:
    """So no bar has to learn of a file there: the name is refused."""
    made = barred(care.child, "高致远", world.zhang)
    again = world_cast.resident(world.wenxing, "高致远", "13700008181", date(1986, 4, 1))
    Guardian.objects.filter(guardian=care.father).update(ended_at=clock.now(), ended_by=world.zhang)
    kinship = guardians.Kinship("父亲", Guardian.Basis.BIRTH)
    with pytest.raises(silencing.MayNotAnswer):
        guardians.register(child=care.child, guardian=again, kinship=kinship, by=world.zhang, care=True)
    assert Barred.objects.get(pk=made.pk).resident is None and barring.is_stopped(care.child, again)


def test_the_guardian_of_today_is_meant_and_not_an_ended_file_of_that_name(world: World, care: Care) -> None:
    Guardian.objects.filter(child=care.child, guardian=care.father).update(ended_at=clock.now(), ended_by=world.chen)
    again = world_cast.resident(world.wenxing, care.father.name, "13700008181", date(1986, 4, 1))
    cast.guard(care.child, again, "父亲", world.zhang)
    assert barred(care.child, care.father.name, world.zhang).resident == again


def test_a_bar_whose_guardian_ended_learns_of_the_file_under_which_they_came_back(world: World, care: Care) -> None:
    made = barred(care.child, care.father.name, world.zhang)
    assert made.resident == care.father
    with pytest.raises(DatabaseError, match="a bar is lifted"), transaction.atomic():
        Barred.objects.filter(pk=made.pk).update(resident=care.mother)
    Guardian.objects.filter(child=care.child, guardian=care.father).update(ended_at=clock.now(), ended_by=world.chen)
    again = world_cast.resident(world.wenxing, "高致原", "13700008181", date(1986, 4, 1))
    cast.guard(care.child, again, "父亲", world.zhang)
    put_right(world, again, care.father.name)
    made.refresh_from_db()
    assert made.resident == again
    assert [one.guardian for one in speaking_guardians().filter(child=care.child)] == [care.mother]


def test_two_parents_on_one_phone_and_one_of_them_barred_speak_for_nobody_there(kept_away: Care) -> None:
    phone = account(kept_away.father)
    Resident.objects.filter(pk=kept_away.mother.pk).update(account=phone)
    assert speaking.speaker_for(kept_away.child, phone) is None and speaking.wards_of(phone) == []
    father = enter(Client(), kept_away.father)
    for address in pages(kept_away):
        assert father.get(address).status_code == 404, address
    with pytest.raises(silencing.AtTheWindow):
        guardians.withdraw(child=kept_away.child, by=phone, purpose=Purpose.CARE)
