"""A duty is given by name, for a place and a term; two people are what the books ask for."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from communities.appointing import NameTaken, appoint
from communities.models import Community, Duty, User
from core import clock
from core.refusals import BadInput
from tests.books import refuses
from tests.world import World

pytestmark = pytest.mark.django_db
WORKER = Duty.Role.WORKER


def run(**changes: str) -> str:
    said = StringIO()
    words = {
        "login": "zhaomin",
        "name": "赵敏",
        "role": "社区工作者",
        "sub-district": "水泊寺街道",
        "community": "文兴社区",
        "phone": "13812346021",
    }
    words |= {key.replace("_", "-"): value for key, value in changes.items()}
    call_command(
        "appoint", *[part for key, value in words.items() if value for part in (f"--{key}", value)], stdout=said
    )
    return said.getvalue()


def test_a_worker_gets_an_account_a_duty_and_a_password_to_change(world: World) -> None:
    said = run()
    user = User.objects.get(username="zhaomin")
    assert user.must_change_password and user.check_password(said.rsplit("：", 1)[1].strip())
    assert list(Community.objects.for_staff(user)) == [world.wenxing]
    assert world.wang.is_file_of(user)


def test_again_with_the_same_words_nothing_is_written(world: World) -> None:
    run()
    assert run() == "已经任职，没有改动。\n"
    assert Duty.objects.filter(user__username="zhaomin").count() == 1


def test_a_colleague_gets_a_second_duty_and_keeps_the_password(world: World) -> None:
    assert "密码" not in run(login="qianyongan")
    assert set(Community.objects.for_staff(world.qian)) == {world.wenxing, world.yongan}


def test_a_term_ends(world: World) -> None:
    last = clock.today() + timedelta(days=1)
    appointed = appoint(username="x1", name="许", role=WORKER, place=world.wenxing, until=last)
    assert appointed.user.duties.get().ends_on == last


@pytest.mark.parametrize("community", ["文兴社区", ""])
def test_finance_is_for_one_community_or_for_the_whole_sub_district(world: World, community: str) -> None:
    run(role="财务", login="money", community=community)
    duty = Duty.objects.get(user__username="money")
    assert duty.role == Duty.Role.FINANCE
    assert (duty.community, duty.sub_district) == ((world.wenxing, None) if community else (None, world.street))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sub_district": "没有街道"}, "没有没有街道"),
        ({"community": "没有社区"}, "没有没有社区"),
        ({"community": ""}, "要写"),
        ({"role": "街道管理员"}, "不写"),
        ({"login": "p13812346021"}, "已被别的账号使用"),
        ({"phone": "12345"}, "11位"),
        ({"phone": ""}, "社区工作者要写--phone"),
        ({"phone": "", "role": "社区主任"}, "社区主任要写--phone"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(world: World, changes: dict[str, str], sentence: str) -> None:
    before = Duty.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match=sentence):
        run(**changes)
    assert (Duty.objects.count(), User.objects.count()) == before


def test_a_resident_is_not_made_staff_and_a_simple_password_is_refused(world: World) -> None:
    with refuses(NameTaken):
        appoint(username="p13812346021", name="王", role=WORKER, place=world.wenxing)
    with refuses(BadInput):
        appoint(username="x2", name="许", role=WORKER, place=world.wenxing, password="12345678")
    assert not User.objects.filter(username="x2").exists()


def test_the_database_keeps_no_own_phone_that_is_none(world: World) -> None:
    with pytest.raises(IntegrityError, match="user_own_phone_is_mobile"), transaction.atomic():
        User.objects.filter(pk=world.zhang.pk).update(own_phone="12345")


def test_finance_decides_about_nobodys_points_and_needs_no_phone(world: World) -> None:
    run(role="财务", login="money", phone="")
    assert User.objects.get(username="money").own_phone == ""


def test_one_person_has_one_account(world: World) -> None:
    """Two accounts with the same own phone would be both of the two people that the books ask for."""
    run()
    for login in ("zhaomin2", world.chen.username):
        with pytest.raises(CommandError, match="已登记在另一个工作人员账号"):
            run(login=login, role="社区主任")
    world.chen.refresh_from_db()
    assert world.chen.own_phone != "13812346021" and not User.objects.filter(username="zhaomin2").exists()


def test_the_database_keeps_an_own_phone_once_and_none_any_number_of_times(world: World) -> None:
    with pytest.raises(IntegrityError, match="user_own_phone_once"), transaction.atomic():
        User.objects.filter(pk=world.zhang.pk).update(own_phone=world.chen.own_phone)
    assert User.objects.filter(pk__in=(world.zhang.pk, world.chen.pk)).update(own_phone="") == 2
