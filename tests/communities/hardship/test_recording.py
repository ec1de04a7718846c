"""Who records evidence, what is looked at, and until when it counts."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from communities import consents, documents, guardians, hardship, identity
from communities.duties import NotYourDuty
from communities.hardship import About, Category
from communities.hardship.kinds import PAPERS, SYSTEMS, BadEvidence
from communities.hardship.recording import AlreadyRecorded, FileNotConfirmed, NoConsent, OwnEvidence, months_after
from communities.identity import WrongNumber
from communities.models import Change, Consent, Evidence, EvidenceImage
from communities.photos import redraw
from communities.settings import CARE_REDUCTIONS
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.activities import pictures
from tests.books import refuses
from tests.communities.hardship.conftest import Family
from tests.communities.relieving import card, recorded, said
from tests.world import World

pytestmark = pytest.mark.django_db
Way = Evidence.Way


def test_the_categories_are_those_that_the_street_sets_a_reduction_for() -> None:
    assert set(Category.values) == set(CARE_REDUCTIONS)
    assert set(PAPERS) == set(SYSTEMS) == set(Category)


def test_a_colleague_records_and_the_row_says_no_category(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    assert (made.status, made.recorded_by, made.way) == ("recorded", world.zhang, "viewed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM communities_evidence e WHERE id = %s", [made.pk])
        (row,) = cursor.fetchone()
    for word in ("subsistence", "低保", "最低生活"):
        assert word not in row and word.encode().hex() not in row
    assert repr(said()) == "Said(***)" and "低保" not in str(said())


def test_the_log_of_changes_says_that_it_was_recorded_and_no_more(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    change = Change.objects.get(what="evidence", row=made.pk)
    assert (change.by_id, change.resident_id, change.action) == (world.zhang.pk, family.child.pk, "I")


def test_it_needs_the_guardians_consent_for_a_child_and_the_own_for_a_grown_up(world: World, family: Family) -> None:
    guardians.withdraw(child=family.child, by=family.mother.account, purpose=Consent.Purpose.CARE_RELIEF)  # type: ignore[arg-type]
    with refuses(NoConsent):
        recorded(family.child, world.zhang)
    with refuses(NoConsent):
        recorded(world.zhao, world.zhang, said(about=About.SELF))
    consents.give(resident=world.zhao, purpose=Consent.Purpose.HARDSHIP, by=world.zhang, way=Consent.Way.SIGNATURE)
    assert recorded(world.zhao, world.zhang, said(about=About.SELF)).status == "recorded"


def test_who_may_not_record(world: World, family: Family) -> None:
    for stranger in (world.qian, family.mother.account):
        assert stranger is not None
        with refuses(NotYourDuty):
            recorded(family.child, stranger)
    world.zhang.own_phone = family.mother.phone
    world.zhang.save()
    with refuses(OwnEvidence):
        recorded(family.child, world.zhang)
    pending = world.sun
    with refuses(FileNotConfirmed):
        recorded(pending, world.chen)


@pytest.mark.parametrize("fields", [
    {"paper": "居委会证明"}, {"paper": ""}, {"paper": PAPERS[Category.NEAR_POOR][0]}, {"system": "民政救助系统"},
    {"way": Way.LOOKED_UP, "system": "熟人介绍"}, {"number": "9" * 31}, {"number": "1\0"},
    {"seen_on": date(2999, 1, 1)}, {"seen_on": date(2001, 1, 1)}, {"starts_on": date(2001, 1, 1)}, {"starts_on": date(2999, 1, 1)},
    {"ends_on": date(2001, 1, 1)},
])  # fmt: skip
def test_only_the_papers_and_days_that_can_be(world: World, family: Family, fields: dict[str, object]) -> None:
    with refuses(BadEvidence):
        recorded(family.child, world.zhang, said(**fields))
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("category", "number"), [
    (Category.DISABLED_SEVERE, card("3")), (Category.DISABLED, card("1")), (Category.DISABLED, card("5")),
    (Category.DISABLED, card("3", kind="8")), (Category.DISABLED, card("3")[:-1]), (Category.DISABLED, ""),
])  # fmt: skip
def test_a_disability_card_says_class_and_grade(world: World, family: Family, category: Category, number: str) -> None:
    with refuses(BadEvidence):
        recorded(family.child, world.zhang, said(category, number=number))


def test_a_disability_cards_number_is_checked_like_an_identity_number(world: World, family: Family) -> None:
    good = card("3")
    with refuses(WrongNumber):
        recorded(family.child, world.zhang, said(Category.DISABLED, number=f"{(int(good[0]) + 1)}{good[1:]}"))


def test_a_card_is_that_of_whom_it_is_said_to_be_about(world: World, family: Family) -> None:

    other, own = card("3", born="19860401"), card("3")
    fields = documents.columns(identity.clean(own[:18]), world.wenxing)
    type(family.mother).objects.filter(pk=family.mother.pk).update(**fields)
    with refuses(BadEvidence):
        recorded(family.child, world.zhang, said(Category.DISABLED, number=other))
    mine = recorded(family.child, world.zhang, said(Category.DISABLED, number=own))
    hardship.decline(evidence=mine, reason=Evidence.Decline.OTHER, by=world.chen)
    # Of the father no number is on file, so there is nothing to compare with.
    assert recorded(family.child, world.zhang, said(Category.DISABLED, number=other, about=About.FATHER)).pk


@pytest.mark.parametrize(("fields", "months"), [
    ({}, 12), ({"unstable": True}, 6), ({"category": Category.LEFT_BEHIND}, 6), ({"category": Category.DESTITUTE}, 12),
])  # fmt: skip
def test_it_counts_until_the_next_check(world: World, family: Family, fields: dict[str, object], months: int) -> None:
    made = recorded(family.child, world.zhang, said(**fields))  # type: ignore[arg-type]
    assert made.ends_on == made.recheck_on == months_after(clock.today(), months)


def test_and_never_after_the_papers_own_last_day(world: World, family: Family) -> None:
    last = clock.today() + timedelta(days=40)
    assert recorded(family.child, world.zhang, said(ends_on=last)).ends_on == last


@pytest.mark.parametrize("on_file", [Category.SUBSISTENCE, Category.DISABLED, Category.LEFT_BEHIND])
def test_while_one_waits_every_guess_has_the_same_answer(world: World, family: Family, on_file: Category) -> None:
    """By who wrote it down and by another colleague: neither may read what it is."""
    other = cast.staff("secondworker", "郭工作", world.zhang.duties.get().role, community=world.wenxing)
    waits = recorded(family.child, world.zhang, said(on_file))
    for by in (world.zhang, other):
        for guess in Category:
            for more in ({}, {"about": About.FATHER}, {"seen_on": date(2001, 1, 1)}):
                with refuses(AlreadyRecorded):
                    recorded(family.child, by, said(guess, **more))  # type: ignore[arg-type]
    hardship.decline(evidence=waits, reason=Evidence.Decline.OTHER, by=world.chen)
    assert recorded(family.child, other, said(Category.NEAR_POOR)).pk


@pytest.mark.parametrize("ends_on", [None, clock.today() - timedelta(days=1), clock.today() + timedelta(days=20)])
@pytest.mark.parametrize("way", list(Way))
def test_a_renewal_says_nothing_of_the_kind(
    world: World, family: Family, way: Evidence.Way, ends_on: date | None
) -> None:
    answers = set()
    for kind in (Category.SUBSISTENCE, Category.DISABLED, Category.VETERAN):
        old = hardship.verify(evidence=recorded(family.child, world.zhang, said(kind)), by=world.chen)
        try:
            made = hardship.renew(evidence=old, again=hardship.Again(way, clock.today(), ends_on), by=world.zhang)
            answers.add(("recorded", made.ends_on, made.starts_on))
        except Refused as refused:
            answers.add((refused.code, refused.message))
        Evidence.objects.filter(renews=old).delete()
        hardship.end(evidence=old, reason=Evidence.End.RECHECKED, by=world.chen)
    assert len(answers) == 1


def test_the_picture_is_sealed_and_waits_for_the_reviewer(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang, said(image=redraw(pictures.from_a_phone())))
    kept = EvidenceImage.objects.get(evidence=made)
    assert b"JFIF" not in bytes(kept.sealed) and kept.by == world.zhang
    hardship.decline(evidence=made, reason=Evidence.Decline.UNCLEAR, by=world.chen)
    assert not EvidenceImage.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceImage.objects.create(evidence=made, sealed=b"x", by=world.zhang)


def test_what_was_seen_is_never_changed(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    rows = Evidence.objects.filter(pk=made.pk)
    for change in (
        {"starts_on": date(2001, 1, 1)}, {"ends_on": date(2999, 1, 1)}, {"recorded_by": world.chen}, {"resident": world.li},
        {"way": "looked_up"}, {"seen_on": date(2001, 1, 1)}, {"recheck_on": date(2001, 1, 1)},
        {"status": "ended", "decided_at": clock.now(), "decided_by": world.chen, "ended_at": clock.now(), "ended_by": world.chen,
            "ended_on": clock.today(), "end_reason": "changed"},
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_staff_of_another_community_see_nothing(world: World, family: Family) -> None:
    recorded(family.child, world.zhang)
    far = cast.staff("farworker", "林", world.zhang.duties.get().role, community=world.hualin)
    for user in (world.qian, far):
        assert not Evidence.objects.for_staff(user).exists()
    assert Evidence.objects.for_staff(world.he).count() == 1
