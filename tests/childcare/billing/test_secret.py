"""How much a family is relieved of says why: fee and reduction stand side by side for the family and the reviewer alone."""

import re
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from childcare.billing import book, splitting
from childcare.billing.totals import reduced_of
from childcare.models import Bill
from communities import resealing
from communities.models import Change, Duty, Look
from notifications.models import Message
from tests import world as cast
from tests.api import client_of
from tests.books import refuses
from tests.childcare.billing.families import DECEMBER, NOVEMBER, drawn, ended, hardly, ordinary
from tests.childcare.billing.test_pages import desk
from tests.childcare.cast import Care
from tests.pages import enter, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
# The fee, what is taken off, the percentage, and the kind of evidence.
TOLD = re.compile(r"60007|600[.]07|48006|480[.]06|\b80\s*%|低保|standard_|reduction|percent")


def rows_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
        return "\n".join(row[0] for row in cursor.fetchall())


def printed(client: Client, url: str) -> str:
    answer = client.post(url, {"purpose": "核对"}) if "/export/" in url else client.get(url)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content[:2] != b"PK":
        return content.decode()
    sheets = load_workbook(BytesIO(content)).worksheets
    return "\n".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)


def test_no_column_log_message_list_paper_file_or_answer_tells_how_much(world: World, care: Care) -> None:
    bill = hardly(world, care)
    proof = bill.evidence
    assert proof is not None
    drawn(world, care, bill.child, DECEMBER)
    ended(proof, world.chen, NOVEMBER.replace(day=16))  # December is drawn anew: the log says what changed
    seen = {table: rows_of(table) for table in ("childcare_bill", "childcare_billline", "communities_change")}
    seen["childcare_bill"] = re.sub(r'"split": "[^"]*"', "", seen["childcare_bill"])
    december = "600[.]07|60007"  # not reduced any more: its fee is everybody's
    for table in ("childcare_bill", "childcare_billline"):
        seen[table] = "\n".join(row for row in seen[table].splitlines() if not re.search(december, row))
    worker, api = desk(world.zhang), client_of(world.wenxing)
    for way in (
        "?month=2026-11-01",
        "export/?month=2026-11-01",
        "print/?month=2026-11-01",
        f"{bill.pk}/",
        f"{bill.pk}/paper/",
    ):
        seen[way] = printed(worker, f"/desk/care/bills/{way}")
        assert "120.01" in seen[way], way
    for way in ("care-bills/?month=2026-11-01", f"care-bills/{bill.pk}/"):
        seen[way] = api.get(way).content.decode()
        assert "12001" in seen[way]
    seen["messages"] = "\n".join(
        Message.objects.filter(occasion__contains=f":{bill.pk}").values_list("body", flat=True)
    )
    for where, said in seen.items():
        assert not TOLD.search(said), (where, TOLD.search(said))
    changed = Change.objects.filter(what="childcare_bill", action="U").latest("pk").fields
    assert {changed[name][1] for name in ("fee_cents", "due_cents", "split") if name in changed} <= {"***", None}


def test_the_family_reads_every_line_and_so_does_the_paper_of_a_reviewer(
    world: World, care: Care, client: Client
) -> None:
    bill = hardly(world, care)
    enter(client, bill.payer)
    for way in ("", "paper/"):
        shown = text(client, f"/childcare/bills/{bill.pk}/{way}")
        assert "600.07" in shown and "480.06" in shown and "120.01" in shown and "80%" not in shown
    assert "480.06" in text(desk(world.chen), f"/desk/care/bills/{bill.pk}/paper/")
    assert Look.objects.filter(resident=bill.child, by=world.chen, what=splitting.WHAT).count() == 1
    assert "480.06" not in text(desk(world.chen), f"/desk/care/bills/{bill.pk}/")
    assert "480.06" not in text(desk(world.zhang), f"/desk/care/bills/{bill.pk}/paper/")


def test_reductions_are_summed_for_five_families_or_more_of_a_whole_month(world: World, care: Care) -> None:
    finance = desk(cast.staff("caiwu", "账务员", Duty.Role.FINANCE, community=world.wenxing))
    for _ in range(4):
        hardly(world, care)
    key = (care.centre.pk, NOVEMBER)
    assert reduced_of({key}) == {} and "1920.24" not in text(finance, "/desk/care/bills/")
    hardly(world, care)
    assert reduced_of({key}) == {key: 5 * 48006}
    assert "2,400.30" in text(finance, "/desk/care/bills/")
    assert "2,400.30" not in text(finance, "/desk/care/bills/?status=drawn")  # no sums to subtract from one another


def test_a_split_opens_for_its_own_bill_alone(world: World, care: Care) -> None:
    one, other = hardly(world, care), hardly(world, care)
    Bill.objects.filter(pk=one.pk).update(split=other.split)
    with refuses(splitting.DoesNotTie):
        splitting.opened(Bill.objects.get(pk=one.pk))


def test_a_reduced_bill_has_evidence_and_a_split_and_no_other_has(world: World, care: Care) -> None:
    bill, plain = hardly(world, care), ordinary(world, care)
    for mine, wrong in (
        (bill, {"split": None}),
        (bill, {"evidence": None}),
        (bill, {"relieved": False}),
        (plain, {"relieved": True}),
    ):
        with pytest.raises(IntegrityError, match="care_bill_reduction"), transaction.atomic():
            Bill.objects.filter(pk=mine.pk).update(**wrong)
    assert "childcare_bill.split" in {column.name for column in resealing.columns()}


def test_a_confirmed_bill_may_be_sealed_anew_and_nothing_else_of_it_changes(world: World, care: Care) -> None:
    bill = hardly(world, care)
    Bill.objects.filter(pk=bill.pk).update(status="frozen", frozen_at=bill.drawn_at, frozen_by=world.chen)
    split = splitting.opened(bill)
    Bill.objects.filter(pk=bill.pk).update(split=splitting.sealed(bill, split))
    with pytest.raises(DatabaseError), transaction.atomic():
        Bill.objects.filter(pk=bill.pk).update(split=None, relieved=False, evidence=None)
    assert splitting.opened(Bill.objects.get(pk=bill.pk)) == split


def test_a_long_ledger_is_not_cut_but_refused(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    more = [
        Bill(
            centre=care.centre,
            child=bill.child,
            payer=bill.payer,
            month=NOVEMBER.replace(year=1000 + n),
            drawn_by=world.zhang,
        )
        for n in range(book.ON_PAPER)
    ]
    client = desk(world.zhang)
    Bill.objects.bulk_create(more[1:])
    assert client.get("/desk/care/bills/print/").status_code == 200
    more[0].save()
    answer = client.get("/desk/care/bills/print/", follow=True)
    assert "没有打印" in answer.content.decode() and answer.content.decode().count("<tr>") < 10


def test_the_sums_of_finance_cost_the_same_for_one_month_and_for_24(world: World, care: Care) -> None:
    client = desk(cast.staff("caiwu", "账务员", Duty.Role.FINANCE, community=world.wenxing))
    bill = hardly(world, care)
    one = queries(client, "/desk/care/bills/")
    for n in range(30):
        Bill.objects.create(
            centre=care.centre,
            child=bill.child,
            payer=bill.payer,
            month=NOVEMBER.replace(year=1990 + n),
            drawn_by=world.zhang,
        )
    assert queries(client, "/desk/care/bills/") == one
