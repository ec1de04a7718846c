"""注销 of a family in care: what must be done first, and that nothing of the child is left in any table."""

from datetime import date, timedelta

import pytest

from childcare.handover import releasing
from childcare.models import Attendance, Bill, CareFile, Contact, Enrolment, HandoverNote, Pickup, Place
from communities import closing, copying, sealing
from core import clock
from tests import world as world_cast
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import arrived, raw
from tests.communities.test_closing import HOW, everywhere
from tests.world import World

pytestmark = pytest.mark.django_db
CHILD, AUNT, PHONE = "钟离小雀", "钟离姑姑", "17712349872"


@pytest.fixture
def child(world: World, care: Care) -> Place:
    """A child that left a trace wherever one can be left, and has left the centre."""
    made = cast.child(world.wenxing, CHILD, 9)
    cast.guard(made, care.mother, "母亲", world.zhang)
    Contact.objects.filter(child=made).update(name=AUNT, phone=PHONE)
    Pickup.objects.create(
        child=made, slot=0, name=AUNT, relation="姑姑", phone=PHONE, id_tail="123X", name_key="c" * 64,
        valid_until=clock.today() + timedelta(days=9), authorised_by=care.mother, by=world.zhang,
    )  # fmt: skip
    CareFile.objects.filter(child=made).update(health=sealing.seal_facts({"allergies": "花生"}), school="雀小学")
    Enrolment.objects.create(
        centre=care.centre, guardian=care.mother, child=made, draft=sealing.seal_facts({"name": CHILD}), by=world.zhang
    )
    place = cast.place(care.group, made, care.mother, by=world.zhang)
    Attendance.objects.create(
        place=place,
        day=clock.today(),
        arrived_at=clock.now(),
        brought_by=AUNT,
        state_sealed=sealing.seal("好"),
        by=care.teacher,
    )
    return place


def end(place: Place, care: Care) -> None:
    Place.objects.filter(pk=place.pk).update(
        status="ended", ends_on=clock.today(), ended_at=clock.now(), ended_by=care.lead, end_reason="guardian"
    )


def test_a_place_and_an_unpaid_bill_stand_in_the_way(child: Place, care: Care, world: World) -> None:
    bill = Bill.objects.create(
        centre=care.centre, child=child.child, payer=care.mother, month=date(2026, 1, 1), fee_cents=100, due_cents=100, drawn_by=world.zhang
    )  # fmt: skip
    for person in (child.child, care.mother):
        said = closing.obstacles_of(person)
        assert any("托位还没有结束" in one for one in said) and "2026年1月的托管账单还没有缴清" in said
    end(child, care)
    Bill.objects.filter(pk=bill.pk).update(fee_cents=0, due_cents=0)
    assert closing.obstacles_of(child.child) == []


def test_nothing_of_the_child_is_left(child: Place, care: Care, world: World) -> None:
    assert {"childcare_contact", "childcare_pickup", "childcare_attendance", "communities_resident"} <= set(
        everywhere(CHILD, AUNT, PHONE)
    )
    end(child, care)
    closing.close(resident=child.child, by=world.zhang, reason=HOW)
    assert everywhere(CHILD, AUNT, PHONE, "雀小学") == {}
    assert not CareFile.objects.filter(child=child.child).exists() and not Enrolment.objects.exists()
    kept = Attendance.objects.get(place=child)
    assert (kept.state_sealed, kept.brought_by) == (None, "")


def test_the_copy_holds_what_is_kept_of_the_child_and_no_bar(child: Place) -> None:
    said = {one.key: one.lines for one in copying.tables(child.child)}
    assert ["健康：过敏", "花生"] in said["care-file"]
    assert any(AUNT in line for line in said["care-people"])
    assert said["care-places"] and said["care-days"][0][-1] == "好" and said["care-enrolments"]
    assert "禁止" not in str(said)


def test_what_was_put_right_beside_a_hand_over_is_copied_and_emptied(child: Place, care: Care, world: World) -> None:
    """Of the child's own hand-over all of it; of another child's the name of who leaves."""
    for place, text in ((child, f"{AUNT}接走，登记时间写错"), (care.place, f"是{CHILD}的姑姑接的，应为17:30")):
        if place == care.place:
            arrived(place, care.teacher)
        way = {"way": "guardian", "guardian": place.child.guardians.first(), "pickup": None}
        made = raw(care, place=place, child=place.child, **way)
        releasing.note(handover=made, text=text, by=world.zhang)
    (day,) = next(one.lines for one in copying.tables(child.child) if one.key == "care-days")
    assert f"{AUNT}接走，登记时间写错" in day
    end(child, care)
    closing.close(resident=child.child, by=world.zhang, reason=HOW)
    assert everywhere(CHILD, AUNT) == {}
    assert HandoverNote.objects.order_by("pk").last().text.endswith("应为17:30")  # type: ignore[union-attr]


def test_who_is_somebody_elses_pick_up_person_goes_from_there(care: Care, world: World) -> None:
    neighbour = world_cast.resident(world.wenxing, "钟离邻居", PHONE)
    Pickup.objects.create(
        child=care.child, slot=0, name="钟离邻居", relation="邻居", phone=PHONE, id_tail="123X", name_key="d" * 64,
        valid_until=clock.today(), authorised_by=care.mother, by=world.zhang,
    )  # fmt: skip
    closing.close(resident=neighbour, by=world.zhang, reason=HOW)
    assert everywhere("钟离邻居", PHONE) == {}
