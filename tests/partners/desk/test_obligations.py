"""The desk's pages of promises kept, complaints, suspending, leaving, visits and evaluations."""

from datetime import time, timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities.settings import EVALUATIONS, SHOP_VISITS
from core import clock
from partners.models import Agreement, Complaint, Delivery, Evaluation, Leaving, ShopVisit, Suspension
from partners.obligations import figures, witnessing
from tests.pages import queries, text, words
from tests.partners.promised import agreed, complained, promise_of, reported, switched_on
from tests.partners.shops import owner
from tests.world import World
from venues.models import BookingSeries

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def signed_in(user: object) -> Client:
    browser = Client()
    browser.force_login(user)  # type: ignore[arg-type]
    return browser


def sheet(answer: object) -> list[list[object]]:
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_a_delivery_is_written_down_and_confirmed_by_another_colleague(desk: Client, world: World) -> None:
    agreement = agreed(world)
    page = f"/desk/partners/{agreement.pk}/deliver/"
    said = {
        "promise": promise_of(agreement).pk,
        "on": clock.today(),
        "times": 1,
        "people": 9,
        "minutes": 60,
        "note": "理发",
    }
    assert desk.post(page, said | {"minutes": 0}).status_code == 400
    desk.post(page, said)
    made = Delivery.objects.get()
    own = f"/desk/partners/deliveries/{made.pk}/"
    assert "由您记录或提出" in text(desk, own)
    other = signed_in(world.chen)
    assert "确认履约" in text(other, own)
    other.post(f"{own}settle/", {"said": "confirm"})
    made.refresh_from_db()
    assert made.status == Delivery.Status.CONFIRMED and "陈志强" in text(desk, own)
    assert "理发" in text(desk, "/desk/partners/deliveries/?status=confirmed&q=博世")
    assert "理发" not in text(desk, "/desk/partners/deliveries/?status=reported")
    rows = sheet(desk.get("/desk/partners/deliveries/export/"))
    assert rows[1][1:4] == ["博世邻里之家", "文兴社区", "免费理发"]


def test_without_a_reason_nothing_is_declined(desk: Client, world: World) -> None:
    made = reported(agreed(world), world.chen)
    desk.post(f"/desk/partners/deliveries/{made.pk}/settle/", {"said": "decline", "note": " "})
    made.refresh_from_db()
    assert made.status == Delivery.Status.REPORTED


def test_a_complaint_is_taken_in_answered_and_printed_masked(desk: Client, world: World) -> None:
    made = complained(agreed(world), world.wang, "等了两个小时")
    page = f"/desk/partners/complaints/{made.pk}/"
    assert "等了两个小时" in text(desk, "/desk/partners/complaints/?status=filed")
    desk.post(f"{page}accept/")
    wrong = desk.post(page, {"upheld": "yes", "answer": "王秀兰说得对"})
    assert wrong.status_code == 400 and "居民的姓名或电话" in words(wrong.content.decode())
    desk.post(page, {"upheld": "yes", "answer": "已加派人手"})
    made.refresh_from_db()
    assert (made.status, made.upheld) == (Complaint.Status.ANSWERED, True)
    paper = text(desk, "/desk/partners/complaints/print/")
    assert "王*兰" in paper and "王秀兰" not in paper and "已加派人手" in paper
    rows = sheet(desk.get("/desk/partners/complaints/export/"))
    assert rows[1][4] == "王*兰" and rows[1][10:12] == ["属实", "已加派人手"]
    desk.post(f"{page}reopen/", {"text": "还是很慢"})
    assert "由您记录或提出" in text(desk, page)  # another colleague answers now


def test_a_complaint_is_written_down_for_somebody_at_the_counter(desk: Client, world: World) -> None:
    agreement = agreed(world)
    assert (
        f"/desk/partners/complaints/new/?resident={world.zhao.pk}"
        in desk.get(f"/desk/counter/{world.zhao.pk}/").content.decode()
    )
    said = {"agreement": agreement.pk, "kind": "safety", "text": "地上有水"}
    desk.post(f"/desk/partners/complaints/new/?resident={world.zhao.pk}", said)
    desk.post("/desk/partners/complaints/new/", said)
    assert [one.resident for one in Complaint.objects.order_by("pk")] == [world.zhao, None]
    assert desk.get(f"/desk/partners/complaints/new/?resident={world.zhou.pk}").status_code == 404


def test_the_head_suspends_and_lifts(desk: Client, world: World) -> None:
    agreement = agreed(world)
    page = f"/desk/partners/{agreement.pk}/standing/"
    assert "没有暂停过" in text(desk, page) and desk.get(f"/desk/partners/{agreement.pk}/suspend/").status_code == 403
    head = signed_in(world.chen)
    head.post(f"/desk/partners/{agreement.pk}/suspend/", {"cause": "harm", "reason": "推搡老人"})
    made = Suspension.objects.get()
    assert "推搡老人" in text(desk, "/desk/partners/leavings/")
    again = head.post(f"/desk/partners/{agreement.pk}/suspend/", {"cause": "harm", "reason": "又"})
    assert again.status_code == 409
    head.post(f"/desk/partners/suspensions/{made.pk}/lift/", {"reason": "已处理"})
    assert "已处理" in text(desk, page)


def test_leaving_from_telling_to_done(desk: Client, world: World) -> None:
    agreement, head, street = agreed(world), signed_in(world.chen), signed_in(world.he)
    shop = signed_in(owner(agreement).account)
    head.post(f"/desk/partners/{agreement.pk}/leave/", {"reason": "三个月没有履约"})
    made = Leaving.objects.get()
    page = f"/desk/partners/leavings/{made.pk}/"
    assert "还没有申辩" in text(street, page)
    shop.post(f"/merchant/leaving/{made.pk}/answer/", {"answer": "人手不够"})
    assert "人手不够" in text(street, page) and "登记决定" in text(street, page)
    decision = {"leave": "yes", "minutes": "一致同意退出", "vouchers": "return"}
    street.post(f"{page}decide/", decision | {"minutes": ""})
    head.post(f"{page}decide/", decision)  # who began it
    made.refresh_from_db()
    assert made.status == Leaving.Status.TOLD
    street.post(f"{page}decide/", decision)
    assert Agreement.objects.get().ended_on == clock.today()
    head.post(f"{page}done/", {"sign_removed_on": clock.today()})
    made.refresh_from_db()
    assert made.status == Leaving.Status.DONE and "博世" in text(Client(), "/partners/ended/")


def test_visits_and_evaluations_are_not_there_until_switched_on(desk: Client, world: World) -> None:
    quarter = figures.last_quarter(clock.today())
    agreement = agreed(world, starts_on=quarter - timedelta(days=20))
    pages = ("/desk/partners/visits/", "/desk/partners/evaluations/")
    assert [desk.get(page).status_code for page in pages] == [404, 404]
    menu = text(desk, "/desk/partners/deliveries/")
    assert "门前五包" not in menu and "季度考核" not in menu
    for declared in (SHOP_VISITS, EVALUATIONS):
        switched_on(world, declared)
    menu = text(desk, "/desk/partners/deliveries/")
    assert "门前五包" in menu and "季度考核" in menu
    scores = {f"score{number}": 18 for number in range(5)}
    said = {"shop": agreement.pk, "on": clock.today(), "pledged": "on"} | scores
    assert desk.post(pages[0], said | {"score3": 21}).status_code == 400
    desk.post(pages[0], said)
    assert ShopVisit.objects.get().scores == [18] * 5 and "90" in text(desk, pages[0])
    head = signed_in(world.chen)
    assert "待考核" in text(head, pages[1])
    shown = text(head, f"/desk/partners/{agreement.pk}/evaluate/")
    assert "承诺6次，完成0次" in shown and "退出程序" in shown
    head.post(f"/desk/partners/{agreement.pk}/evaluate/", {"note": ""})
    assert Evaluation.objects.get().quarter == quarter and "待考核" not in text(head, pages[1])


def test_staff_of_another_community_find_nothing(client: Client, world: World) -> None:
    agreement = agreed(world)
    reported(agreement, world.zhang)
    complained(agreement, world.wang, "金丝雀")
    client.force_login(world.qian)
    for page in ("deliveries", "complaints", "complaints/print", "balance", "leavings"):
        shown = text(client, f"/desk/partners/{page}/")
        assert "博世" not in shown and "金丝雀" not in shown
    assert len(sheet(client.get("/desk/partners/balance/export/"))) == 2  # the mark and the headings


@pytest.mark.parametrize(
    "page", ["deliveries", "complaints", "complaints/print", "balance", "leavings", "visits", "evaluations"]
)
def test_thirty_cost_no_more_queries_than_one(desk: Client, world: World, page: str) -> None:
    for declared in (SHOP_VISITS, EVALUATIONS):
        switched_on(world, declared)

    def one_more() -> None:
        agreement = agreed(world, hours=4)
        reported(agreement, world.zhang)
        complained(agreement, world.wang)
        Suspension.objects.create(agreement=agreement, cause="other", reason="装修", by=world.chen)
        Leaving.objects.create(agreement=agreement, reason="搬走", by=world.chen, answer_by=clock.today())
        ShopVisit.objects.create(
            partner=agreement.partner, community=world.wenxing, on=clock.today(), scores=[9] * 5, by=world.zhang
        )
        Evaluation.objects.create(
            agreement=agreement, quarter="2026-01-01", completion=40, satisfaction=30, complaints=15, safety=15, total=100,
            band="excellent", by=world.chen,
        )  # fmt: skip

    one_more()
    before = queries(desk, f"/desk/partners/{page}/")
    for _ in range(12):
        one_more()
    assert queries(desk, f"/desk/partners/{page}/") == before <= 16


def test_a_colleague_of_the_shop_never_learns_who_complained(desk: Client, world: World) -> None:
    agreement = agreed(world)
    made = complained(agreement, world.wang, "等了两个小时")
    shop = owner(agreement).account
    world.zhang.own_phone = shop.phone or ""
    world.zhang.save(update_fields=["own_phone"])
    for page in ("", "print/"):
        assert "等了两个小时" not in text(desk, f"/desk/partners/complaints/{page}")
    assert desk.get(f"/desk/partners/complaints/{made.pk}/").status_code == 404
    assert len(sheet(desk.get("/desk/partners/complaints/export/"))) == 1
    assert "等了两个小时" in text(signed_in(world.chen), f"/desk/partners/complaints/{made.pk}/")


def test_a_complaint_about_who_left_is_still_written_down(desk: Client, world: World) -> None:
    agreement = agreed(world, ends_on=clock.today() - timedelta(days=1))
    assert f'value="{agreement.pk}"' in desk.get("/desk/partners/complaints/new/").content.decode()


def test_what_residents_remarked_is_read_at_the_desk_without_their_names(desk: Client, world: World) -> None:
    agreement = agreed(world)
    made = reported(agreement, owner(agreement).account)
    witnessing.witness(delivery=made, resident=world.wang, stars=2, by=world.system, remark="水太凉")
    assert "水太凉" in text(desk, f"/desk/partners/file/{agreement.partner_id}/")


def test_the_series_of_a_room_is_named_and_its_bookings_count(desk: Client, world: World) -> None:
    agreement = agreed(world, hours=8)
    grant, today = agreement.grants.get(), clock.today()
    said = {
        "room": grant.room,
        "title": "理发",
        "weekdays": [1],
        "starts": time(9),
        "minutes": 120,
        "made_by": world.zhang,
    }
    days = {"first": today, "last": today + timedelta(days=90)}
    other = BookingSeries.objects.create(use="team", **said | days)
    mine = BookingSeries.objects.create(use="partner", **said | days)
    page, act = f"/desk/partners/{agreement.pk}/balance/", f"/desk/partners/grants/{grant.pk}/series/"
    assert "按协议" in text(desk, page)
    for wrong in (str(other.pk), "", "x"):
        desk.post(act, {"series": wrong})
        assert "登记预订系列" in text(desk, page) and agreement.grants.get().series is None
    desk.post(act, {"series": mine.pk})
    assert "按预订系列“理发”计算" in text(desk, page)
