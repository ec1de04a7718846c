"""Whoever holds the application's login can call the books' functions by hand: what they then refuse."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from points.models import Account, Entry, Lot, Posting, Rule
from tests import world as cast
from tests.books import breaches
from tests.database import as_owner
from tests.world import World, build, exactly

AWARD = """SELECT points_award(ARRAY['k'], ARRAY[{resident}]::bigint[], ARRAY[1], ARRAY[{amount}]::bigint[], {rule}, {served},
    {cap}, {cap}, {expires}, {at}, {by}, '手工')"""
ADJUST = "SELECT points_adjust('k', {resident}, {amount}, {expires}, {at}, {by}, '手工')"
PURSE = "SELECT points_charge_purse('k', {resident}, {amount}, {relief}, {place}, {at}, {by}, '手工')"
EXPIRE = "SELECT points_expire({at}, {by}, 10)"
CHARGE = "SELECT points_charge('k', {resident}, {amount}, {relief}, {place}, '2026-11-20 12:00Z', {by}, '手工')"
REVERSE = "SELECT points_reverse('k', {entry}, {at}, {by}, '手工', {grace})"
POST = """SELECT points_post('k', '{kind}', {place}, {sources}::bigint[], {destinations}::bigint[], {amounts}::bigint[],
    '2026-11-20 12:00Z', {by}, '手工', '2027-12-31')"""
CHECKED = "23514"
ALLOWED = {
    ("charge", "wallet", "income"), ("charge", "wallet", "partner"), ("charge", "relief", "income"), ("charge", "relief", "partner"),
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


def booked(statement: str) -> bool:
    """Whether it went through; what two people must approve is a breach only because nobody proposed it here."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            wrong = {promise for _view, promise, _row in breaches()}
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return wrong <= {"adjustment entry belongs to an approved adjustment"}


@pytest.fixture
def given(world: World) -> dict[str, object]:
    return {
        "resident": world.wang.pk, "by": world.system.pk, "place": world.wenxing.pk, "amount": 5, "relief": 0, "grace": 30,
        "at": "'2026-11-20 12:00Z'", "expires": "'2027-12-31'", "entry": Entry.objects.earliest("pk").pk,
        "rule": exactly(5).rule_id, "served": "'2026-11-20'", "cap": "NULL",
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
    for kind, source, destination in product([*Entry.Kind, "gift"], accounts, accounts):
        said = answer(
            POST.format(
                kind=str(kind), place=world.wenxing.pk, by=world.system.pk, amounts="ARRAY[5]",
                sources=f"ARRAY[{accounts[source].pk}]", destinations=f"ARRAY[{accounts[destination].pk}]",
            )
        )  # fmt: skip
        assert said in {"booked", "PB008"}, (kind, source, destination, said)
        if said == "booked":
            found.add((str(kind), accounts[source].kind, accounts[destination].kind))
    assert found == ALLOWED


def test_a_community_pays_from_its_own_pots_to_its_own_people(pots: tuple[World, dict[str, Account]]) -> None:
    world, accounts = pots
    with as_owner():
        theirs = Account.objects.create(kind="relief", community=world.yongan)
    neighbour = Account.objects.get(resident=world.zhou)
    for source, destination in (
        (theirs, accounts["income"]),
        (neighbour, accounts["income"]),
        (theirs, accounts["partner"]),
    ):
        assert answer(
            POST.format(
                kind="charge", place=world.wenxing.pk, by=world.system.pk, amounts="ARRAY[5]",
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
        assert answer(PURSE.format(**given | {"relief": amount})) == "PB005"
    assert (
        answer(PURSE.format(**given | {"amount": amount}))
        == answer(AWARD.format(**given | {"amount": amount}))
        == "PB005"
    )
    if amount != "-5":
        assert answer(ADJUST.format(**given | {"amount": amount})) == "PB005"
    wallet, income = Account.objects.get(resident=given["resident"]).pk, Account.objects.earliest("pk").pk
    moves = {"sources": f"'{{{wallet}}}'", "destinations": f"'{{{income}}}'", "amounts": f"ARRAY[{amount}]"}
    assert answer(POST.format(kind="charge", **given, **moves)) in {"PB005", "PB008"}


@pytest.mark.django_db
@pytest.mark.parametrize("expires", ["NULL", "'infinity'", "'-infinity'", "'2026-11-19'", "'2040-01-01'"])
def test_points_last_from_the_day_of_the_award_for_some_years(given: dict[str, object], expires: str) -> None:
    for function in (AWARD, ADJUST):
        assert answer(function.format(**given | {"expires": expires})) == "PB007"
        assert booked(function.format(**given | {"expires": "'2026-11-20'"}))


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["NULL", "'infinity'", "'-infinity'", "'1999-12-31 12:00Z'", "'2100-01-01 12:00Z'"])
def test_the_moment_is_of_this_century(given: dict[str, object], at: str) -> None:
    for function in (AWARD, ADJUST, PURSE, EXPIRE, REVERSE):
        assert answer(function.format(**given | {"at": at})) == "PB007", function


@pytest.mark.django_db
@pytest.mark.parametrize("served", ["NULL", "'infinity'", "'-infinity'", "'1999-12-31'", "'2026-11-21'"])
def test_service_lies_between_its_rule_and_its_award(given: dict[str, object], served: str) -> None:
    assert answer(AWARD.format(**given | {"served": served})) == "PB010"


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["NULL", "0"])
def test_an_unknown_rule_prices_nothing(given: dict[str, object], rule: str) -> None:
    assert answer(AWARD.format(**given | {"rule": rule})) == "PB010"


@pytest.mark.django_db
def test_a_cap_below_nothing_is_not_kept(given: dict[str, object]) -> None:
    assert answer(AWARD.format(**given | {"cap": "-1"})) == CHECKED


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["keys", "residents", "quantities", "asked"])
@pytest.mark.parametrize("odd", ["NULL", "'{}'", "'{1,2}'", "'{{1}}'", "'[5:5]={1}'"])
def test_odd_arrays_award_nothing(given: dict[str, object], name: str, odd: str) -> None:
    one = {"keys": "'{k}'", "residents": f"'{{{given['resident']}}}'", "quantities": "'{1}'", "asked": "'{5}'"} | {
        name: odd
    }
    statement = """SELECT points_award({keys}::text[], {residents}::bigint[], {quantities}::int[], {asked}::bigint[], {rule},
        {served}, NULL, NULL, {expires}, {at}, {by}, '手工')"""
    assert answer(statement.format(**given, **one)) == "PB005"


@pytest.mark.django_db
def test_nobody_is_named_twice_and_no_key_for_two(world: World, given: dict[str, object]) -> None:
    statement = """SELECT points_award(ARRAY['{keys[0]}', '{keys[1]}'], ARRAY[{people[0]}, {people[1]}]::bigint[], ARRAY[1, 1],
        ARRAY[5, 5]::bigint[], {rule}, {served}, NULL, NULL, {expires}, {at}, {by}, '手工')"""
    wang, zhao = world.wang.pk, world.zhao.pk
    assert answer(statement.format(keys="kl", people=[wang, wang], **given)) == "PB004"
    assert answer(statement.format(keys="kk", people=[wang, zhao], **given)) == "PB002"
    assert answer(statement.format(keys="kl", people=[wang, zhao], **given)) == "booked"


@pytest.mark.django_db
@pytest.mark.parametrize("grace", ["NULL", "-1", "367"])
def test_a_grace_is_at_most_a_year(given: dict[str, object], grace: str) -> None:
    assert answer(REVERSE.format(**given | {"grace": grace})) == "PB007"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["resident", "by", "place", "entry"])
@pytest.mark.parametrize("value", ["NULL", "0"])
def test_nobody_and_nowhere_are_unknown(given: dict[str, object], name: str, value: str) -> None:
    functions = {"place": (CHARGE, PURSE), "entry": (REVERSE,), "resident": (AWARD, ADJUST, CHARGE, PURSE)}
    for function in functions.get(name, (AWARD, ADJUST, CHARGE, PURSE, EXPIRE, REVERSE)):
        assert answer(function.format(**given | {name: value})) == "PB004", function


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
    award = "points_award(ARRAY[%s], ARRAY[%s]::bigint[], ARRAY[1], ARRAY[%s]::bigint[], %s, %s, NULL, NULL, '2027-12-31', %s, %s, 'x')"
    on, by, rule, now = clock.today(), world.system.pk, exactly(12).rule_id, clock.now()
    other = Rule.objects.get(code="HONOR_CITY").pk
    adjust = "points_adjust(%s, %s, 12, '2027-12-31', '2026-11-20Z', %s, 'x')"
    charge = "points_charge(%s, %s, %s, %s, %s, '2026-11-20Z', %s, 'x')"
    for statement, arguments in (
        (award, [key, world.zhao.pk, 12, rule, on, now, by]), (award, [key, world.wang.pk, 1, rule, on, now, by]),
        (award, [key, world.wang.pk, 12, other, on, now, by]),
        (award, [key, world.wang.pk, 12, rule, on - timedelta(days=1), now, by]),
        (adjust, [key, world.wang.pk, by]),
        (charge, [key, world.wang.pk, 12, 0, world.wenxing.pk, by]), (charge, [key, world.wang.pk, 1, 2, world.wenxing.pk, by]),
        (charge.replace("charge", "charge_purse"), [key, world.wang.pk, 12, 0, world.wenxing.pk, by]),
        ("points_reverse(%s, %s, '2026-11-20Z', %s, 'x', 30)", [key, first, by]),
    ):  # fmt: skip
        with connection.cursor() as cursor:
            assert answer(cursor.mogrify(f"SELECT {statement}", arguments)) == "PB002", statement
