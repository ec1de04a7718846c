"""What everybody may read: signing events, pairs, and whether a printed agreement is what was signed."""

import pytest
from django.db import connection, transaction
from django.test import Client

from core import clock
from partners.agreements import ceremonies
from partners.models import Ceremony, Partner
from tests import world as cast
from tests.books import refuses
from tests.database import as_owner
from tests.pages import queries, text, words
from tests.partners import agreeing
from tests.world import World, build


@pytest.mark.django_db
def test_a_signing_event_is_written_down_and_read_by_everybody(client: Client, world: World) -> None:
    made = agreeing.signed(world, pairing=True)
    client.force_login(world.zhang)
    typed = {
        "title": "社区合伙人签约仪式",
        "on": clock.today().isoformat(),
        "place": "文兴广场",
        "words": "首批",
        "agreements": [made.pk],
    }
    assert client.post("/desk/partners/ceremonies/", typed | {"agreements": []}).status_code == 400
    for words_of, why in ((f"感谢{world.wang.name}女士", "居民姓名"), ("联系13812345678", "像手机号")):
        told = client.post("/desk/partners/ceremonies/", typed | {"words": words_of})
        assert told.status_code == 400 and why in words(told.content.decode())
    Partner.objects.filter(pk=made.partner_id).update(name="8号楼理发店")
    typed["words"] = "首批，8号楼理发店签约"
    later = client.post("/desk/partners/ceremonies/", typed | {"on": agreeing.later(1).isoformat()})
    assert later.status_code == 400 and "不晚于今天" in words(later.content.decode())
    client.post("/desk/partners/ceremonies/", typed)
    client.logout()
    held = Ceremony.objects.get()
    assert "社区合伙人签约仪式" in text(client, "/partners/ceremonies/")
    shown = text(client, f"/partners/ceremonies/{held.pk}/")
    assert "8号楼理发店×文兴社区" in shown and "结对共建" in shown and "王小店" not in shown
    assert "结对共建" in text(client, "/partners/") and "结对共建" in text(client, f"/partners/{made.partner_id}/")
    assert "签约仪式" in text(client, "/partners/")


@pytest.mark.django_db
def test_only_signed_agreements_of_ones_own_are_part_of_an_event(client: Client, world: World) -> None:
    draft, foreign = agreeing.drafted(world), cast.partner(world.street, world.yongan, world.qian)
    for wrong in ([draft], [foreign], []):
        with refuses(ceremonies.BadCeremony):
            ceremonies.hold(title="签约", on=clock.today(), place="广场", text="", agreements=wrong, by=world.zhang)
    made = agreeing.signed(world)
    for _ in range(2):
        ceremonies.hold(title="签约", on=clock.today(), place="广场", text="", agreements=[made], by=world.zhang)
    client.force_login(world.zhang)
    two = queries(client, "/desk/partners/ceremonies/"), queries(client, "/partners/ceremonies/")
    for _ in range(4):
        ceremonies.hold(title="签约", on=clock.today(), place="广场", text="", agreements=[made], by=world.zhang)
    assert (queries(client, "/desk/partners/ceremonies/"), queries(client, "/partners/ceremonies/")) == two


@pytest.mark.django_db(transaction=True)
def test_a_printed_agreement_is_checked_by_its_fingerprint(client: Client) -> None:
    world = build()
    made = agreeing.signed(world)
    page = f"/partners/agreements/{made.sha256[:32]}/"
    shown = text(client, page)
    assert (
        "协议有效" in shown
        and made.number in shown
        and "永利理发" in shown
        and "免费理发" not in shown
        and "王小店" not in shown
    )
    for mark in ("0" * 32, made.sha256[:8], made.sha256[:31] + "%"):
        assert client.get(f"/partners/agreements/{mark.rstrip('%')}/").status_code == 404
    sent = agreeing.sent(world)
    assert client.get(f"/partners/agreements/{sent.sha256[:32]}/").status_code == 404
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partners_agreement DISABLE TRIGGER USER")
        cursor.execute("UPDATE partners_agreement SET ends_on = ends_on + 365")
        cursor.execute("ALTER TABLE partners_agreement ENABLE TRIGGER USER")
    assert "记录已改动" in text(client, page) and "协议有效" not in text(client, page)
    client.force_login(world.zhang)
    found = text(client, f"/desk/partners/{made.pk}/verify/")
    assert "已改动" in found and "到期日期" in found and made.sha256 in found
