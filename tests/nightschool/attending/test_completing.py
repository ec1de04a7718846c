"""结业: who was there often enough has it in writing; everybody can check it, and nobody reads more than that."""

import pytest
from django.test import Client

from communities import appeals
from communities.models import Resident, Setting
from core import clock
from core.refusals import Refused
from nightschool.attending import completing
from nightschool.models import Attendance, Completion, Course, Enrolment, Session
from notifications.models import Message
from tests.nightschool.attending.coming import course, day_after, lesson
from tests.pages import enter, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


def marked(world: World, made: Course, seat: Enrolment, signs: str) -> None:
    """到, 迟, 假, 缺 for each class in order; — for no row."""
    status = {"到": "present", "迟": "late", "假": "leave", "缺": "absent"}
    for number, sign in enumerate(signs, 1):
        if sign in status:
            session = lesson(made, number)
            Attendance.objects.create(
                session=session, enrolment=seat, status=status[sign], how="desk", by=world.zhang, at=session.starts_at
            )


@pytest.mark.parametrize(
    ("signs", "completes"),
    [
        ("到到到到", True),
        ("到到到缺", True),
        ("到迟迟假", True),
        ("到到缺缺", False),
        ("到到假假", False),
        ("缺缺缺缺", False),
    ],
)
def test_three_quarters_of_the_classes_complete(world: World, signs: str, completes: bool) -> None:
    made, (mine,) = course(world, world.wang, lessons=4)
    marked(world, made, mine, signs)
    with day_after(lesson(made, 4)):
        assert [completing.sweep(clock.now()) for _ in range(2)] == [int(completes), 0]
    assert Completion.objects.exists() == completes


def test_the_share_is_a_setting(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key="night.completion_percent", value=50, starts_on="2020-01-01", by=world.he
    )
    made, (mine,) = course(world, world.wang, lessons=4)
    marked(world, made, mine, "到到缺缺")
    with day_after(lesson(made, 4)):
        assert completing.sweep(clock.now()) == 1


def test_classes_called_off_do_not_count(world: World) -> None:
    made, (mine,) = course(world, world.wang, lessons=4)
    marked(world, made, mine, "到到到")
    Session.objects.filter(course=made, number=4).update(
        status="cancelled", changed_at=clock.now(), changed_by=world.zhang
    )
    with day_after(lesson(made, 3)):
        assert completing.sweep(clock.now()) == 1
    one = Completion.objects.get()
    assert (one.attended, one.lessons) == (3, 3)


def test_a_class_without_a_list_is_waited_for_and_then_left_out(world: World) -> None:
    made, (mine,) = course(world, world.wang, lessons=4)
    marked(world, made, mine, "到到到")
    with day_after(lesson(made, 4)):
        assert completing.sweep(clock.now()) == 0
    with day_after(lesson(made, 4), 15):
        assert completing.sweep(clock.now()) == 1
    assert (Completion.objects.get().attended, Completion.objects.get().lessons) == (3, 3)


def test_nothing_before_the_last_class_is_over_nor_for_who_left(world: World) -> None:
    made, (mine, gone) = course(world, world.wang, world.zhao)
    for seat in (mine, gone):
        marked(world, made, seat, "到到到")
    Enrolment.objects.filter(pk=gone.pk).update(status="freed", cancelled_at=clock.now())
    with day_after(lesson(made, 3), 0):
        assert completing.sweep(clock.now()) == 0
    with day_after(lesson(made, 3)):
        assert completing.sweep(clock.now()) == 1
    assert Completion.objects.get().enrolment == mine


@pytest.fixture
def done(world: World) -> Completion:
    _, (mine,) = course(world, world.wang)
    return Completion.objects.create(
        enrolment=mine, number="JY20261122-000001", attended=3, lessons=3, issued_by=world.system
    )


def test_the_resident_is_told_and_prints_it(client: Client, world: World) -> None:
    made, (mine,) = course(world, world.wang)
    marked(world, made, mine, "到到到")
    with day_after(lesson(made, 3)):
        completing.sweep(clock.now())
    one = Completion.objects.get()
    assert Message.objects.get(occasion=f"completion:{one.pk}:issued").link == f"/night-school/completions/{one.pk}/"
    enter(client, world.wang)
    shown = text(client, f"/night-school/completions/{one.pk}/")
    assert "王秀兰" in shown and one.number in shown and "到课3次" in shown
    enter(client, world.li)
    assert client.get(f"/night-school/completions/{one.pk}/").status_code == 404


def test_everybody_checks_it_and_reads_no_more(client: Client, done: Completion) -> None:
    answer = client.get(f"/completions/{done.token}/")
    shown = words(answer.content.decode())
    assert "这份结业证明有效" in shown and "王*兰" in shown and "形体塑形" in shown and done.number in shown
    assert "王秀兰" not in shown and "到课" not in shown and "138" not in shown
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert client.get(f"/completions/{done.token}x/").status_code == 404


def test_the_check_page_is_counted(client: Client, done: Completion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightschool.views.classes.CHECKS", 2)
    codes = [client.get("/completions/nonsense/").status_code for _ in range(3)]
    assert codes == [404, 404, 429]


def test_a_closed_file_is_named_no_more(client: Client, world: World, done: Completion) -> None:
    nobody = {
        "account": None,
        "phone": "",
        "birth_date": None,
        "household": None,
        "estate": None,
        "pinyin": "",
        "initials": "",
    }
    Resident.objects.filter(pk=world.wang.pk).update(
        status=Resident.Status.CLOSED, closed_at=clock.now(), name="已注销1", **nobody
    )
    shown = words(client.get(f"/completions/{done.token}/").content.decode())
    assert "王*兰" not in shown and "已注销账号" in shown


def test_the_head_revokes_with_a_reason_and_the_person_may_appeal(
    client: Client, world: World, done: Completion
) -> None:
    client.force_login(world.chen)
    path = f"/desk/night-school/completions/{done.pk}/revoke/"
    assert client.post(path, {"reason": ""}).status_code == 400
    assert client.post(path, {"reason": "点名有误"}).status_code == 302
    assert client.post(path, {"reason": "点名有误"}).status_code == 409
    shown = words(client.get(f"/completions/{done.token}/").content.decode())
    assert "已作废" in shown and "王*兰" not in shown
    assert "积分没有变动" in Message.objects.get(occasion=f"completion:{done.pk}:revoked").body
    assert world.wang.account
    filed = appeals.file(resident=world.wang, about=f"completion:{done.pk}", text="我都到了", by=world.wang.account)
    appeals.answer(appeal=filed, upheld=True, new_value="有效", text="核实", by=world.he)
    done.refresh_from_db()
    assert (done.revoked_at, done.revoke_reason) == (None, "")


def test_workers_and_family_do_not_revoke(world: World, done: Completion) -> None:
    world.chen.own_phone = world.wang.phone
    world.chen.save()
    for by, code in ((world.zhang, "not_your_duty"), (world.qian, "not_your_duty"), (world.chen, "own_completion")):
        with pytest.raises(Refused) as caught:
            completing.revoke(completion=done, reason="点名有误", by=by)
        assert caught.value.code == code
    for reason in (" ", "长" * 61):
        with pytest.raises(completing.NoWhy):
            completing.revoke(completion=done, reason=reason, by=world.he)


def test_the_sweep_forgets_courses_of_long_ago(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    marked(world, made, mine, "到到到")
    with day_after(lesson(made, 3), 130):
        assert completing.sweep(clock.now()) == 0
