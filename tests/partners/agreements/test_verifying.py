"""What was signed cannot be changed on any path of the application; changed by the owner with the triggers off, it shows."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from core.verbs import refusing
from partners.agreements import drafting, signing, verifying
from partners.models import Agreement, Attachment, Paper, Promise, RoomGrant, Signature
from tests.books import breaches, refuses
from tests.database import as_owner
from tests.partners import agreeing
from tests.world import World, build

# What the owner changes behind the application's back, and what 核验 says of it.
CHANGES = {
    "UPDATE partners_agreement SET text = replace(text, '不得', '可以')": "正文",
    "UPDATE partners_agreement SET ends_on = ends_on + 1": "到期日期",
    "UPDATE partners_agreement SET mode = 'subsidy', percent = 100": "结算方式、补贴比例",
    "UPDATE partners_promise SET times = 1 WHERE \"order\" = 1": "承诺明细",
    "DELETE FROM partners_promise WHERE \"order\" = 2": "承诺明细",
    "UPDATE partners_roomgrant SET hours = hours + 1": "场地",
    "DELETE FROM partners_attachment WHERE NOT scan": "附件",
    "UPDATE partners_paper SET jpeg = 'x', sha256 = encode(sha256('x'), 'hex')": "附件",
    "ALTER TABLE partners_paper DROP CONSTRAINT paper_fingerprint; UPDATE partners_paper SET jpeg = 'y'": "附件图片",
    "UPDATE partners_agreement SET document = replace(document, '上门理发', '到店理发')": "正文、公益承诺、承诺明细、签署文本",
    "UPDATE partners_agreement SET document = 'x'": "签署文本",
    "UPDATE partners_agreement SET sha256 = repeat('0', 64)": "签署文本、签名",
    "UPDATE partners_signature SET sha256 = repeat('1', 64) WHERE side = 'partner'": "签名",
}  # fmt: skip
TABLES = ("agreement", "promise", "roomgrant", "attachment", "paper", "signature")


@pytest.mark.django_db(transaction=True)
def test_any_change_by_the_owner_of_the_database_is_found_and_named() -> None:
    world = build()
    mine = agreeing.signed(world)
    assert verifying.verify(mine) == verifying.Verdict(mine.sha256, ()) and breaches() == []
    for change, where in CHANGES.items():
        with as_owner(), transaction.atomic():
            with connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE partners_{table} DISABLE TRIGGER USER")
                cursor.execute(change)
            found = verifying.verify(Agreement.objects.get(pk=mine.pk))
            said = {promise for view, promise, _ in breaches() if view.startswith("partners_agreements")}
            transaction.set_rollback(True)
        assert (found.sound, "、".join(part for part in found.where)) == (False, where), change
        assert said or "DROP CONSTRAINT" in change, change


@pytest.mark.django_db
def test_every_path_of_the_application_is_refused(world: World) -> None:
    mine = agreeing.signed(world)
    promise, room, paper = mine.promises.get(order=1), mine.grants.get(), mine.attachments.get()

    def saved(row: Agreement | Promise | RoomGrant, **fields: object) -> Callable[[], object]:
        for name, value in fields.items():
            setattr(row, name, value)
        return row.save

    def raw(statement: str) -> Callable[[], object]:
        return lambda: connection.cursor().execute(statement)

    agreements = Agreement.objects.filter(pk=mine.pk)
    by_trigger = (
        saved(Agreement.objects.get(pk=mine.pk), text="改"), saved(promise, times=9), saved(room, hours=1),
        lambda: agreements.update(promise="改"), lambda: agreements.update(status="draft"), lambda: agreements.update(signed_on=None),
        lambda: Promise.objects.update(item="改"), lambda: Promise.objects.all().delete(), room.delete, paper.delete,
        lambda: Promise.objects.create(agreement=mine, order=9, item="添", times=1),
        lambda: RoomGrant.objects.create(agreement=mine, room=room.room, hours=1, when="x"),
        lambda: Attachment.objects.create(agreement=mine, paper=paper.paper, order=9),
        raw("UPDATE partners_agreement SET sha256 = repeat('0', 64)"), raw("UPDATE partners_agreement SET document = ''"),
        raw("UPDATE partners_promise SET agreement_id = agreement_id, times = 3"), raw("DELETE FROM partners_attachment"),
    )  # fmt: skip
    for act in by_trigger:
        with refuses(drafting.AgreementSigned), refusing(drafting.REFUSALS):
            act()
    others = (
        lambda: agreements._raw_delete("default"), lambda: Paper.objects.update(title="改"), lambda: Signature.objects.update(name="改"),
        lambda: Signature.objects.all().delete(), raw("TRUNCATE partners_signature"), raw("ALTER TABLE partners_promise DISABLE TRIGGER USER"),
        raw("DELETE FROM partners_paper; SET CONSTRAINTS ALL IMMEDIATE"),
    )  # fmt: skip
    for act in others:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert verifying.verify(Agreement.objects.get(pk=mine.pk)).sound


@pytest.mark.django_db
def test_nobody_signs_for_both_or_another_text_in_raw_sql(world: World) -> None:
    mine = agreeing.sent(world)
    one = Signature(agreement=mine, side="partner", way="paper", name="某", sha256="0" * 64, by=world.zhang)
    with refuses(signing.NotSent), refusing(signing.REFUSALS):
        one.save()
    for fields in ({"status": "signed", "signed_on": mine.starts_on}, {"status": "signing", "text": "改"}):
        with refuses(Exception), refusing(signing.REFUSALS):  # type: ignore[type-var]
            Agreement.objects.filter(pk=mine.pk).update(**fields)
    agreeing.by_partner(mine)
    with refuses(drafting.AgreementSigned), refusing(signing.REFUSALS):
        Agreement.objects.filter(pk=mine.pk).update(status="draft", document="", sha256="")
