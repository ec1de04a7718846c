"""At the counter a seat costs what it costs on the phone, and the slip says so."""

from datetime import timedelta

import pytest
from django.test import Client

from communities import counter
from communities.counter import Choice
from communities.models import Resident, Slip
from core import clock
from core.refusals import Refused
from nightschool import counter as school, enrolment, leaving
from nightschool.models import Enrolment
from notifications.models import Message
from points import purse, statement
from tests import world as cast
from tests.books import breaches
from tests.points import deeds
from tests.world import World

pytestmark = pytest.mark.django_db


def perform(world: World, code: str, who: Resident, number: int) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=who, number=number, by=world.zhang)


def offered(who: Resident) -> dict[str, Choice]:
    return {one.label: one for one in school.courses(who, clock.now())}


def plan(code: str, who: Resident, number: int) -> tuple[dict[str, str], Refused | None]:
    act = counter.act_of(code)
    assert act and act.plan
    said = act.plan(who, number, clock.now())
    return dict(said.facts), said.refused


def test_an_elder_without_a_phone_is_seated(world: World) -> None:
    course = cast.course(world.wenxing)
    facts, refused = plan("night-school", world.zhao, course.pk)
    assert (facts["使用积分"], facts["可用积分"], refused) == ("60积分", "办理前200，办理后140", None)
    slip = perform(world, "night-school", world.zhao, course.pk)
    seat = Enrolment.objects.get()
    assert (seat.resident, seat.by, seat.channel, slip.about) == (
        world.zhao,
        world.zhang,
        "desk",
        f"enrolment:{seat.pk}",
    )
    first, points, number = slip.lines
    assert "已报名《形体塑形》（第2期），首课" in first and "文兴社区活动室2楼舞蹈厅" in first
    assert points == "使用60积分，可用积分办理前200，办理后140。"
    assert seat.spoken_number in number
    assert statement.available(world.zhao) == 140
    assert Message.objects.filter(resident=world.zhao).count() == 1
    assert breaches() == []


def test_a_refused_seat_leaves_no_slip_and_takes_nothing(world: World) -> None:
    full = cast.course(world.wenxing, capacity=0)
    dear = cast.course(world.wenxing, price=201)
    for course, refusal in ((full, "course_full"), (dear, "short_of_points")):
        assert plan("night-school", world.zhao, course.pk)[1].code == refusal  # type: ignore[union-attr]
        with pytest.raises(Refused) as refused:
            perform(world, "night-school", world.zhao, course.pk)
        assert refused.value.code == refusal
    assert not Slip.objects.exists() and not Enrolment.objects.exists()
    assert statement.available(world.zhao) == 200


def test_what_can_be_had_is_offered_and_what_not_says_why(world: World) -> None:
    now = clock.now()
    cast.course(world.wenxing, title="可报")
    cast.course(world.yongan, title="邻社区", price=0)
    cast.course(world.wenxing, title="满了", capacity=0)
    cast.course(world.wenxing, title="太贵", price=500)
    cast.course(world.wenxing, title="未开始", opens_at=now + timedelta(days=1))
    cast.course(world.wenxing, title="太年轻", max_age=40)
    cast.course(world.wenxing, title="草稿", status="draft")
    cast.course(world.hualin, title="外街道")
    cast.seated(cast.course(world.wenxing, title="已报", price=0), world.zhao)
    found = offered(world.zhao)
    assert {name: one.refused for name, one in found.items() if one.refused} == {
        "太贵": "还差300积分", "未开始": found["未开始"].refused, "太年轻": found["太年轻"].refused,
    }  # fmt: skip
    assert (
        found["未开始"].refused.startswith("报名未开始，") and found["太年轻"].refused == "年龄不符，这门课面向18～40岁"
    )
    assert {name for name, one in found.items() if not one.refused} == {"可报", "邻社区", "满了：候补"}
    assert (found["可报"].value, found["邻社区"].value) == ("60积分", "免费")
    assert found["邻社区"].sub.startswith("永安社区，") and "剩30个名额" in found["可报"].sub


def test_who_is_not_confirmed_has_no_seat(world: World) -> None:
    course = cast.course(world.wenxing, price=0)
    assert offered(world.sun)["形体塑形"].refused == "待社区确认"
    with pytest.raises(enrolment.NotConfirmed):
        perform(world, "night-school", world.sun, course.pk)


def test_the_family_pays_only_where_it_is_said(world: World) -> None:
    deeds.at_home(world.wang, world.zhao)
    for one in (world.wang, world.zhao):
        one.refresh_from_db()
        purse.join(resident=one, by=world.zhang)
    course = cast.course(world.wenxing, price=100)
    choice = offered(world.wang)["形体塑形"]
    assert (choice.refused, choice.code, choice.value) == ("", "night-school-family", "100积分（家庭积分）")
    with pytest.raises(Refused, match="还差20积分"):
        perform(world, "night-school", world.wang, course.pk)
    facts, refused = plan("night-school-family", world.wang, course.pk)
    assert (facts["怎样支付"], facts["可用积分"], refused) == (
        "家庭积分：本人80积分，家人20积分",
        "办理前80，办理后0",
        None,
    )
    slip = perform(world, "night-school-family", world.wang, course.pk)
    assert slip.lines[1] == "使用家庭积分100积分，可用积分办理前80，办理后0。"
    assert (statement.available(world.wang), statement.available(world.zhao)) == (0, 180)
    back = perform(world, "night-school-back", world.wang, Enrolment.objects.get().pk)
    assert back.lines[1] == "退回100积分到各人账户，可用积分办理前0，办理后80。"
    assert (statement.available(world.wang), statement.available(world.zhao)) == (80, 200)
    assert breaches() == []


def test_a_seat_is_given_back_by_the_residents_own_rule(world: World) -> None:
    (seat,) = cast.seated(cast.course(world.wenxing), world.zhao)
    (choice,) = school.seats(world.zhao, clock.now())
    assert (choice.number, choice.value, choice.refused) == (seat.pk, "退60积分", "") and "前可退" in choice.sub
    facts, refused = plan("night-school-back", world.zhao, seat.pk)
    assert (facts["退回积分"], facts["可用积分"], refused) == ("60积分", "办理前140，办理后200", None)
    slip = perform(world, "night-school-back", world.zhao, seat.pk)
    seat.refresh_from_db()
    assert (seat.status, seat.cancelled_by, slip.about) == ("cancelled", world.zhang, f"enrolment:{seat.pk}")
    assert slip.lines == ["已退课《形体塑形》（第2期）。", "退回60积分，可用积分办理前140，办理后200。"]
    assert school.seats(world.zhao, clock.now()) == []
    assert breaches() == []


def test_after_the_deadline_it_says_so_and_does_nothing(world: World) -> None:
    soon = cast.course(world.wenxing, starts_at=clock.now() + timedelta(hours=3))
    (seat,) = cast.seated(soon, world.zhao)
    (choice,) = school.seats(world.zhao, clock.now())
    assert "自行退课的时间已过" in choice.refused and "联系社区" not in choice.refused
    with pytest.raises(leaving.TooLateToCancel):
        perform(world, "night-school-back", world.zhao, seat.pk)
    assert not Slip.objects.exists()


def test_a_seat_taken_again_has_slips_of_its_own(world: World) -> None:
    course = cast.course(world.wenxing)
    for _ in range(2):
        perform(world, "night-school", world.zhao, course.pk)
        perform(world, "night-school-back", world.zhao, Enrolment.objects.seated().get().pk)
    assert Slip.objects.values_list("act", flat=True).count() == 4
    with pytest.raises(leaving.NotSeated):
        perform(world, "night-school-back", world.zhao, Enrolment.objects.latest("pk").pk)
    assert statement.available(world.zhao) == 200


def test_a_free_course_says_that_no_points_were_used(world: World) -> None:
    slip = perform(world, "night-school", world.li, cast.course(world.wenxing, price=0).pk)
    assert slip.lines[1] == "这门课不用积分，可用积分办理前0，办理后0。"
    seat = Enrolment.objects.get()
    assert plan("night-school-back", world.li, seat.pk)[0]["退回积分"] == "这门课没有使用积分"
    assert perform(world, "night-school-back", world.li, seat.pk).lines[1].startswith("这门课没有使用积分")


def test_the_longest_words_fit_on_a_slip(world: World) -> None:
    long = {"title": "课" * 40, "term": "期" * 20}
    slip = perform(world, "night-school", world.zhao, cast.course(world.wenxing, **long).pk)
    slip.refresh_from_db()
    assert len(slip.lines) == 3 and slip.lines[2].endswith("上课时报给工作人员。")


def test_what_is_held_is_had_at_the_counter(world: World) -> None:
    course = cast.course(world.wenxing, capacity=4, held=4, held_until=clock.now() + timedelta(hours=1))
    choice = offered(world.zhao)["形体塑形"]
    assert choice.refused == "" and "剩4个名额" in choice.sub
    assert plan("night-school", world.zhao, course.pk)[1] is None
    perform(world, "night-school", world.zhao, course.pk)
    assert Enrolment.objects.get().channel == "desk" and "剩3个名额" in offered(world.li)["形体塑形"].sub


def test_who_calls_is_seated_without_a_signature(world: World, client: Client) -> None:
    course = cast.course(world.wenxing, capacity=4, held=4, held_until=clock.now() + timedelta(hours=1))
    client.force_login(world.zhang)
    path = f"/desk/counter/{world.zhao.pk}/night-school/{course.pk}/"
    page = client.get(path).content.decode()
    assert "居民怎样来的" in page and "打电话" in page
    slip = client.post(path, {"sure": "on", "way": "call"}, follow=True).content.decode()
    assert "夜校报名（电话）" in slip and "居民打电话办理，已核对身份" in slip and "居民签字" not in slip
    seat, made = Enrolment.objects.get(), Slip.objects.get()
    assert (seat.channel, made.proof, made.about) == ("call", "call", f"enrolment:{seat.pk}") and breaches() == []


def test_without_saying_so_the_resident_stands_there(world: World, client: Client) -> None:
    course = cast.course(world.wenxing)
    client.force_login(world.zhang)
    client.post(f"/desk/counter/{world.zhao.pk}/night-school/{course.pk}/", {"sure": "on"})
    assert (Enrolment.objects.get().channel, Slip.objects.get().proof) == ("desk", "signature")


def test_an_act_that_is_done_in_person_alone_does_not_ask(world: World, client: Client) -> None:
    (seat,) = cast.seated(cast.course(world.wenxing), world.zhao)
    client.force_login(world.zhang)
    path = f"/desk/counter/{world.zhao.pk}/night-school-back/{seat.pk}/"
    assert "居民怎样来的" not in client.get(path).content.decode()
    client.post(path, {"sure": "on", "way": "call"})
    assert Slip.objects.get().proof == "signature"


def test_the_family_pays_for_who_calls(world: World) -> None:
    deeds.at_home(world.wang, world.zhao)
    course = cast.course(world.wenxing, price=100)
    act = counter.act_of("night-school-family")
    assert act
    counter.perform(act=act, resident=world.wang, number=course.pk, by=world.zhang, called=True)
    assert (Enrolment.objects.get().channel, statement.available(world.zhao)) == ("call", 180)
