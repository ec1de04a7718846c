"""What a thief of a dump, of the write-ahead log or of a backup would read: none of the sealed words, drafts included."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from childcare.days import arriving
from childcare.enrolment import health
from childcare.handover import barring
from childcare.models import Attendance, CareFile
from communities import consents, documents
from communities.hardship import recording
from communities.hardship.kinds import About, Category, Said
from communities.identity import check, clean
from communities.models import Consent, Evidence, Resident
from core import clock
from tests.childcare.cast import Care, build
from tests.childcare.enrolment import families
from tests.communities.test_closing import everywhere
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
DRAFTED, ILL, MOOD, BARRED, PAPER = "金雀草稿对虾过敏", "金雀登记对花生过敏", "金雀今天咳嗽", "金雀恶人", "QUE-DB-7788"
DIGITS = "14021120170101002"
NUMBER = DIGITS + check(DIGITS)
PLAIN = "金雀明文小学"  # stands in a plain column: what must be found, lest the search be blind
CATEGORIES = ('"subsistence"', Category.SUBSISTENCE.label, "最低生活保障证")
SECRETS = (DRAFTED, ILL, MOOD, BARRED, PAPER, NUMBER, families.ALLERGY, *CATEGORIES)


@pytest.fixture
def care(world: World) -> Care:
    return build(world)


def write(world: World, care: Care) -> None:
    """Everything that is sealed, by the verbs that write it: health, draft, category, bar, morning look, identity number."""
    child = care.child
    Resident.objects.filter(pk=child.pk).update(**documents.columns(clean(NUMBER), world.wenxing))
    CareFile.objects.filter(child=child).update(school=PLAIN)
    health.write(child=child, said={"allergies": ILL}, by=care.mother.account)  # type: ignore[arg-type]
    father = families.father(world)
    words = families.said(care.group)
    words["child"] |= {"number": NUMBER, "birth_date": "2017-01-01"}
    words["health"] = {"agreed": True, "allergies": DRAFTED, "handling": families.HANDLING}
    families.drafted(father, care, words)
    consents.keep(child, Consent.Purpose.CARE_RELIEF, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=care.mother)
    said = Said(
        category=Category.SUBSISTENCE, about=About.FAMILY, number=PAPER, way=Evidence.Way.VIEWED, paper="最低生活保障证",
        seen_on=clock.today(), starts_on=clock.today(),
    )  # fmt: skip
    recording.record(resident=child, said=said, by=world.zhang)
    facts = barring.Facts(BARRED, "高个子", barring.BASES[0], "（2026）晋01号", clock.today())
    barring.bar(child=child, facts=facts, by=world.chen)
    place = care.place
    place.plan = list(range(7))
    place.save(update_fields=["plan"])
    Attendance.objects.filter(place=place).delete()
    arriving.arrive(place=place, by=care.teacher, state=MOOD)


def position() -> str:
    """Up to where the log has been written; a commit that waits for the disk brings all that came before it there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
        cursor.execute("SELECT pg_current_xact_id()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
        (name,) = cursor.fetchone() or ("",)
    return str(name)


def log_files(first: str, last: str) -> Iterator[bytes]:
    """The segments between, read from the embedded server's own folder."""
    folder = Path(str(settings.DATABASES["default"]["HOST"])).parent
    found = sorted(
        path for path in folder.glob("postgres-*/pg_wal/*") if first <= path.name <= last and len(path.name) == 24
    )
    assert found, f"the log of the server at {folder} cannot be read: run this test on a server of its own"
    return (path.read_bytes() for path in found)


def test_no_sealed_word_stands_in_any_table(world: World, care: Care) -> None:
    write(world, care)
    assert "childcare_carefile" in everywhere(PLAIN)
    assert everywhere(*SECRETS) == {}


def test_no_sealed_word_stands_in_the_write_ahead_log(world: World, care: Care) -> None:
    first = position()
    write(world, care)
    last = position()
    written = b"".join(log_files(first, last))
    assert PLAIN.encode() in written
    assert [secret for secret in SECRETS if secret.encode() in written] == []
