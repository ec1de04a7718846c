"""小哥: registering, staff's word, the public notice that makes 合格, and leaving."""

from datetime import date, timedelta

import pytest

from communities import appeals, closing, couriers, objections, publishing, qualifying, todo
from communities.closing import AlreadyClosed
from communities.couriers import (
    AlreadyCourier,
    BadCourier,
    NoReason,
    NotAsked,
    NotConfirmed,
    NotRiding,
    OwnCourier,
    SameCourierClerk,
    TooYoung,
)
from communities.duties import NotYourDuty
from communities.models import Courier, Resident, User
from communities.notices import AlreadyShown
from communities.qualifying import NobodyToQualify
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import relative
from tests.books import refuses
from tests.communities.couriering import registered, riding
from tests.communities.noticing import agree, moment
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Courier.Status
FRIDAY = moment("2026-09-18 15:00")


def told(resident: Resident) -> list[str]:
    return list(Message.objects.filter(resident=resident).order_by("pk").values_list("title", flat=True))


def test_a_resident_registers_and_staff_confirm(world: World) -> None:
    mine = registered(world.li, "美团", station=" 华林站 ")
    assert (mine.status, mine.station, couriers.rides(world.li)) == (Status.ASKED, "华林站", False)
    done = couriers.confirm(courier=mine, by=world.zhang)
    assert (done.status, done.decided_by, couriers.rides(world.li)) == (Status.CONFIRMED, world.zhang, True)
    assert told(world.li) == ["小哥登记已通过"]
    with refuses(NotAsked):
        couriers.decline(courier=mine, reason="不是", by=world.chen)


def test_nothing_of_where_somebody_is_can_be_kept() -> None:
    fields = {field.name for field in Courier._meta.get_fields()}
    assert not [name for name in fields if any(word in name for word in ("lat", "lon", "position", "location")) and name != "platform"]  # fmt: skip


def test_who_cannot_register(world: World) -> None:
    young = cast.resident(world.wenxing, "小青", "13500000001", clock.today() - timedelta(days=365 * 17))
    for who, kind in ((world.sun, NotConfirmed), (young, TooYoung)):
        with refuses(kind):
            registered(who)
    for platform, station in (("", ""), ("  ", ""), ("平" * 21, ""), ("美团", "站" * 41), ("美\0团", "")):
        with refuses(BadCourier):
            registered(world.li, platform, station=station)
    registered(world.li)
    with refuses(AlreadyCourier):
        registered(world.li)
    assert Courier.objects.count() == 1


def test_two_who_ask_at_once_are_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look of both says yes; the constraint lets one through."""
    registered(world.li)
    monkeypatch.setattr(couriers, "standing", lambda _: None)
    with refuses(AlreadyCourier):
        registered(world.li)


def test_a_closed_file_registers_no_more(world: World) -> None:
    stale = Resident.objects.select_related("community").get(pk=world.zhao.pk)
    closing.close(resident=world.zhao, by=world.chen, reason="本人到窗口，核对身份证")
    with refuses(AlreadyClosed):
        registered(stale, by=world.zhang)


def test_who_wrote_it_down_and_family_do_not_decide(world: World) -> None:
    with refuses(SameCourierClerk):
        couriers.confirm(courier=registered(world.zhao, by=world.zhang), by=world.zhang)
    kin = relative(world, world.chen)
    mine = registered(kin)
    with refuses(OwnCourier):
        couriers.confirm(courier=mine, by=world.chen)
    with refuses(NotYourDuty):
        couriers.confirm(courier=mine, by=world.qian)
    couriers.confirm(courier=mine, by=world.zhang)
    with refuses(OwnCourier):
        couriers.end(courier=mine, reason="离职", by=world.chen)


def test_what_waits_is_what_may_be_decided(world: World) -> None:
    registered(world.li)
    registered(world.zhao, by=world.zhang)
    registered(relative(world, world.chen))
    registered(world.zhou)

    def may(by: User) -> set[Courier]:
        asked = Courier.objects.select_related("resident__community")
        return {one for one in asked if couriers.refusal_to_decide(one, by) is None}

    for by in (world.zhang, world.chen, world.qian, world.he):
        assert set(couriers.waiting_for(by)) == may(by), by
    assert [row.count for row in todo.rows_of([couriers.rows], world.zhang)] == [2]
    User.objects.filter(pk=world.zhang.pk).update(own_phone="")
    world.zhang.refresh_from_db()
    assert [row.count for row in todo.rows_of([couriers.rows], world.zhang)] == [0]


def test_the_first_that_waits_has_two_working_days(world: World) -> None:
    mine = registered(world.li)
    Courier.objects.filter(pk=mine.pk).update(at=FRIDAY)  # the Sunday after it is worked
    (row,) = todo.rows_of([couriers.rows], world.zhang)
    assert row.deadline and clock.local(row.deadline).date() == date(2026, 9, 21)


def test_a_declined_courier_reads_why_may_appeal_and_ask_again(world: World) -> None:
    mine = registered(world.li)
    with refuses(NoReason):
        couriers.decline(courier=mine, reason=" ", by=world.zhang)
    couriers.decline(courier=mine, reason="查无此站点", by=world.zhang)
    assert "查无此站点" in Message.objects.get(resident=world.li).body
    decision = appeals.find(world.li, f"courier:{mine.pk}")
    assert decision and (decision.value, decision.decided_by_id) == ("查无此站点", world.zhang.pk)
    assert appeals.find(world.wang, f"courier:{mine.pk}") is None
    assert registered(world.li).status == Status.ASKED


def test_a_notice_makes_the_qualified(world: World) -> None:
    mine, other = riding(world, world.li), riding(world, world.wang)
    made = qualifying.propose(community=world.wenxing, chosen=[mine, other], by=world.zhang)
    assert {item.about for item in made.items.all()} == {mine.about, other.about}
    publishing.publish(notice=made, by=world.chen, at=FRIDAY)
    with refuses(AlreadyShown):
        qualifying.propose(community=world.wenxing, chosen=[mine], by=world.zhang)
    publishing.end(notice=made, at=FRIDAY + timedelta(days=20))
    mine.refresh_from_db()
    assert (mine.status, mine.qualified_at is None) == (Status.QUALIFIED, False)
    assert told(world.li)[-1] == "已列为合格小哥"


def test_an_upheld_objection_leaves_the_registration_as_it_was(world: World) -> None:
    mine = riding(world, world.li)
    agree(world.li)
    made = qualifying.propose(community=world.wenxing, chosen=[mine], by=world.zhang)
    publishing.publish(notice=made, by=world.chen)
    said = objections.file(notice=made, item=made.items.get(), text="已经不跑单了", by=world.zhang)
    objections.answer(objection=said, upheld=True, text="核实属实", by=world.he)
    mine.refresh_from_db()
    assert mine.status == Status.CONFIRMED
    assert told(world.li)[-1] == "暂未列为合格小哥"


def test_who_left_meanwhile_is_not_qualified(world: World) -> None:
    mine, other = riding(world, world.li), riding(world, world.wang)
    made = qualifying.propose(community=world.wenxing, chosen=[mine, other], by=world.zhang)
    publishing.publish(notice=made, by=world.chen, at=FRIDAY)
    couriers.end(courier=mine, reason="回老家", by=world.zhang)
    publishing.end(notice=made, at=FRIDAY + timedelta(days=20))
    assert set(Courier.objects.values_list("resident", "status")) == {
        (world.li.pk, "ended"), (world.wang.pk, "qualified")
    }  # fmt: skip


def test_only_confirmed_couriers_of_one_community_are_proposed(world: World) -> None:
    mine, away, asked = riding(world, world.li), riding(world, world.zhou, by=world.qian), registered(world.wang)
    for chosen in ([], [mine, away], [mine, asked]):
        with refuses(NobodyToQualify):
            qualifying.propose(community=world.wenxing, chosen=chosen, by=world.zhang)
    with refuses(NotYourDuty):
        qualifying.propose(community=world.wenxing, chosen=[mine], by=world.qian)


def test_leaving_ends_it_once(world: World) -> None:
    mine = riding(world, world.li)
    assert world.li.account
    couriers.end(courier=mine, reason="本人提出", by=world.li.account)
    assert not couriers.rides(world.li)
    with refuses(NotRiding):
        couriers.end(courier=mine, reason="本人提出", by=world.li.account)
    with refuses(NotYourDuty):
        couriers.end(courier=riding(world, world.wang), reason="离职", by=world.qian)


def test_closing_the_file_ends_and_empties_it(world: World) -> None:
    mine = riding(world, world.li)
    closing.close(resident=world.li, by=world.zhang, reason="本人到窗口，核对身份证")
    mine.refresh_from_db()
    assert (mine.status, mine.station, mine.platform) == (Status.ENDED, "", "其他")
