"""`make run` refuses plainly what cannot work, before it starts anything."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config import up
from config.embedded.lock import held
from config.embedded.secret import kept_secret
from config.supervisor import Supervisor
from tests.server import free_port
from tests.worker import wait_until

URL = "postgresql://app:x@/x"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"DATABASE_URL": URL}, "together"),
        ({"DATABASE_OWNER_URL": URL}, "together"),
        ({"PORT": "eighty"}, "PORT must be a number"),
        ({"PORT": "0"}, "PORT must be a number"),
        ({"PORT": "70000"}, "PORT must be a number"),
        ({"PORT": "８０００"}, "PORT must be a number"),
        ({"BIND": "0.0.0.0"}, "The demo signs anyone in"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(env: dict[str, str], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        up.plan(env)


def test_without_the_demo_another_address_may_be_served() -> None:
    assert up.plan({"BIND": "0.0.0.0", "DEMO": "0"}).address == "http://127.0.0.1:8000/"
    assert up.plan({"BIND": "::1", "PORT": "81"}).address == "http://[::1]:81/"


def test_a_busy_port_is_refused_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "PORT_PATIENCE", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} on 127.0.0.1 is in use"):
            up.refuse_busy_port(up.plan({"PORT": str(port), "DATA_DIR": str(tmp_path / "data")}), Supervisor())
    assert not (tmp_path / "data").exists()


def test_two_houses_do_not_share_a_data_dir(tmp_path: Path) -> None:
    asked = up.plan({"DATA_DIR": str(tmp_path)})
    with (
        held(tmp_path / "lock"),
        pytest.raises(SystemExit, match="Another `make run` uses"),
        up.data_dir_of_our_own(asked),
    ):
        pass
    with up.data_dir_of_our_own(asked):
        pass


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret-key")
    assert kept_secret(tmp_path / "secret-key") == first
    assert len(first) == 64
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_children_never_see_more_than_they_need(tmp_path: Path) -> None:
    """The supervisor keeps the owner's address from web, worker and beat (see serve)."""
    env = up.surroundings(up.plan({"DATA_DIR": str(tmp_path), "PORT": "81"}), {"LOG_FORMAT": "json", "DEMO": "1"})
    assert env["SITE_URL"] == "http://127.0.0.1:81"
    assert env["LOG_FORMAT"] == "json"
    assert "DATABASE_OWNER_URL" not in env


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_whole_house_starts_serves_keeps_its_data_and_leaves_nobody_after_kill_9(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as a checkout is, so that root's PostgreSQL account may enter
        live_twice(Path(folder) / "data", tmp_path)


def live_twice(data_dir: Path, logs: Path) -> None:
    """Start, look, end with kill -9; start again on the same data, look, end with SIGTERM."""
    port = free_port()
    for last in (signal.SIGKILL, signal.SIGTERM):
        log = logs / f"{last}.log"
        house = start(data_dir, port, log)
        try:
            said = wait_until(
                lambda log=log: read(log) if "打开 | " in read(log) else "", lambda log=log: read(log), 120
            )
            assert "登录 | " in said
            family = descendants(house.pid)
            assert len(family) >= 8  # postgres and its own, valkey, web and its two, worker and its two, beat
            assert not [pid for pid in family if b"DATABASE_OWNER_URL" in surroundings_of(pid)]
        finally:
            house.send_signal(last)
            code = house.wait(30)
        wait_until(lambda family=family: "" if any(Path(f"/proc/{pid}").exists() for pid in family) else "gone")
        assert code == (0 if last == signal.SIGTERM else -signal.SIGKILL)
    assert "Applying" not in read(logs / f"{signal.SIGTERM}.log"), "the second start found everything in place"


def start(data_dir: Path, port: int, log: Path) -> "subprocess.Popen[bytes]":
    mine = {name: word for name, word in os.environ.items() if not name.startswith(("DATABASE_", "BROKER_", "DEMO"))}
    env = mine | {"PORT": str(port), "DATA_DIR": str(data_dir)}
    with log.open("wb") as output:
        return subprocess.Popen([sys.executable, "-m", "config.up"], env=env, stdout=output, stderr=subprocess.STDOUT)


def read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def descendants(pid: int) -> list[int]:
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found += [child, *descendants(child)]
    return found


def surroundings_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, PermissionError):
        return b""
