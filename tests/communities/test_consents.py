"""同意: given with the way it was given, withdrawn by one word, and only the text of today counts."""

from dataclasses import replace
from datetime import date

import pytest

from communities import consents, purposes
from communities.duties import NotYourDuty
from communities.models import Change, Consent, Resident
from communities.ownership import OwnersOnly
from tests.world import World

pytestmark = pytest.mark.django_db
NOTICE, HOUSEHOLD, RULES = Consent.Purpose.NOTICE, Consent.Purpose.HOUSEHOLD, Consent.Purpose.PERSONAL_DATA
TAP, SIGNED, COUNTER = Consent.Way.TAP, Consent.Way.SIGNATURE, Consent.Way.COUNTER


def test_every_purpose_has_a_text() -> None:
    assert set(purposes.TEXTS) == set(Consent.Purpose)


def test_one_tap_gives_and_one_tap_withdraws(world: World) -> None:
    account = world.wang.account
    assert account
    assert not consents.held_by([world.wang, world.zhao], NOTICE)
    given = consents.give(resident=world.wang, purpose=NOTICE, by=account, way=TAP)
    assert (given.by, given.way, given.version) == (account, TAP, purposes.TEXTS[NOTICE].version)
    assert consents.give(resident=world.wang, purpose=NOTICE, by=account, way=TAP) == given
    assert consents.held_by([world.wang, world.zhao], NOTICE) == {world.wang.pk}
    assert consents.withdraw(resident=world.wang, purpose=NOTICE, by=account)
    assert not consents.held_by([world.wang], NOTICE)
    assert not consents.withdraw(resident=world.wang, purpose=NOTICE, by=account)
    given.refresh_from_db()
    assert given.withdrawn_by == account


def test_who_has_no_phone_agrees_at_the_counter_and_the_way_is_kept(world: World) -> None:
    given = consents.give(resident=world.zhao, purpose=NOTICE, by=world.zhang, way=SIGNED)
    assert (given.by, given.way) == (world.zhang, SIGNED)
    assert consents.withdraw(resident=world.zhao, purpose=NOTICE, by=world.chen)
    written = Change.objects.filter(what="consent", resident=world.zhao).order_by("pk")
    assert [(one.by, one.action) for one in written] == [(world.zhang, "I"), (world.chen, "U")]


def test_staff_do_not_tap_for_anybody_and_nobody_signs_by_thumb(world: World) -> None:
    account = world.wang.account
    assert account
    with pytest.raises(consents.HowUnknown):
        consents.give(resident=world.wang, purpose=NOTICE, by=world.zhang, way=TAP)
    with pytest.raises(consents.HowUnknown):
        consents.give(resident=world.wang, purpose=NOTICE, by=account, way=SIGNED)
    assert not Consent.objects.filter(resident=world.wang).exists()


def test_neither_another_community_nor_a_neighbour_agrees_for_somebody(world: World) -> None:
    assert world.li.account
    for act in (
        lambda by: consents.give(resident=world.wang, purpose=NOTICE, by=by, way=COUNTER),
        lambda by: consents.withdraw(resident=world.wang, purpose=NOTICE, by=by),
    ):
        with pytest.raises(NotYourDuty):
            act(world.qian)
        with pytest.raises(OwnersOnly):
            act(world.li.account)


def test_a_phone_of_several_people_gives_nothing_but_withdraws(world: World) -> None:
    account = world.wang.account
    assert account
    consents.give(resident=world.wang, purpose=NOTICE, by=account, way=TAP)
    Resident.objects.filter(pk=world.sun.pk).update(account=account)
    with pytest.raises(consents.SharedPhone):
        consents.give(resident=world.wang, purpose=HOUSEHOLD, by=account, way=TAP)
    assert consents.withdraw(resident=world.wang, purpose=NOTICE, by=account)


def test_a_child_needs_a_guardian_who_signs(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(birth_date=date(2016, 1, 1))
    with pytest.raises(consents.NeedsGuardian):
        consents.give(resident=world.wang, purpose=HOUSEHOLD, by=world.zhang, way=COUNTER)
    given = consents.give(resident=world.wang, purpose=HOUSEHOLD, by=world.zhang, way=SIGNED, guardian=world.li)
    assert given.guardian == world.li


def test_a_closed_file_agrees_to_nothing(world: World) -> None:
    Resident.objects.filter(pk=world.sun.pk).update(
        status="declined", decided_at=world.sun.registered_at, decline_reason="x"
    )
    with pytest.raises(consents.NoFile):
        consents.give(resident=world.sun, purpose=NOTICE, by=world.zhang, way=SIGNED)


def test_a_changed_text_is_asked_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.wang.account
    assert account
    old = consents.give(resident=world.wang, purpose=NOTICE, by=account, way=TAP)
    newer = replace(purposes.TEXTS[NOTICE], version="2099-01")
    monkeypatch.setitem(purposes.TEXTS, NOTICE, newer)
    assert not consents.held_by([world.wang], NOTICE)
    (box,) = (one for one in consents.boxes(world.wang) if one.purpose == NOTICE)
    assert box.outdated and not box.given
    fresh = consents.give(resident=world.wang, purpose=NOTICE, by=account, way=TAP)
    assert fresh.version == "2099-01" and consents.held_by([world.wang], NOTICE)
    old.refresh_from_db()
    assert old.withdrawn_at


def test_boxes_ask_for_what_is_used_and_show_whatever_stands(world: World) -> None:
    assert [box.purpose for box in consents.boxes(world.zhao)] == [NOTICE, Consent.Purpose.COURSES]
    consents.give(resident=world.zhao, purpose=HOUSEHOLD, by=world.zhang, way=SIGNED)
    assert {box.purpose for box in consents.boxes(world.zhao)} == {NOTICE, HOUSEHOLD, Consent.Purpose.COURSES}


def test_the_rules_of_the_door_are_withdrawn_by_closing(world: World) -> None:
    consents.give(resident=world.zhao, purpose=RULES, by=world.zhang, way=SIGNED)
    with pytest.raises(consents.KeepsTheFile):
        consents.withdraw(resident=world.zhao, purpose=RULES, by=world.zhang)
    assert Consent.objects.standing().filter(resident=world.zhao, purpose=RULES).exists()


def test_listeners_hear_a_withdrawal_once_and_no_renewal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Consent] = []
    monkeypatch.setattr(consents, "_listeners", [lambda consent, by: heard.append(consent)])
    given = consents.give(resident=world.zhao, purpose=NOTICE, by=world.zhang, way=SIGNED)
    monkeypatch.setitem(purposes.TEXTS, NOTICE, replace(purposes.TEXTS[NOTICE], version="2099-01"))
    given = consents.give(resident=world.zhao, purpose=NOTICE, by=world.zhang, way=SIGNED)
    consents.withdraw(resident=world.zhao, purpose=NOTICE, by=world.zhang)
    consents.withdraw(resident=world.zhao, purpose=NOTICE, by=world.zhang)
    assert heard == [given]


def test_an_account_agrees_once_to_each_version_of_the_rules(world: World) -> None:
    account = world.wang.account
    assert account and consents.agreed_version(account) == ""
    consents.agree(account=account, version="2020-01")
    consents.agree(account=account, version="2020-01")
    assert consents.agreed_version(account) == "2020-01"
    consents.agree(account=account, version=consents.PERSONAL_DATA_VERSION)
    assert consents.agreed_version(account) == consents.PERSONAL_DATA_VERSION
    assert Consent.objects.filter(account=account).count() == 2


def test_agreeing_at_the_door_says_in_the_log_who_it_was(world: World) -> None:
    assert world.wang.account
    consents.agree(account=world.wang.account, version=consents.PERSONAL_DATA_VERSION)
    assert Change.objects.filter(what="consent").latest("pk").by == world.wang.account
