"""结算 at the desk: from the drawn month to the payment, the list with its sums and files, what waits for whom."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from communities import settings, todo
from communities.models import Duty, Setting, User
from core import clock
from partners.models import Correction, Statement
from partners.settling import correcting, drawing, liability, lines, queue, signing
from tests import world as cast
from tests.pages import links, queries, text
from tests.partners import shops
from tests.partners.months import agreed, first_of, frozen, moment, offered, owner_of, rich, undone, use
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def drawn(world: World, month: int = 1, percent: int = 100) -> Statement:
    offer = offered(agreed(world, "subsidy" if percent else "gift", percent))
    use(offer, rich(world), moment(first_of(month) + DAY))
    return drawing.draw(partner=offer.partner, community=world.wenxing, month=first_of(month), by=world.zhang)


def seen(statement: Statement) -> dict[str, str]:
    """What a page posts of the drawing that it shows."""
    return {"seen": Statement.objects.get(pk=statement.pk).drawing}


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def money(world: World, **place: Any) -> Client:
    where = place or {"community": world.wenxing}
    return at_desk(cast.staff(f"caiwu{len(where)}{User.objects.count()}", "财务", Duty.Role.FINANCE, **where))


def sheet(client: Client, path: str) -> list[tuple[object, ...]]:
    book = load_workbook(BytesIO(b"".join(client.get(path).streaming_content)))  # type: ignore[attr-defined]
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_from_the_drawn_month_to_the_payment(world: World) -> None:
    offer = offered(agreed(world, "subsidy", 100))
    use(offer, rich(world), moment(first_of(1) + DAY))
    worker, head = at_desk(world.zhang), at_desk(world.chen)
    pair = offer.partner.agreements.get().pk
    answer = worker.post("/desk/statements/draw/", {"pair": pair, "month": first_of(1).isoformat()})
    mine = Statement.objects.get()
    page = f"/desk/statements/{mine.pk}/"
    assert answer["Location"] == page
    assert "等合伙人确认" in text(worker, page) and "15.00" in text(worker, page)
    again = worker.post("/desk/statements/draw/", {"pair": pair, "month": first_of(4).isoformat()})
    assert again.status_code == 409 and "没有出单" in again.content.decode()
    signing.agree(statement=mine, by=owner_of(mine.partner).account)
    assert "确认结算" not in text(worker, page) and "确认结算" in text(head, page)
    head.post(f"{page}freeze/", seen(mine))
    assert "双方已确认" in text(head, page) and "登记支付" not in text(head, page)
    finance = money(world)
    assert "登记支付" in text(finance, page) and "登记更正" not in text(finance, page)
    said = {"invoice": "00123", "paid_on": clock.today().isoformat(), "yuan": "15.01"}
    refused = finance.post(f"{page}pay/", said)
    assert refused.status_code == 409 and "实付15.00元不一致" in refused.content.decode()
    finance.post(f"{page}pay/", said | {"yuan": "15.00"})
    assert "已支付" in text(finance, page) and "00123" in text(worker, "/desk/statements/")
    assert worker.post(f"{page}redraw/", follow=True).content.decode().count("双方已经确认，不能再改")


def test_objections_are_answered_and_corrections_approved_on_the_page(world: World) -> None:
    mine = drawn(world)
    worker, head, page = at_desk(world.zhang), at_desk(world.chen), f"/desk/statements/{mine.pk}/"
    signing.dispute(statement=mine, text="金丝雀少一张", by=owner_of(mine.partner).account)
    assert "金丝雀少一张" in text(worker, page) and "合伙人有异议" in text(worker, "/desk/statements/")
    worker.post(f"{page}answer/", {"text": "已核对"})
    assert "社区答复：已核对" in text(worker, page)
    signing.agree(statement=mine, by=owner_of(mine.partner).account)
    head.post(f"{page}back/", {"text": "再看一遍"})
    assert "待合伙人确认" in text(head, page)
    signing.agree(statement=mine, by=owner_of(mine.partner).account)
    head.post(f"{page}freeze/", seen(mine))
    worker.post(f"{page}correct/", {"yuan": "-2.50", "reason": "多算一张"})
    wrong = Correction.objects.get()
    assert (wrong.amount_cents, "批准更正" in text(worker, page), "批准更正" in text(head, page)) == (-250, False, True)
    head.post(f"/desk/statements/corrections/{wrong.pk}/approve/")
    assert "下一期" in text(head, page)
    worker.post(f"{page}correct/", {"yuan": "1", "reason": "不要了"})
    worker.post(f"/desk/statements/corrections/{Correction.objects.latest('pk').pk}/drop/")
    assert Correction.objects.count() == 1


def test_the_list_is_narrowed_and_its_sums_and_files_say_the_same(world: World) -> None:
    first = drawn(world, month=2)
    use(first.partner.offers.get(), world.wang, moment(first_of(1) + DAY))
    second = drawing.draw(partner=first.partner, community=world.wenxing, month=first_of(1), by=world.zhang)
    desk = at_desk(world.zhang)
    assert "合计2张单" in text(desk, "/desk/statements/") and "30.00" in text(desk, "/desk/statements/")
    narrowed = f"/desk/statements/?month={first_of(2).isoformat()}&partner={first.partner_id}&state=drawn"
    assert "合计1张单" in text(desk, narrowed)
    rows = sheet(desk, narrowed.replace("/?", "/export/?"))
    assert (len(rows), rows[1][3:8]) == (2, (1, 20, 15, 0, 15))
    whole = sheet(desk, f"/desk/statements/{second.pk}/file/")
    assert whole[0] == (
        "期间",
        "类别",
        "内容",
        "券数",
        "积分",
        "单价（元）",
        "应付（元）",
        "抵减（元）",
        "实付（元）",
        "发票号",
    )
    assert [row[8] for row in whole[1:]] == [15, 15]
    paper = text(desk, f"/desk/statements/{second.pk}/paper/")
    assert all(word in paper for word in ("制表人：张晓燕", "审核人", "日期", "实付15.00元"))
    assert "合计0张单" not in text(at_desk(world.qian), "/desk/statements/")
    assert str(second.pk) not in " ".join(links(at_desk(world.qian), "/desk/statements/"))


def test_a_list_of_thirty_costs_what_one_does(world: World) -> None:
    mine, desk = drawn(world), at_desk(world.zhang)
    one = queries(desk, "/desk/statements/")
    Statement.objects.bulk_create(
        Statement(partner=mine.partner, community=mine.community, month=first_of(2).replace(year=1990 + n), drawn_by=world.zhang)
        for n in range(30)
    )  # fmt: skip
    assert queries(desk, "/desk/statements/") == one


def test_what_waits_for_whom(world: World) -> None:
    mine = drawn(world)

    def waits(user: User) -> dict[str, int]:
        return {row.label: row.count for row in todo.rows_of([queue.rows], user) if row.count}

    late = {} if clock.today().day <= settings.SETTLING_AGREE_DAY.default else {"合伙人没有确认结算单，请电话提醒": 1}
    assert waits(world.zhang) == waits(world.chen) == late
    signing.dispute(statement=mine, text="少了", by=owner_of(mine.partner).account)
    assert waits(world.zhang) == {"结算单有异议，待答复": 1}
    signing.answer(statement=mine, text="没有少", by=world.zhang)
    signing.agree(statement=mine, by=owner_of(mine.partner).account)
    assert (waits(world.zhang), waits(world.chen), waits(world.qian)) == ({}, {"结算单待审核": 1}, {})
    (row,) = (row for row in todo.rows_of([queue.rows], world.chen) if row.count)
    assert row.deadline == queue.agree_by(moment(mine.month), world.street.pk)
    signing.freeze(statement=mine, by=world.chen)
    correcting.propose(statement=mine, amount_cents=1, reason="少付", by=world.zhang)
    payer = cast.staff("caiwu", "财务", Duty.Role.FINANCE, sub_district=world.street)
    assert (waits(world.chen), waits(payer)) == ({"结算更正待批准": 1}, {"结算单待支付": 1})


def test_who_is_silent_is_called_when_the_day_of_the_setting_is_over(world: World) -> None:
    partner = agreed(world, "gift", 0).partner
    Statement.objects.create(partner=partner, community=world.wenxing, month=first_of(0), drawn_by=world.zhang)
    key, following = settings.SETTLING_AGREE_DAY.key, lines.after(first_of(0))
    Setting.objects.create(sub_district=world.street, key=key, value=5, starts_on=clock.today(), by=world.he)
    for day, waiting in ((5, 0), (6, 1)):
        with time_machine.travel(moment(following.replace(day=day)), tick=False):
            found = [row.count for row in todo.rows_of([queue.rows], world.zhang) if "没有确认" in row.label]
            assert sum(found) == waiting


def test_liability_counts_nothing_twice_and_shows_yuan_of_the_rate_to_finance_alone(world: World) -> None:
    mine = frozen(world, drawn(world, percent=100).partner, first_of(1))
    shops.voucher(mine.partner.offers.get(), world.wang)
    path, street = f"/desk/liability/{world.wenxing.pk}/", f"/desk/liability/street/{world.street.pk}/"
    worker, finance = at_desk(world.zhang), money(world, sub_district=world.street)
    before = text(finance, street)
    assert "还没有填写年度预算" in before and "预算不够" not in before
    Setting.objects.create(
        sub_district=world.street, key=settings.BUDGET_YEAR.key, value=30000, starts_on=clock.today(), by=world.he
    )
    wallets = 80 + 200 + 90000 - 20 - 20  # of this community
    row = (world.wenxing.name, wallets, 1, 20, 15, 15, 15, 0)
    assert sheet(worker, f"{path}export/")[1] == row
    assert sheet(finance, f"{path}export/")[1] == (*row, wallets / 5, wallets / 5 + 30)
    shown = text(finance, street)
    assert "预算结余" in shown and f"{30000 - (wallets + 100) / 5 - 30:,.2f}元" in shown
    assert "预算" not in text(worker, path) and "预算" not in text(at_desk(world.he), street)
    assert sheet(finance, f"{street}export/")[-1][1] == wallets + 100
    assert finance.get("/desk/liability/")["Location"] == street
    assert worker.get("/desk/liability/")["Location"] == path


def test_what_was_used_and_is_in_no_statement_yet_is_owed(world: World) -> None:
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    billed = use(offer, wang, moment(first_of(0) - DAY, 23))
    frozen(world, offer.partner, first_of(1))
    this = moment(first_of(0), 0, 1)
    use(offer, wang, this)
    undone(use(offer, wang, this), this)
    (line,) = liability.lines([world.wenxing], clock.today(), None)
    assert line.owed.unpaid == 1500 + 1500
    undone(billed, this)  # of last month's, in this one
    (line,) = liability.lines([world.wenxing], clock.today(), None)
    assert line.owed.unpaid == 1500


def test_a_signature_on_paper_is_written_down_at_the_desk(world: World) -> None:
    mine = drawn(world)
    page = f"/desk/statements/{mine.pk}/"
    worker = at_desk(world.zhang)
    assert "已在纸质结算单上签字" in text(worker, page)
    worker.post(f"{page}signed/", seen(mine))
    for path in (page, f"{page}paper/"):
        assert "纸质结算单上签字" in text(worker, path) and "在手机上确认" not in text(worker, path)
    assert "确认结算" in text(at_desk(world.chen), page)
