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
from tests.processes import alive, descendants, environment
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


@pytest.mark.heavy
def test_the_house_serves_leaves_nobody_after_kill_9_and_finds_its_data_again(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as a checkout is, so that root's PostgreSQL account may enter
        first = live(Path(folder) / "data", tmp_path / "first.log", signal.SIGKILL)
        second = live(Path(folder) / "data", tmp_path / "second.log", signal.SIGTERM)
    assert "Applying points" in first
    assert "Applying" not in second


def live(data_dir: Path, log: Path, last: signal.Signals) -> str:
    """Start the house, look at it, end it with `last`; what it said."""
    house = start(data_dir, log)
    try:
        wait_until(lambda: last_words(house, log), lambda: read(log), patience=240)
        family = descendants(house.pid)
        assert len(family) >= 8  # postgres, valkey, web and its two, worker and its two, beat
        assert not [pid for pid in family if "\0DATABASE_OWNER_URL=" in environment(pid)]
    finally:
        house.send_signal(last)
        code = house.wait(30)
    wait_until(lambda: "" if any(map(alive, family)) else "gone")
    assert code == (0 if last == signal.SIGTERM else -last)
    return read(log)


def start(data_dir: Path, log: Path) -> "subprocess.Popen[bytes]":
    mine = {name: word for name, word in os.environ.items() if not name.startswith(("DATABASE_", "BROKER_", "DEMO"))}
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "config.up"],
            env=mine | {"PORT": str(free_port()), "DATA_DIR": str(data_dir)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def last_words(house: "subprocess.Popen[bytes]", log: Path) -> str:
    """The lines that end a start; fails at once when the house has ended instead."""
    assert house.poll() is None, read(log)
    said = read(log)
    return said if "登录 | " in said and "\n打开 | http://127.0.0.1:" in said else ""


def read(log: Path) -> str:
    return log.read_text(errors="replace")
