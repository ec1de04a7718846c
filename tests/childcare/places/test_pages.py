"""The pages of places: what everybody reads of a centre, a family's own place, and the desk's centres, groups and lines."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from childcare.models import Centre, Group, Place
from childcare.places import ending, groups, rooms, todo
from communities import counter, todo as desk_todo
from communities.models import Look
from core import clock
from tests.childcare.cast import Care
from tests.childcare.places.lined import asked, facts, family, out_of_force, room, several, small
from tests.pages import enter, queries, text
from tests.world import World


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world.chen)
    return client


def test_everybody_reads_address_fees_free_places_and_rules(client: Client, world: World, care: Care) -> None:
    said = text(client, f"/childcare/centres/{care.centre.pk}/")
    for words in (
        "天和城3号楼1层",
        "童乐托管服务部",
        "每周5天600元/月",
        "共40个，还有38个",
        "双职工家庭",
        "优待家庭另有减免，可到窗口办理",
    ):
        assert words in said
    assert care.child.name not in said and "低保" not in said and "残疾" not in said
    assert care.centre.name in text(client, "/childcare/centres/")


def test_a_full_group_says_how_many_wait(client: Client, world: World, care: Care) -> None:
    several(world, small(care, 1), 3)
    assert "已满，2人候补" in text(client, f"/childcare/centres/{care.centre.pk}/")


def test_the_public_pages_cost_the_same_for_one_group_and_thirty(client: Client, world: World, care: Care) -> None:
    pages = ("/childcare/centres/", f"/childcare/centres/{care.centre.pk}/")
    before = [queries(client, page) for page in pages]
    Centre.objects.filter(pk=care.centre.pk).update(licensed=2000)
    for number in range(29):
        small(care, 1, name=f"班{number}")
    assert [queries(client, page) for page in pages] == before


def test_a_family_sees_its_number_in_the_line_and_not_why(client: Client, world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    mine = asked(here, *family(world, 9))
    said = text(enter(client, mine.payer), f"/childcare/places/{mine.pk}/")
    assert "第2位" in said and "前面还有1人" in said and "优先" not in said
    assert client.get(f"/childcare/places/{care.place.pk}/").status_code == 404


def test_a_mother_accepts_from_the_first_page(client: Client, world: World, care: Care) -> None:
    here = small(care, 1)
    first, second = several(world, here, 2)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    enter(client, second.payer)
    assert "托位轮到了" in text(client, "/")
    assert "接受托位" in text(client, f"/childcare/places/{second.pk}/")
    assert client.post(f"/childcare/places/{second.pk}/accept/").status_code == 302
    second.refresh_from_db()
    assert second.status == Place.Status.HELD
    assert client.post(f"/childcare/places/{second.pk}/accept/").status_code == 409


def test_a_mother_gives_an_offer_up_after_a_last_look(client: Client, world: World, care: Care) -> None:
    here = small(care, 1)
    first, second = several(world, here, 2)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    path = f"/childcare/places/{second.pk}/decline/"
    assert "托位马上给下一位" in text(enter(client, second.payer), path)
    client.post(path)
    second.refresh_from_db()
    assert second.status == Place.Status.WITHDRAWN


def test_a_mother_says_the_last_day_and_takes_it_back(client: Client, world: World, care: Care) -> None:
    enter(client, care.mother)
    path = f"/childcare/places/{care.place.pk}/"
    text(client, f"{path}end/")
    client.post(f"{path}end/", {"last_day": (clock.today() + timedelta(days=3)).isoformat()})
    assert "继续托管" in text(client, path)
    client.post(f"{path}keep/")
    assert "结束托管" in text(client, path)


def test_the_head_founds_a_centre_plans_a_group_and_opens_it(head: Client, world: World, care: Care) -> None:
    answer = head.post(
        "/desk/care/centres/new/",
        {"operator": care.centre.operator_id, "name": "第二中心", "address": "天和城1号楼", "licensed": 60},
    )
    made = Centre.objects.get(name="第二中心")
    assert answer["Location"] == f"/desk/care/centres/{made.pk}/"
    plan = facts(room(care))
    typed: dict[str, Any] = {
        "name": plan.name, "kind": "holiday", "room": plan.room.pk, "weekdays": [0, 1, 2, 3, 4], "starts": "16:00", "ends": "18:00",
        "first_on": plan.first_on.isoformat(), "last_on": plan.last_on.isoformat(), "seats": 20, "fee_5": "600", "fee_3": "399.50",
    }  # fmt: skip
    head.post(f"/desk/care/centres/{made.pk}/groups/new/", typed)
    drafted = Group.objects.get(centre=made)
    assert drafted.fees == {"3": 39950, "5": 60000}
    said = text(head, f"/desk/care/groups/{drafted.pk}/")
    assert "名额20个" in said and "座位：20人（按这项）" in said and "开放这个班" in said
    days = [one.day.isoformat() for one in rooms.plan(drafted, clock.now()) if one.is_offered]
    head.post(f"/desk/care/groups/{drafted.pk}/open/", {"days": days})
    drafted.refresh_from_db()
    assert (drafted.status, drafted.capacity, len(groups.bookings_of(drafted))) == ("open", 20, len(days))


def test_a_worker_prepares_and_does_not_open(desk: Client, world: World, care: Care) -> None:
    mine = groups.draft(centre=care.centre, facts=facts(room(care)), by=world.zhang)
    assert "开放这个班" not in text(desk, f"/desk/care/groups/{mine.pk}/")
    assert desk.post(f"/desk/care/groups/{mine.pk}/open/").status_code == 403


def test_the_list_narrows_to_a_line_in_its_order_prints_and_exports(desk: Client, world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    mine = asked(here, *family(world, 9), first=True, by=world.zhang)
    said = text(desk, f"/desk/care/places/?group={here.pk}&state=waiting")
    assert said.index(mine.child.name) < said.index("孩子2") and "孩子1" not in said and care.child.name not in said
    assert mine.child.name in text(desk, "/desk/care/places/print/")
    taken = desk.post("/desk/care/places/export/", {"purpose": "开学前核对"})
    assert taken["Content-Type"].startswith("application/vnd.openxml")
    assert Look.objects.filter(resident=None, purpose="开学前核对").count() == 1


def test_who_opens_a_place_at_the_desk_leaves_a_look(desk: Client, world: World, care: Care) -> None:
    text(desk, f"/desk/care/places/{care.place.pk}/")
    look = Look.objects.get(resident=care.child)
    assert (look.by, look.purpose) == (world.zhang, "办理托位")


def test_the_desk_pages_cost_the_same_for_one_row_and_thirty(desk: Client, world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    pages = ("/desk/care/places/", "/desk/care/places/print/", f"/desk/care/centres/{care.centre.pk}/")
    before = [queries(desk, page) for page in pages]
    for number in range(10, 38):
        asked(here, *family(world, number))
    assert [queries(desk, page) for page in pages] == before


def test_staff_of_another_community_find_nothing(client: Client, world: World, care: Care) -> None:
    client.force_login(world.qian)
    for path in (f"centres/{care.centre.pk}/", f"groups/{care.group.pk}/", f"places/{care.place.pk}/"):
        assert client.get(f"/desk/care/{path}").status_code == 404
    assert care.child.name not in text(client, "/desk/care/places/")


def test_what_waits_for_the_head_and_for_a_worker(world: World, care: Care) -> None:
    serving = care.centre.operator
    out_of_force(care.centre)
    for who, seen in ((world.chen, {"运营单位没有生效的协议，还有孩子在托，请马上处理"}), (world.zhang, set())):
        assert {row.label for row in desk_todo.rows_of([todo.rows], who) if row.count} == seen
    care.centre.operator = serving
    care.centre.save(update_fields=["operator"])
    groups.draft(centre=care.centre, facts=facts(room(care)), by=world.zhang)
    assert {row.label for row in desk_todo.rows_of([todo.rows], world.chen) if row.count} == {"新的班待开放"}
    here = small(care, 1)
    first, second = several(world, here, 2)
    type(second.payer).objects.filter(pk=second.payer_id).update(phone="", account=None)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    (row,) = [row for row in desk_todo.rows_of([todo.rows], world.zhang) if row.count]
    assert (row.label, row.url) == ("托位轮到了，请打电话告诉家长", f"/desk/care/places/{second.pk}/")


def test_a_guardian_without_a_phone_asks_accepts_and_leaves_at_the_counter(world: World, care: Care) -> None:
    here = small(care, 1)
    (first,) = several(world, here, 1)
    mother, child = family(world, 9)
    offers = {act.code: lines for act, lines in counter.offers(mother, clock.now())}
    (line,) = [one for one in offers["care-place"] if here.name in one.choice.label]
    ask, take, out = (counter.act_of(code) for code in ("care-place", "care-offer", "care-end"))
    assert ask and take and out and ask.plan and take.plan
    assert ask.plan(mother, line.choice.number, clock.now()).refused is None
    slip = counter.perform(act=ask, resident=mother, number=line.choice.number, by=world.zhang)
    assert "排第1位" in slip.said
    mine = Place.objects.get(child=child)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    assert take.plan(mother, mine.pk, clock.now()).refused is None
    counter.perform(act=take, resident=mother, number=mine.pk, by=world.zhang)
    counter.perform(act=out, resident=mother, number=mine.pk, by=world.zhang)
    mine.refresh_from_db()
    assert mine.status == Place.Status.WITHDRAWN  # before its first day
