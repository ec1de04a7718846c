"""Vouchers and their uses at the desk: found, frozen, given back, entered for a shop without a network, looked at."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities.kin import OwnInterest, OwnPhoneMissing
from communities.todo import rows_for
from core import clock
from core.refusals import Refused
from partners.models import Agreement, Clerk, Redemption, Voucher
from partners.vouchers import clerks, entering, keeping
from partners.vouchers.redeeming import redeem
from tests import world as cast
from tests.books import breaches, refuses
from tests.pages import leafed, queries, text
from tests.partners.shops import offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang, starts_on=clock.today() - 90 * DAY)


@pytest.fixture
def mine(agreed: Agreement, world: World) -> Voucher:
    return voucher(offer(agreed), world.wang, clock.now() - 3 * DAY)


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.zhang)
    return client


def test_found_by_name_or_number_frozen_let_go_and_given_back(desk: Client, mine: Voucher, world: World) -> None:
    for q in (mine.number, mine.spoken_number, "秀兰", f"https://example.org/v/{mine.token}/"):
        assert "理发一次" in text(desk, f"/desk/vouchers/?q={q}").split("操作")[-1]
    assert "王秀兰" not in text(desk, "/desk/vouchers/?q=00000000")
    page = f"/desk/vouchers/{mine.pk}/"
    assert desk.post(f"{page}freeze/", {"reason": ""}).status_code == 400
    desk.post(f"{page}freeze/", {"reason": "核查"})
    assert "已冻结" in text(desk, page) and "核查" in text(desk, page)
    desk.post(f"{page}unfreeze/")
    assert "待使用" in text(desk, page)
    desk.post(f"{page}back/", {"reason": "商家停业"})
    assert "已退回" in text(desk, page) and desk.post(f"{page}back/", {"reason": "再退"}).status_code == 409
    desk.force_login(world.qian)
    assert desk.get(page).status_code == 404 and "王秀兰" not in text(desk, "/desk/vouchers/")


def test_the_sheet_of_a_shop_without_a_network_line_by_line(
    desk: Client, mine: Voucher, agreed: Agreement, world: World
) -> None:
    second = voucher(mine.offer, world.wang)  # taken today
    yesterday = clock.today() - DAY
    Voucher.objects.filter(pk=mine.pk).update(valid_until=yesterday)
    form = {
        "partner": agreed.partner_id, "served_on": yesterday, "signed": "on",
        "numbers": f"{mine.spoken_number}\n{second.number}\n12345678\n\n{mine.number}\n",
    }  # fmt: skip
    for wrong in (
        {"signed": ""},
        {"served_on": clock.today() - 8 * DAY},
        {"served_on": clock.today() + DAY},
        {"numbers": " "},
    ):
        assert desk.post("/desk/uses/enter/", form | wrong).status_code == 400
    assert not Redemption.objects.exists()
    said = desk.post("/desk/uses/enter/", form).content.decode()
    assert "共3行，核销1张" in said and "服务日期以后才兑换" in said and "读错或输错" in said
    made = Redemption.objects.get()
    assert (made.voucher, made.way, made.served_on, made.clerk) == (mine, "desk", yesterday, None)
    again = desk.post("/desk/uses/enter/", form).content.decode()
    assert "核销0张" in again and "核销过" in again
    assert Redemption.objects.count() == 1 and breaches() == []
    assert "核销登记表" in text(desk, f"/desk/uses/sheet/?partner={agreed.partner_id}")


def test_one_that_expired_in_the_night_is_still_entered_the_next_day(
    mine: Voucher, agreed: Agreement, world: World
) -> None:
    yesterday = clock.today() - DAY
    Voucher.objects.filter(pk=mine.pk).update(valid_until=yesterday, status="expired", settled_at=clock.now())
    (line,) = entering.enter_sheet(
        partner=agreed.partner, numbers=[mine.number], served_on=yesterday, signed=True, by=world.zhang
    )
    assert line.redemption and breaches() == []


def test_a_sheet_says_nothing_of_another_communitys_vouchers(mine: Voucher, agreed: Agreement, world: World) -> None:
    (line,) = entering.enter_sheet(
        partner=agreed.partner, numbers=[mine.number], served_on=clock.today(), signed=True, by=world.qian
    )
    assert line.redemption is None and "这家没有这个券码" in line.said


def flagged(world: World, agreed: Agreement, at: datetime, **more: object) -> Redemption:
    one, by = voucher(offer(agreed), world.wang, clock.now() - 2 * DAY), Clerk.objects.get(slot=0)
    return redeem(voucher=one, by=by.account, clerk=by, way="scan", at=at, **more)  # type: ignore[arg-type]


def night(world: World, agreed: Agreement) -> Redemption:
    return flagged(world, agreed, clock.at(clock.today() - DAY, time(23)))


def fast(world: World, agreed: Agreement) -> Redemption:
    one, by, noon = voucher(offer(agreed), world.wang), Clerk.objects.get(slot=0), clock.at(clock.today(), time(12))
    Voucher.objects.filter(pk=one.pk).update(at=noon - timedelta(seconds=29))
    return redeem(voucher=one, by=by.account, clerk=by, way="scan", at=noon)


def same_device(world: World, agreed: Agreement) -> Redemption:
    one, by = voucher(offer(agreed), world.wang), Clerk.objects.get(slot=0)
    Voucher.objects.filter(pk=one.pk).update(device="d", at=clock.now() - 2 * DAY)
    return redeem(
        voucher=one, by=by.account, clerk=by, way="scan", device="d", at=clock.at(clock.today() - DAY, time(12))
    )


def household(world: World, agreed: Agreement) -> Redemption:
    noon = clock.at(clock.today() - DAY, time(12))
    return [flagged(world, agreed, noon + timedelta(hours=n)) for n in range(3)][-1]


def burst(world: World, agreed: Agreement) -> Redemption:
    noon, by, mine = clock.at(clock.today() - DAY, time(12)), Clerk.objects.get(slot=0), offer(agreed)
    people = [cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(10)]
    for one in people:
        cast.award(one, 60)
    held = [voucher(mine, one, clock.now() - 2 * DAY) for one in people]
    return [redeem(voucher=one, by=by.account, clerk=by, way="scan", at=noon) for one in held][-1]


def plain(world: World, agreed: Agreement) -> Redemption:
    return flagged(world, agreed, clock.at(clock.today() - DAY, time(12)), device="another")


@pytest.mark.parametrize(
    ("act", "flags"),
    [
        (plain, []), (night, ["night"]), (fast, ["fast"]), (same_device, ["same_device"]), (household, ["household"]),
        (burst, ["burst"]),
    ],
)  # fmt: skip
def test_flags_stop_nobody(
    act: Callable[[World, Agreement], Redemption], flags: list[str], world: World, agreed: Agreement
) -> None:
    owner(agreed)
    assert act(world, agreed).flags == flags


def test_a_flag_waits_on_the_to_do_page_until_somebody_looked(desk: Client, world: World, agreed: Agreement) -> None:
    owner(agreed)
    made, other = night(world, agreed), plain(world, agreed)
    waits = [row for row in rows_for(world.zhang) if row.section == "vouchers"]
    assert [row.count for row in waits] == [1] and not [
        row for row in rows_for(world.qian) if row.section == "vouchers"
    ]
    assert "非营业时间" in text(desk, "/desk/uses/?flagged=open")
    page = f"/desk/uses/{made.pk}/"
    assert "登记结论" in text(desk, page) and "登记结论" not in text(desk, f"/desk/uses/{other.pk}/")
    assert desk.post(page, {"note": " "}).status_code == 400
    desk.post(page, {"note": "电话核实，正常"})
    assert desk.post(page, {"note": "再看"}).status_code == 409
    assert "电话核实，正常" in text(desk, page)
    assert not [row for row in rows_for(world.zhang) if row.section == "vouchers"]
    assert desk.post(f"{page}undo/", {"reason": "按错"}).status_code == 302
    assert "已撤销" in text(desk, page) and breaches() == []
    desk.force_login(world.qian)
    assert desk.get(page).status_code == 404 and "理发一次" not in text(desk, "/desk/uses/")


def test_the_list_is_narrowed_turned_and_taken_away(
    desk: Client, world: World, agreed: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner(agreed)
    made = [night(world, agreed), plain(world, agreed)]
    today, yesterday = clock.today(), clock.today() - DAY
    for query, number in (
        ("", 2), ("?flagged=all", 1), (f"?partner={agreed.partner_id}&community={world.wenxing.pk}", 2),
        (f"?since={today}", 0), (f"?since={yesterday}&until={yesterday}", 2), ("?partner=999999&since=x", 2),
    ):  # fmt: skip
        answer = desk.get(f"/desk/uses/export/{query}")
        rows = list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(min_row=2, values_only=True))
        assert len(rows) == number, query
    rows = list(
        load_workbook(BytesIO(b"".join(desk.get("/desk/uses/export/")))).active.iter_rows(min_row=2, values_only=True)
    )
    assert {row[4] for row in rows} == {"王*兰"} and {row[0] for row in rows} == {one.pk for one in made}
    monkeypatch.setattr("partners.vouchers.usebook.PAGE", 1)
    assert len(leafed(desk, "/desk/uses/")) == 2 and len(leafed(desk, "/desk/vouchers/")) == 2


def test_the_lists_ask_as_often_for_one_as_for_thirty(desk: Client, world: World, agreed: Agreement) -> None:
    by, mine = owner(agreed), offer(agreed)
    pages = ("/desk/vouchers/", "/desk/uses/")
    before: list[int] = []
    for number in range(30):
        one = cast.resident(world.wenxing, f"居民{number}", f"137{number:08d}")
        cast.award(one, 60)
        redeem(voucher=voucher(mine, one), by=by.account, clerk=by, way="scan")
        before = before or [queries(desk, page) for page in pages]
    assert [queries(desk, page) for page in pages] == before


def test_the_head_says_whose_phone_is_the_owners(client: Client, world: World, agreed: Agreement) -> None:
    page = f"/desk/partners/phones/{agreed.partner_id}/"
    old, form = owner(agreed), {"community": world.wenxing.pk, "phone": "13700000009"}
    client.force_login(world.zhang)
    assert client.post(page, form).status_code == 403 and old == Clerk.objects.current().get(slot=0)
    client.force_login(world.chen)
    assert client.post(page, form | {"phone": old.account.phone}).status_code == 409
    assert client.post(page, form).status_code == 302
    assert Clerk.objects.current().get(slot=0).account.phone == "13700000009"
    me = cast.resident(world.wenxing, "陈志强本人", "13700000001")
    me.household = world.wang.household
    me.save()
    type(world.chen).objects.filter(pk=world.chen.pk).update(own_phone="13700000001")
    assert client.post(page, form | {"phone": world.wang.phone}).status_code == 403  # of the own household
    client.force_login(world.qian)
    assert client.get(page).status_code == 404


def test_any_days_may_be_asked_for(desk: Client) -> None:
    for query in ("since=0001-01-01", "until=9999-12-31", "since=9999-12-31&until=0001-01-01"):
        assert desk.get(f"/desk/uses/?{query}").status_code == 200


def test_a_frozen_voucher_stands_in_the_way_of_closing(mine: Voucher, world: World) -> None:
    Voucher.objects.update(status="frozen", settled_at=clock.now(), settled_by=world.zhang)
    assert any("冻结" in said for said in keeping.obstacles(world.wang))


def test_no_head_gives_a_shop_away_to_family_nor_one_that_serves_elsewhere(world: World, agreed: Agreement) -> None:
    old = owner(agreed)
    # A draft of the next community's makes the partner visible there, and no more.
    cast.partner(world.street, world.yongan, world.qian, partner=agreed.partner, status="draft", signed_on=None)
    world.qian.duties.update(role="head")
    me = cast.resident(world.wenxing, "陈志强本人", "13700000001")
    type(world.chen).objects.filter(pk=world.chen.pk).update(own_phone="13700000001")
    world.chen.refresh_from_db()
    wife = cast.resident(world.wenxing, "没有登录过的家人", "13700000009")  # no account yet, the number is on file
    type(wife).objects.filter(pk=wife.pk).update(account=None, household=me.household)
    for by, where, phone in (
        (world.qian, world.yongan, "13700000019"),
        (world.chen, world.wenxing, "13700000009"),
    ):
        with refuses(Refused) as info:
            clerks.set_owner(partner=agreed.partner, community=where, phone=phone, by=by)
        assert info.value.status == 403
    assert Clerk.objects.current().get(slot=0) == old
    type(me).objects.filter(pk=wife.pk).update(account=old.account)
    with refuses(OwnInterest):  # whose shop it is now
        clerks.set_owner(partner=agreed.partner, community=world.wenxing, phone="13700000019", by=world.chen)
    type(world.he).objects.filter(pk=world.he.pk).update(own_phone="")
    world.he.refresh_from_db()
    with refuses(OwnPhoneMissing):  # whose family is, nobody can tell
        clerks.set_owner(partner=agreed.partner, community=world.wenxing, phone="13700000019", by=world.he)
