"""服务项目 at the desk: review with the words marked, lists and files, answering for a partner, the counter and its paper."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities import closing, counter, todo
from communities.copying import tables
from communities.models import Consent, Slip
from core import clock
from partners.models import Agreement, Offer, Voucher
from partners.vouchers import counter as acts, issuing, keeping
from partners.vouchers.booking import Wanted
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.pages import queries, text
from tests.partners import booked
from tests.partners.shops import offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(world: World, client: Client) -> Agreement:
    client.force_login(world.zhang)
    return cast.partner(world.street, world.wenxing, world.zhang)


def sent_in(agreement: Agreement, **fields: object) -> Offer:
    by = owner(agreement).account
    return offer(agreement, status="submitted", made_by=by, reviewed_by=None, reviewed_at=None, **fields)


def waiting(world: World) -> dict[str, int]:
    return {row.label: row.count for row in todo.rows_for(world.zhang) if row.section == "offers"}


def test_reviewed_with_the_words_marked(client: Client, world: World, agreement: Agreement) -> None:
    mine = sent_in(agreement, note="全城最好，首选")
    assert waiting(world) == {"服务项目待审核": 1}
    html = client.get(f"/desk/offers/{mine.pk}/").content.decode()
    assert "<mark>最好</mark>" in html and "<mark>首选</mark>" in html and "广告法第九条" in html
    assert client.post(f"/desk/offers/{mine.pk}/approve/", follow=True).redirect_chain
    mine.refresh_from_db()
    assert mine.status == "submitted"
    client.post(f"/desk/offers/{mine.pk}/", {"note": "去掉最好"})
    mine.refresh_from_db()
    assert (mine.status, mine.review_note, waiting(world)) == ("returned", "去掉最好", {})


def test_staff_draft_another_reviews(client: Client, world: World, agreement: Agreement) -> None:
    mine = offer(agreement, status="submitted", reviewed_by=None, reviewed_at=None)
    assert waiting(world) == {}  # one's own
    client.post(f"/desk/offers/{mine.pk}/approve/")
    client.force_login(world.he)
    assert "上架" in text(client, f"/desk/offers/{mine.pk}/")
    client.post(f"/desk/offers/{mine.pk}/approve/")
    mine.refresh_from_db()
    assert (mine.status, mine.reviewed_by) == ("open", world.he)


def test_lists_and_their_file(client: Client, world: World, agreement: Agreement) -> None:
    offer(agreement, title="理发", stock=5)
    booked.asked(booked.offer(agreement), world.wang)
    paths = ("/desk/offers/", "/desk/appointments/")
    one = [queries(client, path) for path in paths]
    cast.award(world.wang, 900)
    for n in range(30):
        offer(agreement, title=f"第{n}个")
        booked.asked(booked.offer(agreement, title=f"上门{n}"), world.wang)
    assert [queries(client, path) for path in paths] == one
    assert "理发" in text(client, "/desk/offers/?q=理发") and "上门3" not in text(client, "/desk/offers/?q=理发")
    assert "没有服务项目" in text(client, "/desk/offers/?status=closed")
    file = b"".join(client.get("/desk/offers/export/?q=理发"))
    rows = list(load_workbook(BytesIO(file)).worksheets[0].values)
    assert len(rows) == 2 and rows[1][4] == "理发" and rows[1][6] == 15
    client.force_login(world.qian)
    assert "理发" not in text(client, "/desk/offers/") and "保洁" not in text(client, "/desk/appointments/")


def test_staff_answer_for_a_partner(client: Client, world: World, agreement: Agreement) -> None:
    first, second = (booked.asked(booked.offer(agreement, title=name), world.wang) for name in ("甲", "乙"))
    assert waiting(world) == {"预约等商家答复，可以打电话问": 2}
    client.post(f"/desk/appointments/{first.pk}/confirm/")
    asked = text(client, f"/desk/appointments/{second.pk}/decline/")
    assert str(second.slot.when) in asked and "王*兰" in asked
    client.post(f"/desk/appointments/{second.pk}/decline/", {"reason": "商家来电"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, waiting(world), breaches()) == ("confirmed", "declined", {}, [])


def test_at_the_counter_taken_printed_and_given_back(client: Client, world: World, agreement: Agreement) -> None:
    mine = offer(agreement)
    assert [one.label for one in acts.on_show(world.zhao, clock.now())] == ["理发一次"]
    slip = _perform(world, "voucher", mine.pk)
    made = Voucher.objects.get()
    assert made.printed and made.spoken_number in slip.lines[1] and "办理前200，办理后180" in slip.lines[0]
    link = acts.to_print(world.zhao, clock.now())[0].link
    paper = text(client, link)
    assert made.spoken_number.replace(" ", "") in paper and "居民签字" in paper and "赵*珍" in paper
    slip = _perform(world, "voucher-back", made.pk)
    assert "20积分已退回账户" in slip.lines[0] and statement.available(world.zhao) == 200 and breaches() == []


def _perform(world: World, code: str, number: int) -> Slip:
    act = counter.act_of(code)
    assert act and act.plan and act.plan(world.zhao, number, clock.now()).refused is None
    return counter.perform(act=act, resident=world.zhao, number=number, by=world.zhang)


def test_a_visit_is_booked_at_the_counter(client: Client, world: World, agreement: Agreement) -> None:
    home = booked.offer(agreement)
    link = acts.on_show(world.zhao, clock.now())[0].link
    sent = {"slot": booked.slot(home).pk, "address": booked.HOME, "agrees": "on"}
    answer = client.post(link, sent)
    made = Voucher.objects.get()
    assert answer["Location"] == f"/desk/vouchers/{made.pk}/paper/" and made.printed
    assert Consent.objects.get(resident=world.zhao, purpose="partner").way == "signature"
    assert "交给这家商家" in text(client, answer["Location"])
    kin = cast.resident(world.wenxing, "张家人")
    type(kin).objects.filter(pk=kin.pk).update(phone=world.zhang.own_phone)
    assert "不能在窗口为自己" in text(client, f"/desk/offers/{home.pk}/book/{kin.pk}/")
    assert (
        client.post(f"/desk/offers/{home.pk}/book/{kin.pk}/", sent | {"slot": booked.slot(home, 72).pk}).status_code
        == 200
    )
    assert Voucher.objects.count() == 1


def test_what_is_kept_stands_in_the_copy_and_in_the_way(world: World, agreement: Agreement) -> None:
    voucher(offer(agreement), world.wang)
    mine = booked.asked(booked.offer(agreement), world.wang)
    found = {table.key: table.lines for table in tables(world.wang)}
    assert found["vouchers"][0][0] == "理发一次" and booked.HOME in found["appointments"][0]
    assert [said for said in closing.obstacles_of(world.wang) if "服务券" in said] == [
        "服务券“理发一次”还没有使用，请先使用或退回", "服务券“上门保洁”还没有使用，请先使用或退回",
    ]  # fmt: skip
    keeping.emptied(closing.gone_of(world.wang, world.system))
    mine.refresh_from_db()
    assert (mine.address, mine.wish) == (None, "")


def test_a_visit_is_called_off_at_the_counter(world: World, agreement: Agreement) -> None:
    when = booked.slot(booked.offer(agreement, "shop"))
    cast.award(world.zhao, 100)
    asked = issuing.take(offer=when.offer, resident=world.zhao, by=world.zhang, wanted=Wanted(when))
    before = statement.available(world.zhao)
    slip = _perform(world, "voucher-cancel", asked.pk)
    assert "20积分退回账户" in slip.lines[0] and statement.available(world.zhao) == before + 20
    assert acts.to_cancel(world.zhao, clock.now()) == [] and breaches() == []


def test_the_counter_shows_more_than_a_page(world: World, agreement: Agreement) -> None:
    for n in range(25):
        offer(agreement, title=f"第{n}个")
    assert len(acts.on_show(world.zhao, clock.now())) == 25
