"""我的星级 on the phone: the own way in plain words, nobody else beside it."""

import pytest
from django.test import Client

from communities import helping
from communities.models import Consent, Courier
from core import clock
from tests import world as cast
from tests.activities import serving
from tests.pages import enter, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/activities/stars/"


@pytest.fixture
def phone(client: Client, world: World) -> Client:
    return enter(client, world.wang)


def test_how_far_it_is_to_the_next_star_is_said_in_plain_words(phone: Client, world: World) -> None:
    serving.served(world, world.wang, 86)
    shown = text(phone, PAGE)
    assert "您还没有星级。累计服务86小时，再服务14小时就到一星。" in shown
    assert PAGE in links(phone, "/me/")


def test_a_granted_star_stands_first(phone: Client, world: World) -> None:
    star = serving.reached(world)
    assert "已经达到标准。社区会先公示" in text(phone, PAGE)
    serving.over(serving.shown(world, star))
    assert "您现在是一星志愿者。累计服务100小时，再服务200小时就到二星。" in text(phone, PAGE)


def test_nobody_else_stands_on_it(phone: Client, world: World) -> None:
    serving.reached(world, world.li, 300)
    shown = text(phone, PAGE)
    assert "李建国" not in shown and "300" not in shown and "名次" not in shown
    assert "只有您自己能看到，不和别人比" in shown


def test_a_stopped_star_and_a_bar_lead_to_the_appeal(phone: Client, world: World) -> None:
    star = serving.reached(world)
    bar = serving.barred(world)
    assert "现在不授予新的星级" in text(phone, PAGE)
    assert {f"/appeals/{star.about}/", f"/appeals/{bar.about}/"} <= set(links(phone, PAGE))
    assert "一星志愿者没有授予：限制期内不授予星级" in text(phone, f"/appeals/{star.about}/")
    phone.post(f"/appeals/{bar.about}/", {"text": "我到场了"})
    assert world.wang.appeals.get().about == bar.about


def test_couriers_see_their_points_of_the_year(phone: Client, world: World) -> None:
    assert "小哥星级" not in text(phone, PAGE)
    Courier.objects.create(
        resident=world.wang, platform="美团", status="confirmed", by=world.zhang, decided_at=clock.now(), decided_by=world.chen
    )  # fmt: skip
    assert "今年获得80积分，再获得70积分就到二星。" in text(phone, PAGE)


def test_a_helper_sees_it_without_what_only_the_person_does(client: Client, world: World) -> None:
    serving.reached(world)
    serving.barred(world)
    helper = helping.appoint(
        resident=world.wang, phone="13700001234", name="王小鸟", relation="子女", by=world.zhang, way=Consent.Way.SIGNATURE
    )  # fmt: skip
    client.force_login(helper.account)
    session = client.session
    session["acting"] = world.wang.pk
    session.save()
    shown = text(client, PAGE)
    assert "一星志愿者" in shown
    assert not [link for link in links(client, PAGE) if "appeals" in link or "certificates" in link]


def test_it_costs_the_same_for_much_and_for_little(phone: Client, world: World) -> None:
    serving.served(world, world.wang, 2)
    few = queries(phone, PAGE)
    serving.served(world, world.wang, 300)
    assert queries(phone, PAGE) == few
    assert cast.PASSWORD
