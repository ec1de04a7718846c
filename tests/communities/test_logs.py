"""The two logs: written by the database alone, masked, and edited by nobody, whoever is logged in."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from communities import access, changes, registration, retention
from communities.models import Change, Community, Look, Resident, User
from core import clock
from core.sql import call
from tests.database import as_owner
from tests.world import World

RAW = {
    "insert": "INSERT INTO {table} (at, what, \"row\", action, fields, request, address) VALUES (now(), 'x', 1, 'I', '{{}}', '', '')",
    "update": "UPDATE {table} SET address = 'x'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
}
LOOK = "INSERT INTO communities_look (at, by_id, what, purpose, request, address) VALUES (now(), 1, 'x', 'y', '', '')"
TABLES = ("communities_change", "communities_look")


def statement(table: str, act: str) -> str:
    return LOOK if (act, table) == ("insert", "communities_look") else RAW[act].format(table=table)


@pytest.fixture
def written(world: World) -> World:
    registration.confirm(resident=world.sun, by=world.zhang)
    access.look(by=world.zhang, community=world.wenxing, resident=world.wang, what="手机号", purpose="电话联系")
    return world


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", RAW)
def test_the_application_itself_cannot_touch_a_log(written: World, table: str, act: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement(table, act))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", [act for act in RAW if act != "insert"])
def test_not_even_the_owner_changes_what_was_written(written: World, table: str, act: str) -> None:
    with as_owner() as owner, owner.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"):
        cursor.execute(statement(table, act))
    assert Change.objects.exists() and Look.objects.exists()


@pytest.mark.django_db
def test_the_trick_of_the_retention_function_does_not_help_the_application(written: World) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hehuoren.forgetting', 'yes', true)")
        cursor.execute("DELETE FROM communities_change")


@pytest.mark.django_db(transaction=True)
def test_only_what_is_older_than_three_years_may_go(written: World) -> None:
    with as_owner() as owner, owner.cursor() as cursor:
        for table in TABLES:  # as time would: the owner lifts the triggers for it
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object("
                           f"'id', id + 100000, 'at', now() - interval '3 years 2 days'))).* FROM {table} t LIMIT 1")  # fmt: skip
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    kept = Change.objects.count() - 1, Look.objects.count() - 1
    (gone,) = call("SELECT communities_forget_logs(%s)", clock.now() + timedelta(days=1))
    assert gone == 2
    assert (Change.objects.count(), Look.objects.count()) == kept


@pytest.mark.django_db
def test_a_change_says_who_and_shows_no_whole_value(world: World) -> None:
    changes.by(world.zhang)
    Resident.objects.filter(pk=world.wang.pk).update(
        name="王大兰", phone="13900001111", birth_date="1970-02-03", document="other", document_sealed=b"opened",
        document_tail="4321", document_hash="f" * 64, pinyin="wang da lan",
    )  # fmt: skip
    last = Change.objects.latest("pk")
    assert (last.by, last.community, last.resident, last.what, last.action) == (
        world.zhang, world.wenxing, world.wang, "resident", "U",
    )  # fmt: skip
    assert last.fields["name"] == ["王**", "王**"] and last.fields["phone"] == ["138****6021", "139****1111"]
    said = str(last.fields)
    for whole in ("大兰", "13900001111", "02-03", "opened", "4321", "ffff", "da lan", "05-02"):
        assert whole not in said


@pytest.mark.django_db
def test_free_text_and_sign_in_names_are_not_kept_in_the_log(world: World) -> None:
    registration.decline(resident=world.sun, by=world.zhang, reason="孙桂芳不住在这里")
    assert Change.objects.latest("pk").fields["decline_reason"] == ["", "***"]
    User.objects.filter(pk=world.qian.pk).update(username="qianli")
    assert Change.objects.latest("pk").fields["username"] == ["***", "***"]


@pytest.mark.django_db
def test_who_does_not_say_who_is_written_down_as_the_system(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(name="王小兰")
    assert Change.objects.latest("pk").by is None


@pytest.mark.django_db
def test_saving_without_a_change_writes_nothing(world: World) -> None:
    before = Change.objects.count()
    world.wang.save()
    assert Change.objects.count() == before


@pytest.mark.django_db
def test_a_look_needs_a_purpose(world: World) -> None:
    for purpose in ("", " ", "x", "x" * 201, "a\0b"):
        with pytest.raises(access.NoPurpose):
            access.look(by=world.zhang, community=world.wenxing, resident=world.wang, what="手机号", purpose=purpose)
    assert not Look.objects.exists()


@pytest.mark.django_db
def test_an_unknown_look_is_refused_by_the_database_itself(world: World) -> None:
    with pytest.raises(DatabaseError, match="look_says_why"), transaction.atomic():
        call("SELECT communities_look(%s, %s, NULL, %s, '', '', '')", world.zhang.pk, world.wenxing.pk, "手机号")


@pytest.mark.django_db
def test_the_nightly_job_leaves_young_logs_alone(written: World) -> None:
    before = Change.objects.count()
    assert retention.forget_nightly()["logs"] == 0
    assert Change.objects.count() == before and Community.objects.exists()
