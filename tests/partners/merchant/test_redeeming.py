"""On the shop's phone: one tap after the scan, the number read aloud, undoing, and what everybody else sees."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from communities.models import Attempts
from core import clock, words
from partners.models import Agreement, Clerk, Redemption, Suspension, Voucher
from partners.models.numbers import check_digit
from partners.vouchers import finding, returning
from tests import world as cast
from tests.books import breaches
from tests.pages import enter, links, queries, text
from tests.partners.shops import clerk, offer, owner, rival, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
Way = Redemption.Way


@pytest.fixture
def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


@pytest.fixture
def mine(agreed: Agreement, world: World) -> Voucher:
    return voucher(offer(agreed), world.wang, clock.now() - timedelta(hours=1))


@pytest.fixture
def shop(agreed: Agreement, client: Client) -> Client:
    """The phone of somebody in the shop."""
    owner(agreed)
    client.force_login(clerk(agreed).account)
    return client


def of(account: object) -> Client:
    browser = Client()
    browser.force_login(account)  # type: ignore[arg-type]
    return browser


def code(one: Voucher) -> str:
    return f"/v/{one.token}/"


def test_one_tap_after_the_scan_and_looking_uses_nothing(shop: Client, mine: Voucher) -> None:
    for _ in range(3):
        page = text(shop, code(mine))
    assert "理发一次" in page and "王*兰" in page and "确认核销" in page
    assert "王秀兰" not in page and "6021" not in page and "积分" not in page.split("确认核销")[0]
    assert not Redemption.objects.exists()
    done = shop.post(code(mine))
    assert (done.status_code, done["Location"]) == (302, "/merchant/")
    after = text(shop, "/merchant/")
    assert "今天已核销1张" in after and "撤销" in after and "王*兰" in after
    used = f"使用时间{words.day(clock.today())}"
    assert used in text(of(mine.resident.account), f"/vouchers/{mine.pk}/")
    assert Redemption.objects.get().way == Way.SCAN
    again = shop.post(code(mine))
    assert again.status_code == 409 and "核销过" in again.content.decode()
    assert "确认核销" not in text(shop, code(mine)) and breaches() == []


def test_the_shop_calls_its_own_community_and_a_candidate_reads_that_it_is_none(world: World) -> None:
    foreign = cast.partner(world.street, world.yongan, world.qian)
    assert world.yongan.phone in text(of(owner(foreign).account), "/merchant/more/")
    assert world.wenxing.phone not in text(of(clerk(foreign).account), "/merchant/")
    page = of(rival(world).account)
    assert "还没有成为社区合伙人" in text(page, "/merchant/") and "/partners/apply/" in links(page, "/merchant/")


def test_signed_out_the_phone_returns_to_that_voucher(client: Client, mine: Voucher) -> None:
    answer = client.get(code(mine))
    assert answer.status_code == 302 and answer["Location"].endswith(f"?next=%2Fv%2F{mine.token}%2F")
    assert client.post(code(mine)).status_code == 302 and not Redemption.objects.exists()


def test_who_opens_the_code_decides_what_is_seen(shop: Client, mine: Voucher, world: World, client: Client) -> None:
    assert enter(Client(), world.wang).get(code(mine))["Location"] == f"/vouchers/{mine.pk}/"
    assert of(world.zhang).get(code(mine))["Location"] == f"/desk/vouchers/{mine.pk}/"
    for browser, says in (
        (enter(Client(), world.li), "您的手机没有登记为这家店的手机"),
        (of(world.qian), "不属于您的社区"),
        (of(rival(world).account), "这张券不是您店的"),
    ):
        page = text(browser, code(mine))
        assert says in page and "理发一次" not in page and "王*兰" not in page
    assert Client().get("/v/none/").status_code == 302
    assert shop.get("/v/none/").status_code == 404
    assert mine.redemptions.count() == 0


def test_refused_with_the_right_sentence_and_nothing_changed(
    shop: Client, mine: Voucher, agreed: Agreement, world: World
) -> None:
    """The row of the issue: another partner, a resident, staff of another community, an expired licence, a suspended partner."""
    answers = [
        (of(rival(world).account).post(code(mine)), 409, "这张券不是您店的"),
        (enter(Client(), world.li).post(code(mine)), 403, "没有登记为合伙人的手机"),
        (of(world.qian).post(code(mine)), 200, "不属于您的社区"),
    ]
    Suspension.objects.create(agreement=agreed, cause="other", reason="查", by=world.chen)
    answers.append((shop.post(code(mine)), 409, "店里的服务被社区暂停"))
    assert text(shop, "/merchant/").count("暂停您的服务") == 1
    Suspension.objects.update(lifted_at=clock.now(), lifted_by=world.chen, lift_reason="好了")
    cast_licence(agreed, world)
    answers.append((shop.post(code(mine)), 409, "食品经营许可证或备案"))
    for answer, status, says in answers:
        said = answer.content.decode()
        assert answer.status_code == status and says in said and ("没有变动" in said or "没有改动" in said), says
    assert not Redemption.objects.exists()


def cast_licence(agreed: Agreement, world: World) -> None:
    agreed.partner.licences.create(
        kind="food", number="1", issuer="局", valid_until=clock.today() - timedelta(days=1), by=world.zhang
    )


def wrong(right: str) -> str:
    body = f"{(int(right[:7]) + 1) % 10**7:07d}"
    return body + check_digit(body)


def test_the_number_read_aloud_leads_to_the_same_page(shop: Client, mine: Voucher) -> None:
    found = shop.post("/merchant/", {"number": mine.spoken_number})
    assert found["Location"] == code(mine) and not Redemption.objects.exists()
    shop.post(code(mine))
    assert Redemption.objects.get().way == Way.NUMBER


def test_wrong_numbers_are_counted_slips_and_right_ones_are_not(shop: Client, mine: Voucher, agreed: Agreement) -> None:
    bad = wrong(mine.number)
    slip = mine.number[:7] + str((int(mine.number[7]) + 1) % 10)
    for _ in range(8):
        assert shop.post("/merchant/", {"number": slip}).status_code == 400
        assert shop.post("/merchant/", {"number": mine.number}).status_code == 302
    for _ in range(finding.TRIES):
        shop.post("/merchant/", {"number": mine.number})  # a right one gains no tries
        assert shop.post("/merchant/", {"number": bad}).status_code == 409
    assert shop.post("/merchant/", {"number": mine.number}).status_code == 429
    colleague = of(clerk(agreed, slot=2).account)
    assert colleague.post("/merchant/", {"number": mine.number}).status_code == 429  # per shop as well
    assert shop.post(code(mine)).status_code == 302  # a scan needs no number


def test_another_shops_number_is_not_found(mine: Voucher, world: World) -> None:
    answer = of(rival(world).account).post("/merchant/", {"number": mine.number})
    assert answer.status_code == 409 and "没有找到这个券码" in answer.content.decode()


@pytest.mark.parametrize(("phone", "right"), [("13812346021", "6021"), ("", "0502")])
def test_a_printed_voucher_asks_for_what_is_not_on_the_paper(
    shop: Client, mine: Voucher, world: World, phone: str, right: str
) -> None:
    Voucher.objects.update(printed=True)
    type(world.wang).objects.filter(pk=world.wang.pk).update(phone=phone)
    asked = shop.post("/merchant/", {"number": mine.number})
    assert asked["Location"] == "/merchant/check/"
    assert ("后4位" if phone else "生日") in text(shop, "/merchant/check/") and "王*兰" not in text(
        shop, "/merchant/check/"
    )
    for _ in range(finding.TRIES - 1):
        assert shop.post("/merchant/check/", {"said": "9999"}).status_code == 409
    assert shop.post("/merchant/check/", {"said": right})["Location"] == code(mine)
    shop.post(code(mine))
    assert Redemption.objects.get().way == Way.PAPER
    assert Attempts.objects.get(key=f"voucher:check:{mine.pk}").count == finding.TRIES - 1


def test_who_left_neither_number_nor_birthday_is_sent_to_the_desk_and_the_shop_goes_on(
    shop: Client, mine: Voucher, world: World
) -> None:
    type(world.wang).objects.filter(pk=world.wang.pk).update(phone="", birth_date=None)
    Voucher.objects.update(printed=True)
    shop.post("/merchant/", {"number": mine.number})
    for _ in range(finding.TRIES + 1):  # nobody guessed wrong
        answer = shop.post("/merchant/check/", {"said": "0101"})
        assert answer.status_code == 409 and "没有可以核对的" in answer.content.decode()


def test_paper_scanned_asks_first_and_wrong_answers_count_as_wrong_numbers(
    shop: Client, mine: Voucher, world: World, agreed: Agreement
) -> None:
    """Whoever finds the paper holds the code as well: it is good with the last four digits alone."""
    assert "确认核销" in text(shop, code(mine))  # on the owner's phone: one tap after the scan
    desk, paper = of(world.zhang), f"/desk/vouchers/{mine.pk}/paper/"
    assert mine.spoken_number.replace(" ", "") not in text(desk, paper)  # looking prints nothing
    assert mine.spoken_number.replace(" ", "") in desk.post(paper, follow=True).content.decode().replace(" ", "")
    pressed = shop.post(code(mine))  # opened before it was printed
    assert pressed.status_code == 409 and "先核对" in pressed.content.decode() and not Redemption.objects.exists()
    assert shop.get(code(mine))["Location"] == "/merchant/check/"
    for _ in range(finding.TRIES):
        assert shop.post("/merchant/check/", {"said": "9999"}).status_code == 409
    assert shop.post("/merchant/check/", {"said": "6021"}).status_code == 429
    colleague = of(clerk(agreed, slot=2).account)
    assert colleague.post("/merchant/", {"number": wrong(mine.number)}).status_code == 429  # one count for both
    Attempts.objects.all().delete()
    assert colleague.get(code(mine))["Location"] == "/merchant/check/"
    assert colleague.post("/merchant/check/", {"said": "6021"})["Location"] == code(mine)
    assert "确认核销" in text(colleague, code(mine)) and colleague.post(code(mine)).status_code == 302
    assert Redemption.objects.get().way == Way.PAPER and breaches() == []


def test_what_one_customer_said_is_not_good_for_the_next_who_brings_the_paper(shop: Client, mine: Voucher) -> None:
    Voucher.objects.update(printed=True)
    shop.post("/merchant/", {"number": mine.number})
    assert shop.post("/merchant/check/", {"said": "6021"})["Location"] == code(mine)
    with time_machine.travel(clock.now() + finding.WINDOW + timedelta(minutes=1), tick=False):
        assert shop.post(code(mine)).status_code == 409 and not Redemption.objects.exists()
        assert shop.get(code(mine))["Location"] == "/merchant/check/"


def test_undone_on_the_page_and_only_by_the_shop(shop: Client, mine: Voucher, world: World) -> None:
    shop.post(code(mine))
    made = Redemption.objects.get()
    address = f"/merchant/uses/{made.pk}/undo/"
    assert of(rival(world).account).post(address).status_code == 404
    shop.post(address)
    mine.refresh_from_db()
    assert mine.status == Voucher.Status.ISSUED and "今天已核销0张" in text(shop, "/merchant/")
    assert "已撤销" in text(shop, "/merchant/history/") and breaches() == []


def test_the_history_of_a_day_and_a_month_without_names_or_phones(shop: Client, mine: Voucher, world: World) -> None:
    shop.post(code(mine))
    today, before = clock.today(), clock.today() - timedelta(days=40)
    for query in ("", f"?day={today}", f"?month={today:%Y-%m}", "?day=x"):
        page = text(shop, f"/merchant/history/{query}")
        assert (
            "理发一次" in page and "王*兰" in page and "共1张" in page and "王秀兰" not in page and "6021" not in page
        )
    for query in (f"?day={before}", f"?month={before:%Y-%m}"):
        assert "共0张" in text(shop, f"/merchant/history/{query}")
    assert "理发一次" not in text(of(rival(world).account), "/merchant/history/")


def test_the_lists_ask_as_often_for_one_as_for_thirty(shop: Client, mine: Voucher, world: World) -> None:
    shop.post(code(mine))
    pages = ("/merchant/", "/merchant/history/")
    before = [queries(shop, page) for page in pages]
    for number in range(29):
        one = cast.resident(world.wenxing, f"居民{number}", f"137{number:08d}")
        cast.award(one, 60)
        shop.post(code(voucher(mine.offer, one)))
    assert [queries(shop, page) for page in pages] == before


def test_the_owner_adds_five_phones_and_a_removed_one_serves_no_more_at_once(
    agreed: Agreement, mine: Voucher, world: World
) -> None:
    boss = owner(agreed)
    phone = of(boss.account)
    assert phone.post("/merchant/phones/", {"phone": "13", "label": "前台"}).status_code == 400
    assert (
        phone.post("/merchant/phones/", {"phone": world.zhang.own_phone or "13900000000", "label": "x"}).status_code
        == 409
    )
    for number in range(5):
        assert (
            phone.post("/merchant/phones/", {"phone": f"1370000000{number}", "label": f"前台{number}"}).status_code
            == 302
        )
    assert phone.post("/merchant/phones/", {"phone": "13700000000", "label": "又"}).status_code == 409
    full = phone.post("/merchant/phones/", {"phone": "13700000009", "label": "第六"})
    assert full.status_code == 409 and "最多登记5个手机" in full.content.decode()
    first = Clerk.objects.get(label="前台0")
    till = of(first.account)
    assert till.get("/merchant/").status_code == 200
    assert till.get("/merchant/phones/").status_code == 403
    phone.post(f"/merchant/phones/{first.pk}/remove/")
    assert till.get("/merchant/").status_code == 403
    assert till.post(code(mine)).status_code == 403 and not Redemption.objects.exists()
    assert phone.post(f"/merchant/phones/{boss.pk}/remove/").status_code == 302  # the owner's stays
    assert phone.get("/merchant/more/").status_code == 200


def test_a_voucher_given_back_says_so(shop: Client, mine: Voucher, world: World) -> None:
    returning.give_back_own(voucher=mine, by=world.wang.account or world.system)
    answer = shop.post(code(mine))
    assert answer.status_code == 409 and "已退回" in answer.content.decode()


def test_of_whom_neither_phone_nor_birthday_is_known_no_answer_is_right(
    shop: Client, mine: Voucher, world: World
) -> None:
    Voucher.objects.update(printed=True)
    type(world.wang).objects.filter(pk=world.wang.pk).update(phone="", birth_date=None)
    assert shop.post("/merchant/", {"number": mine.number})["Location"] == "/merchant/check/"
    for said in ("未登记", "None", "0000"):
        answer = shop.post("/merchant/check/", {"said": said})
        assert answer.status_code == 409 and mine.token not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["?month=9999-12", "?day=9999-12-31", "?month=0001-01", "?day=0001-01-01", "?day=2026-02-30"]
)
def test_any_day_may_be_asked_for(shop: Client, query: str) -> None:
    assert shop.get(f"/merchant/history/{query}").status_code == 200


def test_a_shop_is_chosen_by_a_number_however_long(shop: Client) -> None:
    for number in ("9" * 30, "9" * 5000, "x", ""):
        assert shop.post("/merchant/choose/", {"clerk": number}).status_code == 404
