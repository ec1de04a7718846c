"""What the demo writes in bulk is what the verbs leave: one of each, field by field, but for numbers and moments."""

from datetime import time
from typing import Any

import time_machine
from django.db.models import F, Model

from childcare.days import arriving
from childcare.enrolment import carefiles, contacts, health
from childcare.handover import pickups, releasing
from childcare.handover.pickups import Said
from childcare.models import Attendance, CareFile, Contact, Group, Handover, Pickup, Place
from childcare.places import line
from communities import files, guardians
from communities.files import Facts
from communities.guardians import Kinship
from communities.models import Consent, Guardian, Resident, User
from core import clock
from demo import cast
from demo.childcare.homes import worker
from tests.demo.story import DAY

Way, Check = Handover.Way, Handover.Check
MOMENTS = {
    "id",
    "at",
    "written_at",
    "joined_at",
    "given_at",
    "registered_at",
    "decided_at",
    "updated_at",
    "arrived_at",
    "left_at",
}


def fields(row: Model, *but: str) -> dict[str, Any]:
    """Everything that the row says, but for its number, when it was written, and `but`."""
    every = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    return {name: value for name, value in every.items() if name not in MOMENTS and name not in but}


def hers() -> Place:
    return Place.objects.select_related("group", "child", "payer__account").get(child__name=cast.CARE_PARENT_CHILD)


def another() -> Resident:
    """A child that the counter opens a file for, of the same mother."""
    place = hers()
    return files.open_file(
        community=place.child.community, facts=Facts("梁小样", place.child.birth_date, place.child.estate), by=worker(), signed=True,
        guardian=place.payer, kinship=Kinship("母亲", Guardian.Basis.HOUSEHOLD_BOOK), care=True,
    )  # fmt: skip


def test_a_file_is_what_the_counter_opens() -> None:
    made, told, mother = another(), Resident.objects.get(name=cast.CARE_PARENT_CHILD), hers().payer
    named = ("name", "pinyin", "initials")
    assert fields(made, *named) == fields(told, *named)
    one, other = (Guardian.objects.get(child=child, guardian=mother) for child in (made, told))
    assert fields(one, "child_id") == fields(other, "child_id")
    for purpose in ("personal_data", "child_data"):
        guardians.sign(child=made, guardian=one, by=worker(), purpose=Consent.Purpose.CHILD_DATA)
        signed, bulk = (Consent.objects.get(resident=child, purpose=purpose) for child in (made, told))
        assert fields(signed, "resident_id") == fields(bulk, "resident_id")


def test_a_care_file_is_what_the_steps_leave() -> None:
    told, made = CareFile.objects.get(child__name=cast.CARE_PARENT_CHILD), another()
    guardian = Guardian.objects.get(child=made)
    for purpose in (Consent.Purpose.CHILD_DATA, Consent.Purpose.CARE, Consent.Purpose.CARE_HEALTH):
        guardians.sign(child=made, guardian=guardian, by=worker(), purpose=purpose)
    said = {name: getattr(told, name) for name in carefiles.FACTS}
    carefiles.change(child=made, said=said, by=worker())
    health.write(child=made, said=health.opened(told.child), by=worker())
    listed = list(Contact.objects.filter(child=told.child).order_by("order"))
    contacts.replace(
        child=made,
        said=[{"name": one.name, "relation": one.relation, "phone": one.phone} for one in listed],
        by=worker(),
    )
    assert fields(CareFile.objects.get(child=made), "child_id", "health", "left_on") == fields(
        told, "child_id", "health", "left_on"
    )
    assert health.opened(made) == health.opened(told.child) != {}
    again = Contact.objects.filter(child=made).order_by("order")
    assert [fields(one, "child_id") for one in again] == [fields(one, "child_id") for one in listed]


def test_a_place_is_what_asking_gives() -> None:
    mine, child = hers(), another()
    for purpose in (Consent.Purpose.CHILD_DATA, Consent.Purpose.CARE):
        guardians.sign(child=child, guardian=Guardian.objects.get(child=child), by=worker(), purpose=purpose)
    CareFile.objects.create(child=child, updated_by=worker())
    Place.objects.waiting().delete()
    Group.objects.filter(pk=mine.group_id).update(seats=F("seats") + 1, capacity=F("capacity") + 1)
    made = line.ask(
        group=mine.group,
        child=child,
        payer=mine.payer,
        plan=mine.plan,
        starts_on=mine.starts_on,
        by=worker(),
        at=mine.joined_at,
    )
    assert fields(made, "child_id", "tier") == fields(mine, "child_id", "tier")


def test_a_pickup_is_what_a_parent_authorises() -> None:
    told = (
        Pickup.objects.select_related("child", "authorised_by__account")
        .filter(child__name=cast.CARE_PARENT_CHILD)
        .first()
    )
    assert told and told.authorised_by.account
    said = Said("另一位", told.relation, told.phone, told.id_tail, valid_from=told.valid_from)
    parent = told.authorised_by
    made = pickups.authorise(child=told.child, guardian=parent, said=said, by=parent.account, at=told.at)
    differs = ("name", "name_key", "slot")
    assert fields(made, *differs) == fields(told, *differs)


def test_a_day_is_what_the_teacher_s_phone_leaves() -> None:
    mine, teacher = hers(), User.objects.get(username=cast.TEACHER.username)
    told = Handover.objects.filter(way="guardian", check_used="known", late_minutes=0).select_related("place").first()
    assert told
    came = Attendance.objects.get(place=told.place, day=told.day)
    with time_machine.travel(clock.at(DAY, time(15, 45)), tick=False):
        arrived = arriving.arrive(place=mine, by=teacher)
    answers = Guardian.objects.select_related("guardian").filter(child=mine.child).order_by("pk")[0]
    with time_machine.travel(clock.at(DAY, time(18, 20)), tick=False):
        left = releasing.release(place=mine, way=Way.GUARDIAN, check=Check.KNOWN, guardian=answers, by=teacher)
    who = ("place_id", "day", "by_id")
    assert fields(arrived, *who) == fields(came, *who)
    whom = (*who, "child_id", "guardian_id", "taken_by", "staffer_id")
    assert (
        fields(left, *whom) == fields(told, *whom)
        and told.taken_by in {"母亲", "父亲"}
        and left.taken_by == answers.relation
    )
