"""对账 at the desk: who opens it, what it says, and that nobody but finance meets the budget."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from communities.models import Duty, Setting, User
from communities.settings import BUDGET_RATE
from core import clock
from points import ledger, reconciliation
from points.models import BookCheck
from points.reconciliation import Period
from tests import world as cast
from tests.pages import links, queries, text
from tests.points.acts import in_wallets, random_acts
from tests.world import World

pytestmark = pytest.mark.django_db
Role = Duty.Role
SECRETS = ("预算", "0.20", "56.00", "76.00", "budget", "rate")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def own(world: World, tail: str = "") -> str:
    return f"/desk/books/{world.wenxing.pk}/{tail}"


def above(world: World, tail: str = "") -> str:
    return f"/desk/books/street/{world.street.pk}/{tail}"


@pytest.fixture
def money(world: World) -> User:
    """Finance of 文兴."""
    return cast.staff("money", "财务", Role.FINANCE, community=world.wenxing)


@pytest.fixture
def street_money(world: World) -> User:
    return cast.staff("street-money", "街道财务", Role.FINANCE, sub_district=world.street)


def sheet(answer: Any) -> list[list[Any]]:
    found = openpyxl.load_workbook(BytesIO(answer.getvalue())).active
    return [[cell.value for cell in row] for row in found.iter_rows()]


# Who comes where


def test_everybody_is_led_to_the_page_that_is_theirs(world: World, money: User, street_money: User) -> None:
    for user, page in (
        (world.zhang, own(world)), (world.chen, own(world)), (money, own(world)), (world.he, above(world)),
        (street_money, above(world)),
    ):  # fmt: skip
        answer = signed_in(user).get("/desk/books/")
        assert (answer.status_code, answer["Location"]) == (302, page)


def test_who_has_several_chooses(world: World) -> None:
    Duty.objects.create(user=world.zhang, role=Role.FINANCE, community=world.hualin)
    cast.with_factor(world.zhang)
    said = text(signed_in(world.zhang), "/desk/books/")
    assert "文兴社区" in said and "清远街道华林社区" in said and "永安社区" not in said


def test_who_has_nothing_is_told_so(world: World) -> None:
    world.zhang.duties.all().delete()
    assert "没有可以查看的对账" in text(signed_in(world.zhang), "/desk/books/")


def test_other_places_are_not_there(world: World, money: User, street_money: User) -> None:
    far = cast.staff("far", "远", Role.FINANCE, sub_district=world.hualin.sub_district)
    for user, pages in (
        (world.qian, (own(world), own(world, "export/"), above(world), above(world, "export/"))),
        (world.zhang, (above(world), above(world, "export/"))),
        (money, (f"/desk/books/{world.yongan.pk}/", above(world), above(world, "export/"))),
        (far, (own(world), own(world, "export/"), above(world), above(world, "export/"))),
        (street_money, (f"/desk/books/{world.hualin.pk}/",)),
    ):
        for page in pages:
            assert signed_in(user).get(page).status_code == 404, (user, page)


# Finance: sums and nothing else


def test_finance_sees_the_books_in_its_menu_and_nobodys_file(world: World, street_money: User) -> None:
    client = signed_in(street_money)
    menu = client.get("/desk/").content.decode()
    assert "/desk/books/" in menu
    assert not [
        page for page in ("/desk/residents/", "/desk/activities/", "/desk/settings/") if f'href="{page}"' in menu
    ]
    assert client.get(f"/desk/residents/{world.wang.pk}/").status_code == 404
    assert "王" not in text(client, "/desk/residents/")
    assert "/desk/residents/" in signed_in(world.zhang).get("/desk/").content.decode()


def test_finance_is_led_to_the_books_and_nowhere_else(world: World, street_money: User) -> None:
    client = signed_in(street_money)
    home = text(client, "/desk/")
    assert "去对账" in home and "居民" not in home and "活动" not in home
    assert "/desk/books/" in links(client, "/desk/")
    assert "提出调整" not in text(client, "/desk/adjustments/")
    rules = text(client, "/desk/rules/")
    assert "看标准" in rules and "打印" not in rules and "/points/rules/" in links(client, "/desk/rules/")
    assert "看标准" not in text(signed_in(world.zhang), "/desk/rules/")


def test_a_period_is_looked_at_and_not_filtered(world: World, money: User) -> None:
    page = text(signed_in(money), own(world))
    assert "查看本月" in page and "筛选" not in page and "冲正" not in page


def test_only_finance_meets_the_budget(world: World, money: User, street_money: User) -> None:
    """Not on the page, not in the file, not in what the template is given."""
    seen = {
        user.username: [
            client.get(page) for page in (own(world), own(world, "export/"), above(world), above(world, "export/"), "/desk/settings/")
        ]
        for user, client in ((one, signed_in(one)) for one in (world.zhang, world.chen, world.he, money, street_money))
    }  # fmt: skip
    for name in ("zhangxiaoyan", "chenzhuren", "hejiedao"):
        for answer in seen[name]:
            if answer.status_code == 404:
                continue
            if "spreadsheet" in answer["Content-Type"]:
                assert not [
                    cell for row in sheet(answer) for cell in row if any(word in str(cell) for word in SECRETS[:4])
                ]
                continue
            main = answer.content.decode().split("<main", 1)[1]
            assert not [word for word in SECRETS[:4] if word in main], name
            assert "budget" not in answer.context and "rate" not in answer.context, name
            assert all(line.budget is None for line in answer.context.get("lines", []))
    assert "56.00元" in seen["money"][0].content.decode()
    street_page, street_file = seen["street-money"][2], sheet(seen["street-money"][3])
    assert all(word in street_page.content.decode() for word in ("56.00", "20.00", "76.00", "每个积分的预算是0.20元"))
    assert [row[-1] for row in street_file] == ["现在未用的预算（元）", 56, 20, 76]


def test_the_rate_is_finances_to_change_and_nobody_elses(world: World, money: User, street_money: User) -> None:
    page, day = f"/desk/settings/{world.street.pk}/{BUDGET_RATE.key}/", Period.month(2040, 1).first
    for user in (world.he, world.chen, money):
        client = signed_in(user)
        assert client.get(page).status_code == 404
        assert client.post(page, {"value": 5, "starts_on": day}).status_code == 404
        assert BUDGET_RATE.label not in client.get("/desk/settings/").content.decode()
    assert not Setting.objects.exists()
    client = signed_in(street_money)
    assert "20分钱" in text(client, "/desk/settings/")
    assert client.get(f"/desk/settings/{world.street.pk}/night.remind_h/").status_code == 404
    assert "夜校" not in text(client, "/desk/settings/")
    assert client.post(page, {"value": 5, "starts_on": day}).status_code == 302
    assert Setting.objects.get().value == 5


def test_a_finance_duty_that_ended_shows_no_more(world: World, money: User) -> None:
    money.duties.update(ends_on=clock.today().replace(year=clock.today().year - 1), starts_on="2000-01-01")
    assert signed_in(money).get(own(world)).status_code == 404


# What the pages say


def test_the_page_ties_out_with_its_real_figures(world: World) -> None:
    random_acts(world, 40, 5)
    said, (its,) = text(signed_in(world.zhang), own(world)), reconciliation.figures([world.wenxing], this_month())
    ever = its.ever
    assert (
        f"发放{ever.issued:,}－收回{ever.taken_back:,}－使用{ever.spent:,}＋退回{ever.returned:,}－过期{ever.expired:,}"
        f"－转出{ever.moved_out:,}＋转入{ever.moved_in:,}＝{in_wallets(world.wenxing):,}" in said
    )
    assert ever.moved_out
    assert f"永安社区{its.period.moved_out:,}{its.period.moved_in:,}" in said
    assert f"＋{its.period.issued:,}－{its.period.taken_back:,}" in said
    assert f"在本社区{its.spent_here:,}，在其他社区{its.spent_elsewhere:,}" in said


def this_month() -> Period:
    return Period.month(clock.today().year, clock.today().month)


def test_the_last_check_stands_on_the_page(world: World) -> None:
    client = signed_in(world.zhang)
    assert "还没有核对过" in text(client, own(world))
    BookCheck.objects.create(at=clock.now(), promises=40, breaches=0, seconds=1)
    assert "40项全部相符" in text(client, own(world))
    BookCheck.objects.create(at=clock.now(), promises=40, breaches=2, seconds=1)
    for page in (own(world), above(world)):
        assert "发现2处不符" in text(signed_in(world.he), page)


def test_the_sub_district_is_in_its_fixed_order_whatever_the_figures(world: World) -> None:
    for amount in (500, 5000):
        cast.award(world.zhou, amount)
        said = text(signed_in(world.he), above(world))
        assert said.index("文兴社区") < said.index("永安社区") < said.index("合计")
    assert "5,600" in said and "5,880" in said
    rows = sheet(signed_in(world.he).get(above(world, "export/")))
    assert [(row[0], row[-1]) for row in rows[1:]] == [("文兴社区", 280), ("永安社区", 5600), ("合计", 5880)]


def test_the_file_adds_up_to_the_page(world: World) -> None:
    random_acts(world, 40, 6)
    head, *rows = sheet(signed_in(world.zhang).get(own(world, "export/")))
    (its,) = reconciliation.figures([world.wenxing], this_month())
    assert head[:4] == ["日期", "类别", "从", "到"]
    mine = [row for row in rows if row[4] == "文兴社区"]
    assert sum(row[6] for row in mine if row[2] == "发放" and row[1] != "退回") == its.period.issued
    assert sum(row[6] for row in mine if row[2] == "居民积分" and row[3] == "兑换收入") == its.period.spent
    assert {row[0].date() for row in rows} == {clock.today()}


def test_a_period_that_is_none_shows_this_month(world: World) -> None:
    client, this = signed_in(world.zhang), f"期间：{this_month()}"
    for asked in ("2999-01", "x", "9" * 30, "%00"):
        assert this in text(client, own(world, f"?period={asked}"))
        assert client.get(own(world, f"export/?period={asked}")).status_code == 200
    assert "全年" in text(client, own(world, f"?period={clock.today().year}"))


# How much they ask


def test_pages_cost_the_same_however_much_was_booked(world: World) -> None:
    staff, admin = signed_in(world.zhang), signed_in(world.he)
    before = queries(staff, own(world)), queries(admin, above(world))
    random_acts(world, 40, 9)
    ledger.charge(key="x", resident=world.zhou, amount=1, provider=world.hualin, by=world.system, reason="课")
    assert (queries(staff, own(world)), queries(admin, above(world))) == before
    assert max(before) <= 14


def test_the_sub_district_costs_the_same_for_thirty_communities(world: World) -> None:
    admin = signed_in(world.he)
    before = queries(admin, above(world))
    for number in range(28):
        world.street.communities.create(name=f"第{number}社区")
    assert queries(admin, above(world)) == before
