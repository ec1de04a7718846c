"""换钥: under a new key nothing is lost, a killed run is taken up again, and a wrong key fails closed."""

import os
import signal
import subprocess
import sys
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import BinaryField
from django.test import Client
from pytest_django.fixtures import Settings

from childcare.models import CareFile
from communities import identity, resealing, sealing
from communities.documents import fingerprint
from communities.hardship import Category
from communities.models import Resident, SearchKey
from communities.sealing import KeyMissing
from tests.api import client_of
from tests.childcare import cast as caring
from tests.childcare.cast import Care
from tests.communities import relieving
from tests.communities.sealed import NUMBER, fill, words
from tests.database import url_of_test_database
from tests.pages import enter
from tests.worker import wait_until
from tests.world import World

NEW = "a-new-key-for-tests-that-is-long-enough"


@pytest.fixture
def care(world: World) -> Care:
    return caring.build(world)


@pytest.fixture(autouse=True)
def cold() -> None:
    """As a process that has not read the key of the fingerprints yet."""
    sealing.forget_search_key()


def reseal(*arguments: str) -> str:
    said = StringIO()
    call_command("reseal", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_every_sealed_column_of_the_house_is_registered() -> None:
    kept = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models() for field in model._meta.concrete_fields if isinstance(field, BinaryField)
    }  # fmt: skip
    named = {column.name for column in resealing.columns()}
    assert kept - named - {name for name in kept if name.endswith((".jpeg", ".sheet", ".digest"))} == set()
    assert named <= kept


@pytest.mark.django_db
def test_under_a_new_key_nothing_is_lost_and_the_old_one_may_go(world: World, care: Care, settings: Settings) -> None:
    before = fill(world, care)
    assert {name.split(":")[0] for name in before} == {column.name for column in resealing.columns()}
    (old,) = settings.DATA_KEYS
    settings.DATA_KEYS = [NEW, old]
    assert words() == before
    with pytest.raises(CommandError, match="请不要删除旧钥"):
        reseal("--check")
    with pytest.raises(CommandError, match="还有1条"):  # the draw keeps its row until it is drawn
        reseal()
    settings.DATA_KEYS = [NEW]
    sealing.forget_search_key()
    kept = {name: text for name, text in before.items() if not name.startswith("nightschool_draw")}
    with pytest.raises(KeyMissing):
        words()
    settings.DATA_KEYS = [NEW, old]
    assert words() == before
    settings.DATA_KEYS = [NEW]
    assert {name: text for name, text in _opened().items() if text is not None} == kept
    mine = Resident.objects.get(pk=care.mother.pk)
    assert fingerprint(identity.clean(NUMBER), world.wenxing) == mine.document_hash


def _opened() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for column in resealing.columns():
        for pk, sealed in column.all().values_list("pk", column.field):
            try:
                found[f"{column.name}:{pk}"] = sealing.unseal(bytes(sealed))
            except KeyMissing:
                found[f"{column.name}:{pk}"] = None
    return found


@pytest.mark.django_db
def test_what_was_sealed_before_keys_had_ids_is_sealed_anew_too(world: World, care: Care, settings: Settings) -> None:
    (old,) = settings.DATA_KEYS
    plain = sealing.seal("从前的").partition(b":")[2]
    CareFile.objects.filter(child=care.child).update(health=plain)
    assert sealing.unseal(plain) == "从前的"
    settings.DATA_KEYS = [NEW, old]
    reseal()
    settings.DATA_KEYS = [NEW]
    assert sealing.unseal(bytes(CareFile.objects.get(child=care.child).health or b"")) == "从前的"


@pytest.mark.django_db
def test_run_twice_it_changes_nothing(world: World, care: Care, settings: Settings) -> None:
    (old,) = settings.DATA_KEYS
    sealing.keep_search_key()
    settings.DATA_KEYS = [NEW, old]
    assert "旧钥可以从DATA_KEYS里去掉" in reseal()
    rows = list(SearchKey.objects.values_list("sealed", flat=True))
    assert "这次换了0条" in reseal() and "旧钥可以从DATA_KEYS里去掉" in reseal("--check")
    assert list(SearchKey.objects.values_list("sealed", flat=True)) == rows


@pytest.mark.django_db
def test_the_key_of_the_fingerprints_is_written_before_the_old_key_may_go(world: World, settings: Settings) -> None:
    (old,) = settings.DATA_KEYS
    first = sealing.fingerprint(NUMBER, world.street.pk)
    SearchKey.objects.all().delete()
    sealing.forget_search_key()
    settings.DATA_KEYS = [NEW, old]
    with pytest.raises(CommandError):
        reseal("--check")
    reseal()
    settings.DATA_KEYS = [NEW]
    sealing.forget_search_key()
    assert sealing.fingerprint(NUMBER, world.street.pk) == first


@pytest.mark.django_db
def test_a_row_that_no_key_opens_stops_it_and_nothing_is_written_over(
    world: World, care: Care, settings: Settings
) -> None:
    (old,) = settings.DATA_KEYS
    sealing.keep_search_key()
    alien = b"00000000:" + Fernet(Fernet.generate_key()).encrypt(b"x")
    CareFile.objects.filter(child=care.child).update(health=alien)
    settings.DATA_KEYS = [NEW, old]
    with pytest.raises(CommandError, match="没换的还是原样"):
        reseal()
    assert bytes(CareFile.objects.get(child=care.child).health or b"") == alien


WRONG = ["quite-another-key-that-is-not-ours"]
SENTENCE = "加密的资料现在打不开"


@pytest.mark.django_db
def test_with_a_wrong_key_pages_rest_and_readyz_say_so_and_nothing_is_written(
    world: World, care: Care, settings: Settings, client: Client
) -> None:
    before, api = fill(world, care), client_of(world.wenxing)
    relieving.agreed(care.other_child, care.other_mother, world.zhang)
    evidence = care.child.evidence.filter(status="recorded").get()
    rows, keys = dump(), settings.DATA_KEYS
    settings.DATA_KEYS = WRONG
    sealing.forget_search_key()
    page = enter(client, care.mother).get("/me/relief/")
    assert page.status_code == 503 and SENTENCE in page.content.decode()
    desk = Client()
    desk.force_login(world.chen)
    page = desk.post(f"/desk/evidence/{evidence.pk}/", {"purpose": "复核"})
    assert page.status_code == 503 and SENTENCE in page.content.decode() and "低保" not in page.content.decode()
    answer = api.post("evidence/", relieving.body(care.other_child, Category.COURIER))
    assert (answer.status_code, answer.json()["code"]) == (503, "data_key_missing") and SENTENCE in answer.json()[
        "detail"
    ]
    ready = client.get("/readyz")
    assert ready.status_code == 503 and any("data keys" in said for said in ready.json()["failures"])
    with pytest.raises(KeyMissing):
        sealing.seal("nothing new either")
    assert dump() == rows
    settings.DATA_KEYS = keys
    assert words() == before and client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_wrong_key_writes_no_key_of_its_own_beside_numbers_on_file(
    world: World, care: Care, settings: Settings
) -> None:
    fill(world, care)
    SearchKey.objects.all().delete()
    sealing.forget_search_key()
    settings.DATA_KEYS = WRONG
    with pytest.raises(KeyMissing):
        sealing.fingerprint(NUMBER, world.street.pk)
    assert not SearchKey.objects.exists() and not sealing.opens()


def dump() -> list[tuple[object, ...]]:
    """Every sealed column as it stands."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for column in resealing.columns():
            cursor.execute(f"SELECT id, {column.field} FROM {column.model._meta.db_table} ORDER BY 1")
            found += [(column.name, pk, bytes(sealed) if sealed else None) for pk, sealed in cursor.fetchall()]
    return found


@pytest.mark.heavy
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_is_taken_up_again(world: World, settings: Settings) -> None:
    (old,) = settings.DATA_KEYS
    files = [Resident(community=world.wenxing, name=f"住户{n}", document="other", document_sealed=sealing.seal(f"N{n:06d}"),
        document_tail="0000", document_hash=f"{n:064x}", status="confirmed", decided_at=world.wang.decided_at) for n in range(3000)]  # fmt: skip
    Resident.objects.bulk_create(files)
    sealing.keep_search_key()
    before = words()
    env = os.environ | {"DATABASE_URL": url_of_test_database(), "DATA_KEYS": f"{NEW},{old}"}
    child = subprocess.Popen(
        [sys.executable, "manage.py", "reseal"], env=env, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    )
    assert child.stdout
    wait_until(lambda: "some" if "resident" in child.stdout.readline() else "", lambda: "no progress")  # type: ignore[union-attr]
    child.send_signal(signal.SIGKILL)
    child.wait()
    settings.DATA_KEYS = [NEW, old]
    column = next(one for one in resealing.columns() if one.model is Resident)
    left = column.old().count()
    assert 0 < left < 3000, left
    assert words() == before
    reseal()
    settings.DATA_KEYS = [NEW]
    assert words() == before and column.old().count() == 0
