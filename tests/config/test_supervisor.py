"""The house's supervisor: lines are prefixed, an ended child is noticed, and nobody is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.supervisor import ChildEnded, Stopped, Supervisor
from tests.processes import alive
from tests.worker import wait_until

PYTHON = sys.executable
SLEEP = [PYTHON, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    PYTHON,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
POLITE = """
import os, signal, sys, time
def go(*_):  # not print: the signal may come in the middle of one
    os.write(1, f"{sys.argv[1]} goes\\n".encode())
    sys.exit()
signal.signal(signal.SIGTERM, go)
print("up", flush=True)
time.sleep(60)
"""
ENV = dict(os.environ)


@pytest.fixture
def house() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop(grace=0)


def test_each_line_carries_the_name_of_its_child(house: Supervisor, capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []
    house.step("demo", [PYTHON, "-c", r"print('一\n二'); print('no newline', end='')"], ENV, heard.append)
    assert heard == ["一", "二", "no newline"]
    assert [line.split("s ", 1)[1].strip() for line in capsys.readouterr().out.splitlines()] == [
        "demo | 一",
        "demo | 二",
        "demo | no newline",
    ]


def test_a_failed_step_says_which_and_with_what_code(house: Supervisor) -> None:
    with pytest.raises(ChildEnded, match="migrate failed with code 3"):
        house.step("migrate", [PYTHON, "-c", "raise SystemExit(3)"], ENV)


def test_a_service_that_ends_is_noticed(house: Supervisor) -> None:
    house.serve("web", SLEEP, ENV)
    house.serve("worker", [PYTHON, "-c", "raise SystemExit(7)"], ENV)
    with pytest.raises(ChildEnded, match="worker ended with code 7"):
        house.wait(lambda: False, patience=20)


def test_the_last_words_of_an_ended_service_are_heard(house: Supervisor, capsys: pytest.CaptureFixture[str]) -> None:
    house.serve("worker", [PYTHON, "-c", "print('last words')"], ENV).process.wait()
    house.stop()
    assert "last words" in capsys.readouterr().out


def test_a_request_to_stop_interrupts_a_step_and_ends_it(house: Supervisor) -> None:
    def stop(line: str) -> None:
        house.ask_to_stop(signal.SIGTERM, None)

    with pytest.raises(Stopped):
        house.step("demo", SLEEP, ENV, stop)


def test_services_stop_one_after_the_other_the_last_started_first(house: Supervisor) -> None:
    up: list[str] = []
    for name in ("web", "worker", "beat"):
        house.serve(name, [PYTHON, "-c", POLITE, name], ENV, up.append)
    assert house.wait(lambda: len(up) == 3, patience=20)
    house.stop()
    assert up[3:] == ["beat goes", "worker goes", "web goes"]


def test_a_stubborn_service_is_killed(house: Supervisor) -> None:
    up: list[str] = []
    child = house.serve("worker", STUBBORN, ENV, up.append)
    assert house.wait(lambda: bool(up), patience=20)
    house.stop(grace=0.3)
    assert child.process.returncode == -signal.SIGKILL


def test_killing_the_supervisor_leaves_no_child_on_linux(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = f"""
import os, sys
from pathlib import Path
from config.supervisor import Supervisor
house = Supervisor()
child = house.serve("web", {SLEEP!r}, dict(os.environ))
Path({str(note)!r}).write_text(str(child.process.pid))
house.wait(lambda: False)
"""
    supervisor = subprocess.Popen([PYTHON, "-c", program], stdout=subprocess.DEVNULL)
    pid = int(wait_until(lambda: note.read_text() if note.exists() else ""))
    assert alive(pid)
    supervisor.kill()
    supervisor.wait()
    end = time.monotonic() + 5
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    # PDEATHSIG is Linux's; elsewhere the next start stops what is left (config/embedded/lock.py).
    assert alive(pid) == (not sys.platform.startswith("linux"))
