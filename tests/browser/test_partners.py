"""From the application to the settlement, as three people live it: a merchant's phone, the desk, a resident's phone."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page, expect

from communities.drawing import drawn
from communities.models import Notice
from core import clock
from partners.models import Agreement, Application, Redemption, Statement, Voucher
from partners.settling import drawing
from points import statement
from tests.books import breaches
from tests.browser.conftest import DESKTOP
from tests.browser.test_evening import MOBILE, WAYS, taps
from tests.browser.test_road import sign_in
from tests.communities.phonebox import last_code
from tests.partners import agreeing, shops
from tests.partners.joining.applicants import over
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
SHOP = "13700001111"
REGISTERS = ("国家企业信用信息公示系统", "经营异常名录", "严重违法失信名单", "失信被执行人")


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[time_machine.Traveller]:
    """The clock of the server, which runs on."""
    with time_machine.travel(clock.at(clock.today(), time(15))) as traveller:
        yield traveller


def filled(page: Page, **said: str) -> None:
    """Every named box of a form, chosen from or typed into; ticked where nothing is said."""
    for name, value in said.items():
        box = page.locator(f"[name='{name.replace('__', '-')}']")
        kind = box.first.evaluate("e => e.type")
        if kind.startswith("select"):
            box.select_option(value)
        elif kind == "checkbox":
            box.check()
        elif kind == "radio":
            page.locator(f"[name='{name}'][value='{value}']").check()
        else:
            box.fill(value)


def applied(merchant: Page) -> Application:
    """Three steps on a phone that nobody knows yet."""
    merchant.goto("/partners/")
    taps(merchant, ("link", "合伙人招募和报名"), ("link", "直接报名"))
    sign_in(merchant, SHOP)
    filled(merchant, name="陈记修鞋", kind="merchant", trade="living", credit_code="92140213MA0AAAAA1M", legal_person="陈师傅",
           registered_address="水泊寺街1号", address="文兴路2号", contact="陈师傅", contact_phone="0352-1234567")  # fmt: skip
    taps(merchant, ("button", "保存，下一步"))
    filled(merchant, services="修鞋修伞", item_0="免费修鞋", times_0="2", people_0="10", discount_0="8折")
    taps(merchant, ("button", "保存，下一步"))
    filled(merchant, pledged="", kinship="no")
    taps(merchant, ("button", "提交报名"))
    expect(merchant.get_by_text("待资格审查")).to_be_visible()
    return Application.objects.get()


def proposed(desk: Page, head: Page, made: Application) -> Notice:
    """Looked up, let stand, agreed to by the head, shown to everybody."""
    desk.goto("/desk/joining/")
    taps(desk, ("link", "陈记修鞋"))
    for register in REGISTERS:
        desk.get_by_label("查询项目").select_option(label=register)
        taps(desk, ("button", "登记查询结果"))
        expect(
            desk.get_by_role("region", name="查询结果").get_by_role("listitem").filter(has_text=register)
        ).to_be_visible()
    taps(desk, ("button", "审查通过"))
    expect(desk.get_by_text("资格审查已通过。")).to_be_visible()
    head.goto(f"/desk/joining/{made.pk}/")
    taps(head, ("button", "同意入选"))
    expect(head.get_by_text("已同意，请同事拟公示。")).to_be_visible()
    desk.reload()
    taps(desk, ("button", "拟公示"))
    expect(desk.get_by_text("公示稿已拟好")).to_be_visible()
    head.goto(f"/desk/notices/{Notice.objects.get().pk}/")
    taps(head, ("button", "核对无误，发布"))
    return Notice.objects.get()


def drafted(desk: Page, head: Page, made: Application) -> Agreement:
    """The notice has ended: decided, drafted from the application, sent to be signed."""
    head.goto(f"/desk/joining/{made.pk}/")
    taps(head, ("button", "确认入选"))
    expect(head.get_by_text("已确认入选")).to_be_visible()
    desk.goto(f"/desk/joining/{made.pk}/")
    taps(desk, ("link", "拟协议"))
    expect(desk.locator("[name='line0-item']")).to_have_value("免费修鞋")  # as the merchant promised it
    filled(desk, mode="subsidy")
    taps(desk, ("button", "保存草稿"), ("button", "送签"))
    expect(desk.get_by_text("已送签").first).to_be_visible()
    return Agreement.objects.get()


def drawn_by_hand(page: Page) -> None:
    """A line across the box."""
    canvas = page.get_by_label("手写签名框")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    x, y = box["x"] + 40, box["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y + 30, steps=8)
    page.mouse.up()


def signed(page: Page, address: str, name: str, number: str) -> None:
    """By hand, with the name and the code that came to the signatory's own phone."""
    page.goto(address)
    taps(page, ("button", "获取验证码"))
    expect(page.get_by_role("button", name="签署协议")).to_be_visible()
    drawn_by_hand(page)
    filled(page, name=name, code=last_code(number))
    taps(page, ("button", "签署协议"))
    expect(page.get_by_text("签署").first).to_be_visible()


def offered(merchant: Page, desk: Page) -> None:
    """Written on the phone, looked at by the community, on the shelf."""
    merchant.goto("/merchant/offers/")
    taps(merchant, ("link", "新增服务"))
    filled(merchant, title="修鞋一次", note="换底另收", price="20", worth="15")
    taps(merchant, ("button", "保存"), ("button", "送社区审核"))
    expect(merchant.get_by_text("已送审")).to_be_visible()
    desk.goto("/desk/offers/?status=submitted")
    desk.get_by_role("row", name="修鞋一次").get_by_role("link", name="审核").click()
    taps(desk, ("button", "审核通过，上架"))
    expect(desk.get_by_text("居民现在可以兑换")).to_be_visible()


def redeemed(resident: Page) -> str:
    """Three taps from the first page to the code; the address that the code holds, read from its drawing as a camera would."""
    resident.goto("/")
    taps(resident, ("link", "服务券"), ("link", "兑换"), ("button", "确认兑换"))
    expect(resident.get_by_role("heading", name="兑换成功")).to_be_visible()
    shape = resident.get_by_role("img", name="服务券二维码").locator("path").last.get_attribute("d")
    address = f"{settings.SITE_URL}/v/{Voucher.objects.latest('pk').token}/"
    assert shape and f'd="{shape}"' in drawn(address)
    return address


def used(merchant: Page, address: str, title: str) -> None:
    """Scanned, looked at, and used by one tap."""
    merchant.goto(address)
    expect(merchant.get_by_role("heading", name=title)).to_be_visible()
    assert not Redemption.objects.exists()
    taps(merchant, ("button", "确认核销"))
    expect(merchant.get_by_role("heading", name=re.compile(r"今天已核销\s*1\s*张"))).to_be_visible()


def settled(merchant: Page, head: Page) -> Statement:
    """What the first of the month drew, confirmed by both."""
    merchant.goto("/merchant/more/")
    taps(merchant, ("link", "结算单"))
    merchant.get_by_role("listitem").filter(has_text="1张券").get_by_role("link").click()
    expect(merchant.get_by_text("1张，20积分")).to_be_visible()
    taps(merchant, ("button", "确认无误"))
    expect(merchant.get_by_text("已确认。").first).to_be_visible()
    head.goto("/desk/statements/")
    taps(head, ("link", "陈记修鞋"), ("button", "确认结算"))
    expect(head.get_by_text("双方都已确认")).to_be_visible()
    return Statement.objects.get()


def first_of_next_month() -> datetime:
    """In the morning, when beat has drawn the statements."""
    first = (clock.today().replace(day=1) + timedelta(days=31)).replace(day=1)
    return clock.at(first, time(9))


def test_from_the_application_to_the_frozen_statement(
    opened: Open, world: World, afternoon: time_machine.Traveller
) -> None:
    agreeing.template(world)
    merchant = opened(None, **MOBILE)

    def at_the_desk() -> tuple[Page, Page]:
        return opened(world.zhang, viewport=DESKTOP), opened(world.chen, viewport=DESKTOP)

    made = applied(merchant)
    notice = proposed(*at_the_desk(), made)
    afternoon.move_to(over(notice))
    merchant, (desk, head) = opened(made.by, **MOBILE), at_the_desk()
    agreement = drafted(desk, head, made)
    signed(merchant, f"/merchant/agreements/{agreement.pk}/", "陈师傅", SHOP)
    signed(head, f"/desk/partners/{agreement.pk}/sign/", "陈志强", world.chen.own_phone)
    agreement.refresh_from_db()
    assert (agreement.status, agreement.signed_on) == ("signed", clock.today())
    assert [one.way for one in agreement.signatures.all()] == ["drawn", "drawn"]
    offered(merchant, desk)
    address = redeemed(opened(world.wang.account, **MOBILE))
    assert statement.available(world.wang) == 60
    used(merchant, address, "修鞋一次")
    afternoon.move_to(first_of_next_month())
    drawing.sweep(clock.now())
    mine = settled(opened(made.by, **MOBILE), opened(world.chen, viewport=DESKTOP))
    assert (mine.status, mine.count, mine.points, mine.net_cents) == ("frozen", 1, 20, 1500)
    assert breaches() == []


@pytest.fixture
def agreed(world: World) -> Agreement:
    """Of 永利理发, with a service on the shelf."""
    mine = agreeing.signed(world)
    shops.offer(mine)
    return mine


@WAYS
def test_three_taps_to_the_code_and_one_after_the_scan(
    script: bool, size: str, opened: Open, world: World, agreed: Agreement
) -> None:
    address = redeemed(opened(world.wang.account, size, java_script_enabled=script, **MOBILE))
    shop = opened(shops.clerk(agreed).account, size, java_script_enabled=script, **MOBILE)
    used(shop, address, "理发一次")
    expect(shop.get_by_text("王*兰").first).to_be_visible()
    assert (Redemption.objects.get().voucher.resident, statement.available(world.wang)) == (world.wang, 60)
    assert breaches() == []


@WAYS
def test_signed_out_the_shop_comes_back_to_that_voucher_after_the_code(
    script: bool, size: str, opened: Open, world: World, agreed: Agreement
) -> None:
    """The shop's phone has no file in any community, and is not asked to join one."""
    mine = shops.voucher(agreed.partner.offers.get(), world.wang)
    shop = shops.clerk(agreed).account
    phone = opened(None, size, java_script_enabled=script, **MOBILE)
    phone.goto(f"/v/{mine.token}/")
    sign_in(phone, shop.phone or "")
    expect(phone).to_have_url(f"{settings.SITE_URL}/v/{mine.token}/")
    used(phone, phone.url, "理发一次")
    assert Redemption.objects.get().by == shop


def test_a_resident_who_scans_the_own_code_sees_it_unused(opened: Open, world: World, agreed: Agreement) -> None:
    mine = shops.voucher(agreed.partner.offers.get(), world.wang)
    phone = opened(None, **MOBILE)
    phone.goto(f"/v/{mine.token}/")
    sign_in(phone, world.wang.phone)
    expect(phone.get_by_role("img", name="服务券二维码")).to_be_visible()
    expect(phone.get_by_text("待使用")).to_be_visible()
    expect(phone.get_by_role("button", name="确认核销")).to_have_count(0)
    mine.refresh_from_db()
    assert mine.status == "issued" and not Redemption.objects.exists()
