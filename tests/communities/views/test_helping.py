"""亲友代办 on two phones: the elder's, who says yes and no, and the helper's, who acts within the yes."""

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Participation
from communities import helping
from communities.models import Consent, Helper, Resident
from communities.ownership import OwnersOnly
from core import clock
from nightschool.models import Enrolment
from notifications.models import Message
from points.models import Entry
from tests import world as cast
from tests.communities.steps import come_in, shows
from tests.pages import text
from tests.world import World

pytestmark = pytest.mark.django_db
DAUGHTER = "13700001111"
FORM = {"name": "赵小梅", "phone": DAUGHTER, "relation": "子女", "agreed": "on"}


@pytest.fixture
def helper(world: World) -> Helper:
    """赵玉珍 has no phone; her daughter acts for her."""
    return helping.appoint(
        resident=world.zhao, phone=DAUGHTER, name="赵小梅", relation="子女", by=world.zhang, way=Consent.Way.SIGNATURE
    )


@pytest.fixture
def daughter(client: Client, helper: Helper) -> Client:
    client.force_login(helper.account)
    return client


def test_a_resident_says_who_may_act_and_takes_it_back(client: Client, world: World) -> None:
    client.force_login(world.wang.account)
    shows(client.get("/me/helpers/"), "亲友代办是什么", "同意并登记")
    answer = client.post("/me/helpers/", FORM, follow=True)
    shows(answer, "赵小梅现在可以用自己的手机号登录", "现在可以替您办理的", "137****1111")
    mine = Helper.objects.get(resident=world.wang)
    assert mine.by == world.wang.account and mine.consent.way == "tap"
    shows(client.post(f"/me/helpers/{mine.pk}/end/", follow=True), "赵小梅不能再替您办理")
    assert not Helper.objects.current().exists()


@pytest.mark.parametrize("left_out", ["agreed", "name", "phone", "relation"])
def test_nothing_is_written_without_a_yes_or_a_name(client: Client, world: World, left_out: str) -> None:
    client.force_login(world.wang.account)
    answer = client.post("/me/helpers/", {key: value for key, value in FORM.items() if key != left_out})
    assert (
        answer.status_code == 400
        and not Helper.objects.exists()
        and not Consent.objects.filter(resident=world.wang).exists()
    )


def test_the_helpers_first_sign_in_knows_whom_it_helps(client: Client, world: World, helper: Helper) -> None:
    assert come_in(client, DAUGHTER) == "/sign-in/name/"
    shows(client.post("/sign-in/name/", {"name": "王秀兰"}), "姓名与这个号码上登记的不一致", status=409)
    client.post("/sign-in/name/", {"name": "赵玉珍"})
    shows(client.get("/"), "您在为<b>赵玉珍</b>办理")


def test_every_page_says_for_whom_one_acts(daughter: Client, world: World) -> None:
    course = cast.course(world.wenxing)
    for path in (
        "/",
        "/me/",
        "/points/",
        "/activities/",
        "/messages/",
        "/night-school/",
        f"/night-school/{course.pk}/",
        "/tickets/",
    ):
        assert "您在为赵玉珍办理（亲友代办）" in text(daughter, path), path


def test_nobody_is_told_so_on_the_own_phone(client: Client, world: World) -> None:
    client.force_login(world.wang.account)
    assert "亲友代办）" not in text(client, "/")


def test_a_helper_with_a_file_chooses_for_whom(client: Client, world: World) -> None:
    helping.appoint(resident=world.zhao, phone=world.wang.phone, name="王秀兰", relation="邻居", by=world.chen, way=Consent.Way.COUNTER)  # fmt: skip
    client.force_login(world.wang.account)
    page = text(client, "/choose/")
    assert page.index("王*兰") < page.index("赵*珍亲友代办".replace("亲友代办", "")) and "亲友代办" in page
    client.post("/choose/", {"resident": world.zhao.pk})
    assert "您在为赵玉珍办理" in text(client, "/me/")


def test_a_helper_enrols_the_elder_with_the_elders_points_and_the_elder_sees_it(
    daughter: Client, world: World, helper: Helper
) -> None:
    course = cast.course(world.wenxing)
    answer = daughter.post(reverse("nightschool:confirm", args=[course.pk]), follow=True)
    shows(answer, "兑换成功")
    mine = Enrolment.objects.get(resident=world.zhao)
    assert (mine.by, mine.channel) == (helper.account, "phone")
    assert Entry.objects.get(pk=mine.entry_id).by == helper.account
    assert "由亲友赵小梅代办" in Message.objects.get(resident=world.zhao, occasion=f"enrolment:{mine.pk}:seated").body
    assert "由亲友赵小梅代办" in text(daughter, "/points/")
    daughter.post(reverse("nightschool:cancel", args=[mine.pk]))
    mine.refresh_from_db()
    assert (mine.status, mine.cancelled_by) == ("cancelled", helper.account)
    told = Message.objects.get(resident=world.zhao, occasion=f"enrolment:{mine.pk}:withdrawn").body
    assert "60积分已退回" in told and "由亲友赵小梅代办" in told


def test_a_helper_signs_up_for_an_activity_and_off_again(daughter: Client, world: World, helper: Helper) -> None:
    activity = cast.activity(world.wenxing)
    daughter.post(reverse("activities:sign-up", args=[activity.pk]))
    mine = Participation.objects.get(resident=world.zhao)
    assert mine.by == helper.account
    daughter.post(reverse("activities:withdraw", args=[activity.pk]))
    told = Message.objects.filter(resident=world.zhao, occasion__startswith=f"participation:{mine.pk}:")
    assert sorted(one.title for one in told) == ["活动报名已取消", "活动报名成功"]
    assert all("由亲友赵小梅代办" in one.body for one in told)


def test_who_acts_for_oneself_is_told_nothing_of_helpers(client: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    client.force_login(world.wang.account)
    client.post(reverse("activities:sign-up", args=[activity.pk]))
    client.post(reverse("nightschool:confirm", args=[cast.course(world.wenxing).pk]))
    assert not Message.objects.filter(resident=world.wang, body__contains="代办").exists()
    assert "代办" not in text(client, "/points/")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/points/purse/join/"), ("post", "/points/purse/leave/"), ("get", "/appeals/"), ("post", "/me/helpers/"),
        ("get", "/appeals/debt:1/"),
    ],
)  # fmt: skip
def test_what_stays_with_the_resident_is_refused_with_a_sentence(daughter: Client, method: str, path: str) -> None:
    shows(getattr(daughter, method)(path, FORM if path == "/me/helpers/" else {}), OwnersOnly.message, status=403)
    assert Helper.objects.count() == 1


def test_a_helper_finds_no_door_that_is_shut(daughter: Client) -> None:
    assert "加入和退出要由本人办理" in text(daughter, "/points/purse/")
    me = text(daughter, "/me/")
    assert "我的申诉" not in me and "换我自己的手机号" in me


def test_what_a_helper_reads_stays_new_to_the_elder(daughter: Client, world: World) -> None:
    Message.objects.filter(resident=world.zhao).update(state="sent", sent_at=clock.now())
    assert "已登记亲友代办" in text(daughter, "/messages/")
    assert not Message.objects.filter(resident=world.zhao, read_at__isnull=False).exists()


def test_a_helper_may_stop_and_sees_nothing_any_more(daughter: Client, world: World, helper: Helper) -> None:
    daughter.get("/me/")
    assert "不再替赵玉珍办理" in text(daughter, "/me/helpers/")
    shows(daughter.post(f"/me/helpers/{helper.pk}/end/", follow=True), "您不再替这位居民办理")
    answer = daughter.get("/me/")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/join/")


def test_a_session_ends_with_the_consent(daughter: Client, world: World, helper: Helper) -> None:
    daughter.get("/me/")
    helping.end(helper=helper, by=world.zhang)
    assert daughter.get("/points/").headers["Location"].startswith("/join/")
    course = cast.course(world.wenxing)
    daughter.post(reverse("nightschool:confirm", args=[course.pk]))
    assert not Enrolment.objects.exists()


def test_somebody_elses_helper_is_not_there(client: Client, world: World, helper: Helper) -> None:
    client.force_login(world.li.account)
    assert client.post(f"/me/helpers/{helper.pk}/end/").status_code == 404
    assert Helper.objects.current().exists()


def test_four_numbers_a_day(transactional_db: None, client: Client) -> None:
    world = cast.build()
    client.force_login(world.wang.account)
    for n in range(4):
        client.post("/me/helpers/", FORM | {"phone": f"1370000112{n}"})
        helper = Helper.objects.current().filter(resident=world.wang).first()
        assert helper
        client.post(f"/me/helpers/{helper.pk}/end/")
    assert client.post("/me/helpers/", FORM | {"phone": "13700001129"}).status_code == 429
    assert Helper.objects.count() == 4


def test_an_elder_whose_file_is_closed_is_helped_no_more(daughter: Client, world: World) -> None:
    daughter.get("/me/")
    Resident.objects.filter(pk=world.zhao.pk).update(status="declined", decline_reason="迁出")
    assert daughter.get("/points/").status_code == 302
