"""孩子 on the guardian's phone, and its desk page: who may, what is shown, and what one tap does."""

import pytest
from django.test import Client

from activities.models import Participation
from activities.signup import sign_up
from communities import guardians
from communities.models import Guardian, Resident
from tests import world as cast
from tests.communities.guarding import SEEN, born, child_of, guarded
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/me/children/"


@pytest.fixture
def wang(client: Client, world: World) -> Client:
    assert world.wang.account
    client.force_login(world.wang.account)
    client.post("/choose/", {"resident": world.wang.pk})
    return client


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_before_anything_is_registered_it_says_where(wang: Client) -> None:
    assert "还没有登记孩子" in text(wang.get(PAGE)) and PAGE in text(wang.get("/me/"))


def test_the_guardian_agrees_signs_up_and_takes_it_back(wang: Client, world: World) -> None:
    child = guarded(world, 10, SEEN)
    there = cast.activity(world.wenxing, min_age=8)
    page = text(wang.get(PAGE))
    assert "王小虎（10岁）" in page and "未同意" in page and "为王小虎报名" not in page
    assert str(born(10)) not in page and f"{born(10).month}月" not in page  # never the day of birth
    page = text(wang.post(f"{PAGE}{child.pk}/agree/", follow=True))
    assert "已记录您的同意" in page and "为王小虎报名" in page and "看王小虎的活动" in page
    page = text(wang.post("/choose/", {"resident": child.pk, "next": f"/activities/{there.pk}/"}, follow=True))
    assert "您在为孩子<b>王小虎</b>办理" in page and "亲友代办" not in page and "报名参加" in page
    wang.post(f"/activities/{there.pk}/sign-up/")
    mine = Participation.objects.get()
    assert (mine.resident, mine.guardian, mine.by) == (child, world.wang, world.wang.account)
    page = text(wang.post(f"{PAGE}{child.pk}/withdraw/", follow=True))
    assert "还没开始的报名已取消" in page
    mine.refresh_from_db()
    assert mine.status == "cancelled"


def test_for_the_child_the_guardian_reads_and_asks_as_others_for_themselves(wang: Client, world: World) -> None:
    child = guarded(world)
    wang.post("/choose/", {"resident": child.pk})
    for address in ("/me/data/", "/me/consents/", "/appeals/", "/me/data/ask/correct/"):
        assert wang.get(address).status_code == 200, address
    assert "由监护人的手机办理" in text(wang.get("/me/"))


def test_without_consent_the_activity_says_what_to_do(wang: Client, world: World) -> None:
    child = guarded(world, 10, SEEN)
    there = cast.activity(world.wenxing, min_age=8)
    wang.post("/choose/", {"resident": child.pk})
    assert "要监护人先同意" in text(wang.get(f"/activities/{there.pk}/"))


def test_of_a_child_that_is_not_ones_own_there_is_nothing(client: Client, world: World) -> None:
    child = guarded(world)
    assert world.li.account
    client.force_login(world.li.account)
    assert "王小虎" not in text(client.get(PAGE))
    for act in ("agree", "withdraw"):
        assert client.post(f"{PAGE}{child.pk}/{act}/").status_code == 404
    assert client.post("/choose/", {"resident": child.pk}).status_code == 404
    assert guardians.consented(child)


def test_who_is_of_age_or_was_let_go_is_served_no_more(wang: Client, world: World) -> None:
    child = guarded(world)
    wang.post("/choose/", {"resident": child.pk})
    Guardian.objects.update(ended_at=world.wang.registered_at, ended_by=world.zhang)
    assert "王小虎" not in text(wang.get("/me/", follow=True))


# the desk


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


SAID = {"relation": "母亲", "basis": "household_book", "present": "on"}


def test_at_the_desk_a_guardian_is_found_registered_signs_and_is_ended(zhang: Client, world: World) -> None:
    child = child_of(world.wang)
    here = f"/desk/residents/{child.pk}/guardians/"
    assert here in text(zhang.get(f"/desk/residents/{child.pk}/"))
    page = text(zhang.get(f"{here}?q=王秀兰"))
    assert "王秀兰（天和城，手机尾号6021）" in page and "1968" not in page
    missing = zhang.post(f"{here}?q=王秀兰", {"guardian": world.wang.pk, "relation": "母亲", "basis": "birth"})
    assert missing.status_code == 400 and "请孩子和监护人一起到窗口" in text(missing)
    page = text(zhang.post(f"{here}?q=王秀兰", SAID | {"guardian": world.wang.pk}, follow=True))
    assert "已登记，王秀兰可以" in page and "户口簿" in page and "还没有同意" in page
    mine = Guardian.objects.get()
    page = text(zhang.post(f"{here}{mine.pk}/sign/", follow=True))
    assert "监护人已同意" in page
    page = text(zhang.get(f"/desk/residents/{world.wang.pk}/guardians/"))
    assert "王秀兰监护的孩子" in page and "王小虎" in page
    page = text(zhang.post(f"{here}{mine.pk}/end/", follow=True))
    assert "不再为王小虎办理" in page and not guardians.consented(child)


def test_a_file_of_a_child_is_opened_with_its_guardian(zhang: Client, world: World) -> None:
    page = f"/desk/residents/new/?guardian={world.wang.pk}"
    assert "看过的证明" in text(zhang.get(page))
    said = {"name": "王小虎", "document": "id_card", "birth_date": f"{born(9):%Y%m%d}", "signed": "on"}
    assert zhang.post(page, said).status_code == 400
    assert "已为王小虎建档" in text(zhang.post(page, said | SAID | {"agreed": "on"}, follow=True))
    child = Resident.objects.get(name="王小虎")
    assert guardians.consented(child) and Guardian.objects.get().child == child


def test_the_guardian_on_the_spot_is_ticked_at_the_desk(zhang: Client, world: World) -> None:
    child = guarded(world)
    there = cast.activity(world.wenxing, min_age=8)
    mine = sign_up(activity_id=there.pk, resident=child, by=world.wang.account or world.system)
    here = f"/desk/activities/{there.pk}/children/"
    assert here in text(zhang.get(f"/desk/activities/{there.pk}/"))
    assert "还没有登记" in text(zhang.get(here)) and "138****6021" in text(zhang.get(here))
    assert "监护人在场，可以记录服务" in text(zhang.post(f"{here}{mine.pk}/there/", follow=True))
    assert "暂不能记录" in text(zhang.post(f"{here}{mine.pk}/there/", {"gone": "1"}, follow=True))
    other = cast.activity(world.wenxing)
    assert zhang.post(f"/desk/activities/{other.pk}/children/{mine.pk}/there/").status_code == 404
