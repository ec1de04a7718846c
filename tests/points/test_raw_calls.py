"""Whoever holds the application's login can call the books' functions by hand: what they then refuse."""

from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction

from points.models import Account, Entry, Lot, Posting
from tests import world as cast
from tests.books import breaches
from tests.database import as_owner
from tests.world import World, build

AWARD = "SELECT points_award('k', {resident}, 5, {expires}, {at}, {by}, '手工')"
CHARGE = "SELECT points_charge('k', {resident}, {amount}, {relief}, {place}, '2026-11-20 12:00Z', {by}, '手工')"
REVERSE = "SELECT points_reverse('k', {entry}, {at}, {by}, '手工', {grace})"
POST = """SELECT points_post('k', '{kind}', {place}, {sources}::bigint[], {destinations}::bigint[], {amounts}::bigint[],
    '2026-11-20 12:00Z', {by}, '手工', '2027-12-31')"""
ALLOWED = {
    ("award", "issuer", "wallet"), ("charge", "wallet", "income"), ("charge", "wallet", "partner"),
    ("charge", "relief", "income"), ("charge", "relief", "partner"),
}  # fmt: skip


def answer(statement: str) -> str:
    """The SQLSTATE of the refusal, or "booked"; either way nothing stays behind."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            wrong = breaches()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error.__cause__.sqlstate)  # type: ignore[union-attr]
    assert wrong == []
    return "booked"


@pytest.fixture
def given(world: World) -> dict[str, object]:
    return {
        "resident": world.wang.pk, "by": world.system.pk, "place": world.wenxing.pk, "amount": 5, "relief": 0, "grace": 30,
        "at": "'2026-11-20 12:00Z'", "expires": "'2027-12-31'", "entry": Entry.objects.earliest("pk").pk,
    }  # fmt: skip


@pytest.fixture
def pots(transactional_db: None) -> tuple[World, dict[str, Account]]:
    """One account of each kind, of 文兴; the wallet is 王秀兰's."""
    world = build()
    with as_owner():
        for kind in ("issuer", "income", "relief", "expired", "partner"):
            Account.objects.get_or_create(kind=kind, community=world.wenxing)
    accounts = {account.kind: account for account in Account.objects.filter(community=world.wenxing)}
    return world, {**accounts, "wallet": Account.objects.get(resident=world.wang)}


def test_points_go_only_the_ways_that_their_kind_knows(pots: tuple[World, dict[str, Account]]) -> None:
    world, accounts = pots
    accounts["another wallet"] = Account.objects.get(resident=world.zhao)
    found = set()
    for kind, source, destination in product(["award", "charge", "expiry", "reversal", "gift"], accounts, accounts):
        said = answer(
            POST.format(
                kind=kind, place=world.wenxing.pk, by=world.system.pk, amounts="ARRAY[5]",
                sources=f"ARRAY[{accounts[source].pk}]", destinations=f"ARRAY[{accounts[destination].pk}]",
            )
        )  # fmt: skip
        assert said in {"booked", "PB008"}, (kind, source, destination, said)
        if said == "booked":
            found.add((kind, accounts[source].kind, accounts[destination].kind))
    assert found == ALLOWED


def test_a_community_pays_from_its_own_pots_to_its_own_people(pots: tuple[World, dict[str, Account]]) -> None:
    world, accounts = pots
    theirs = Account.objects.get(kind="issuer", community=world.yongan)
    neighbour = Account.objects.get(resident=world.zhou)
    for source, destination in ((theirs, accounts["wallet"]), (accounts["issuer"], neighbour), (theirs, neighbour)):
        assert answer(
            POST.format(
                kind="award", place=world.wenxing.pk, by=world.system.pk, amounts="ARRAY[5]",
                sources=f"ARRAY[{source.pk}]", destinations=f"ARRAY[{destination.pk}]",
            )
        ) == "PB008"  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sources", "destinations", "amounts"),
    [
        ("NULL", "'{1}'", "'{5}'"), ("'{1}'", "NULL", "'{5}'"), ("'{1}'", "'{1}'", "NULL"), ("'{}'", "'{}'", "'{}'"),
        ("'{1,2}'", "'{1}'", "'{5}'"), ("'{1}'", "'{1}'", "'{5,5}'"), ("'{{1}}'", "'{{1}}'", "'{{5}}'"),
        ("'[5:5]={1}'", "'[5:5]={1}'", "'[5:5]={5}'"),
    ],
)  # fmt: skip
def test_odd_arrays_book_nothing(given: dict[str, object], sources: str, destinations: str, amounts: str) -> None:
    said = POST.format(kind="charge", sources=sources, destinations=destinations, amounts=amounts, **given)
    assert answer(said) == "PB005"


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["NULL", "0", "-5", "1000000001"])
def test_odd_amounts_book_nothing(given: dict[str, object], amount: str) -> None:
    assert answer(CHARGE.format(**given | {"amount": amount})) == "PB005"
    if amount != "0":
        assert answer(CHARGE.format(**given | {"amount": amount, "relief": 5})) == "PB005"
        assert answer(CHARGE.format(**given | {"relief": amount})) == "PB005"
    wallet, income = Account.objects.get(resident=given["resident"]).pk, Account.objects.earliest("pk").pk
    moves = {"sources": f"'{{{wallet}}}'", "destinations": f"'{{{income}}}'", "amounts": f"ARRAY[{amount}]"}
    assert answer(POST.format(kind="charge", **given, **moves)) in {"PB005", "PB008"}


@pytest.mark.django_db
@pytest.mark.parametrize("expires", ["NULL", "'infinity'", "'-infinity'", "'2026-11-19'", "'2040-01-01'"])
def test_points_last_from_the_day_of_the_award_for_some_years(given: dict[str, object], expires: str) -> None:
    assert answer(AWARD.format(**given | {"expires": expires})) == "PB007"
    assert answer(AWARD.format(**given | {"expires": "'2026-11-20'"})) == "booked"


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["NULL", "'infinity'", "'-infinity'", "'1999-12-31 12:00Z'", "'2100-01-01 12:00Z'"])
def test_the_moment_is_of_this_century(given: dict[str, object], at: str) -> None:
    assert answer(AWARD.format(**given | {"at": at})) == "PB007"
    assert answer(REVERSE.format(**given | {"at": at})) == "PB007"


@pytest.mark.django_db
@pytest.mark.parametrize("grace", ["NULL", "-1", "367"])
def test_a_grace_is_at_most_a_year(given: dict[str, object], grace: str) -> None:
    assert answer(REVERSE.format(**given | {"grace": grace})) == "PB007"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["resident", "by", "place", "entry"])
@pytest.mark.parametrize("value", ["NULL", "0"])
def test_nobody_and_nowhere_are_unknown(given: dict[str, object], name: str, value: str) -> None:
    function = {"place": CHARGE, "entry": REVERSE}.get(name, AWARD)
    assert answer(function.format(**given | {name: value})) == "PB004"


@pytest.mark.django_db(transaction=True)
def test_tables_and_functions_of_ones_own_do_not_stand_in_for_the_books() -> None:
    """Even a login that may make temporary objects cannot have the functions use them."""
    world = build()
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute(f"GRANT TEMP ON DATABASE {database} TO app")
    try:
        with connection.cursor() as cursor:
            for table in ("points_account", "points_entry", "points_posting", "points_lot", "communities_user"):
                cursor.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(
                """CREATE FUNCTION pg_temp.least(bigint, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
                   CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1';
                   CREATE FUNCTION pg_temp.gt(bigint, int) RETURNS boolean LANGUAGE sql AS 'SELECT false';
                   CREATE OPERATOR pg_temp.> (LEFTARG = bigint, RIGHTARG = int, FUNCTION = pg_temp.gt)"""
            )
            cursor.execute("SET search_path = pg_temp, public")
            cursor.execute("SELECT points_charge('k', %s, 30, 0, %s, '2026-11-20Z', %s, '手工')", [
                world.wang.pk, world.wenxing.pk, world.system.pk,
            ])  # fmt: skip
            cursor.execute("SELECT count(*) FROM pg_temp.points_entry")
            assert cursor.fetchone() == (0,)
            cursor.execute("DISCARD TEMP; SET search_path = public")
    finally:
        connection.close()
        with as_owner() as owner, owner.cursor() as cursor:
            cursor.execute(f"REVOKE TEMP ON DATABASE {database} FROM app")
    assert Lot.objects.get(wallet__resident=world.wang).remaining == 50
    assert Posting.objects.filter(entry__key="k").count() == 1
    assert breaches() == []


@pytest.mark.django_db
def test_a_key_of_one_event_does_not_pass_for_another(world: World) -> None:
    """The digest keeps kind, accounts and amounts apart."""
    first = cast.award(world.wang, 12)
    key = Entry.objects.get(pk=first).key
    for statement, arguments in (
        ("points_award(%s, %s, 12, '2027-12-31', '2026-11-20Z', %s, 'x')", [key, world.zhao.pk, world.system.pk]),
        ("points_award(%s, %s, 1, '2027-12-31', '2026-11-20Z', %s, 'x')", [key, world.wang.pk, world.system.pk]),
        ("points_charge(%s, %s, 12, 0, %s, '2026-11-20Z', %s, 'x')", [key, world.wang.pk, world.wenxing.pk, world.system.pk]),
        ("points_charge(%s, %s, 1, 2, %s, '2026-11-20Z', %s, 'x')", [key, world.wang.pk, world.wenxing.pk, world.system.pk]),
        ("points_reverse(%s, %s, '2026-11-20Z', %s, 'x', 30)", [key, first, world.system.pk]),
    ):  # fmt: skip
        with connection.cursor() as cursor:
            assert answer(cursor.mogrify(f"SELECT {statement}", arguments)) == "PB002", statement
