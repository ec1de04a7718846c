"""The embedded servers: two logins that cannot become each other, no TCP port, data that stays where it should."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import psycopg
import pytest

from config.embedded import keep, places, throwaway
from config.embedded.lock import held
from config.embedded.throwaway import folder_of_our_own

memory = import_module("config.embedded.throwaway")  # the package's name of it is the function
Ask = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def env() -> Iterator[dict[str, str]]:
    """Durable servers of this module's own: their settings are what is looked at."""
    with throwaway(durable=True) as found:
        yield found


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[Ask]:
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(env: dict[str, str]) -> Iterator[Ask]:
    with psycopg.connect(env["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that root's PostgreSQL account can enter, as a checkout is."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def one(connection: Ask, question: str) -> object:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("listen_addresses", ""),
        ("TimeZone", "Asia/Shanghai"),
        ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"),
    ],
)
def test_the_product_runs_on_durable_settings(app: Ask, setting: str, value: str) -> None:
    assert one(app, f"SHOW {setting}") == value


def test_searching_by_trigram_keeps_chinese(owner: Ask) -> None:
    owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert one(owner, "SELECT array_length(show_trgm('花艺插花'), 1)") == 5


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE owner",
        "CREATE TABLE mine (i int)",
        "CREATE TEMP TABLE mine (i int)",
        "CREATE DATABASE mine",
        "ALTER ROLE app CREATEDB",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_may_not(app: Ask, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())


def test_nobody_logs_in_without_the_right_word(env: dict[str, str]) -> None:
    word = env["DATABASE_URL"].split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(env["DATABASE_OWNER_URL"].replace(env["DATABASE_OWNER_URL"].split(":")[2].split("@")[0], word))


def test_the_owner_is_no_superuser_but_may_make_databases(owner: Ask) -> None:
    assert (
        one(
            owner,
            "SELECT rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
        )
        is False
    )
    assert one(owner, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True


def test_a_second_start_keeps_data_and_words(data_dir: Path) -> None:
    said: list[str] = []
    for round_number in (1, 2):
        with keep.kept(data_dir, database=True, broker=False, say=said.append) as servers:
            assert "BROKER_URL" not in servers.env
            with psycopg.connect(servers.env["DATABASE_OWNER_URL"]) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS kept (i int)")
                connection.execute("INSERT INTO kept VALUES (1)")
                assert one(connection, "SELECT count(*) FROM kept") == round_number
    assert [path.stat().st_mode & 0o777 for path in data_dir.glob("postgres-18.*")] == [0o600] * 3


def test_roots_cluster_moves_out_of_a_closed_home_and_anyone_elses_stays(data_dir: Path) -> None:
    data_dir.chmod(0o700)
    moved = data_dir / "postgres-is-in"
    for _ in (1, 2):
        with keep.kept(data_dir, database=True, broker=False, say=str) as servers:
            psycopg.connect(servers.env["DATABASE_URL"]).close()
        home = Path(moved.read_text()) if moved.exists() else data_dir
        assert (home / "postgres-18" / "PG_VERSION").exists()
    assert (home != data_dir) == (os.geteuid() == 0)
    if home != data_dir:
        assert not list(data_dir.glob("postgres-18*"))
        shutil.rmtree(home)


def test_a_cluster_that_was_never_finished_is_made_again(data_dir: Path) -> None:
    unfinished = data_dir / "postgres-18.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    with keep.kept(data_dir, database=True, broker=False, say=str) as servers:
        psycopg.connect(servers.env["DATABASE_URL"]).close()


def test_a_throwaway_leaves_nothing_and_sweeps_up_after_a_killed_one() -> None:
    with throwaway() as first:
        folder = Path(first["BROKER_URL"].removeprefix("redis+socket://")).parent
        left = folder.with_name(f"{folder.name}-left")
        left.mkdir()
        (left / "lock").touch()
        with held(left / "lock"), throwaway():
            assert left.exists(), "whoever still holds its lock keeps its folder"
        with throwaway():
            assert not left.exists()
    assert not folder.exists()


def test_what_forgets_lies_in_memory_where_there_is_room_and_what_endures_on_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "SHARED_MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 1)
    assert memory.in_memory() == tmp_path
    monkeypatch.setattr(memory, "ROOM", 1 << 60)
    assert memory.in_memory() == memory.on_disk()
    monkeypatch.setattr(memory, "SHARED_MEMORY", tmp_path / "missing")
    assert memory.in_memory() == memory.on_disk()


def test_a_socket_folder_that_somebody_else_planted_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: str(tmp_path))
    with places.socket_folder(tmp_path / "data") as folder:
        name = folder.name
    os.symlink("/", tmp_path / name)
    with pytest.raises(SystemExit, match="belongs to somebody else"), places.socket_folder(tmp_path / "data"):
        pass


def test_many_who_start_and_sweep_at_once_keep_their_folders() -> None:
    with ThreadPoolExecutor(8) as pool, ExitStack() as stack:
        folders = list(pool.map(lambda _: stack.enter_context(folder_of_our_own()), range(40)))
        assert all((folder / "lock").exists() for folder in folders)
    assert not any(folder.exists() for folder in folders)
