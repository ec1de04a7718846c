"""Running named tests on a prepared database, and reading how they ended."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import TimeoutExpired

from config.embedded.process import finish, spawn
from scripts.house.files import ROOT
from tests.mutants.databases import Copy, owner
from tests.mutants.fault import Fault, Stale

PYTEST = (sys.executable, "-m", "pytest", "-q", "--reuse-db", "-p", "tests.mutants.verdict", "-p", "no:cacheprovider")
PATIENCE = 120.0
KILLED, SURVIVED, ERROR = "killed", "SURVIVED", "ERROR"


@dataclass(frozen=True)
class Result:
    """`seconds` is how long the test took to say so, its process included."""

    name: str
    test: str
    verdict: str
    seconds: float
    said: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class Report:
    """One phase of one test, as tests/mutants/verdict.py writes it down."""

    test: str
    phase: str
    outcome: str
    said: str
    asserted: bool


def run(copy: Copy, nodes: Sequence[str]) -> tuple[list[Report], str]:
    """What became of each test, and what pytest printed. No reports: it did not come so far."""
    with tempfile.TemporaryDirectory() as folder:
        verdict, log = Path(folder) / "verdict.json", Path(folder) / "log"
        with log.open("wb") as output:
            environment = os.environ | copy.environment() | {"MUTANT_VERDICT": str(verdict)}
            process = spawn([*PYTEST, *nodes], cwd=ROOT, env=environment, output=output)
            try:
                process.wait(PATIENCE)
            except TimeoutExpired:
                return [], f"did not end in {PATIENCE:.0f} s\n{log.read_text(errors='replace')}"
            finally:
                finish(process)
        found = json.loads(verdict.read_text()) if verdict.exists() else []
        return [Report(**report) for report in found], log.read_text(errors="replace")


def judge(reports: Sequence[Report], log: str) -> tuple[str, str]:
    """Killed is only what a test that was set up well denies by an assertion, in its body or in a check after it."""
    failed = [report for report in reports if report.outcome == "failed"]
    denied = [report for report in failed if report.phase != "setup" and report.asserted]
    if any(report.phase == "setup" for report in failed) or not reports or (failed and not denied):
        return ERROR, failed[0].said if failed else log[-1500:]
    return (KILLED, denied[0].said) if denied else (SURVIVED, "")


def attempt(fault: Fault, number: int) -> Result:
    """Plant one fault in a copy of the template and run its test."""
    began = time.monotonic()
    with Copy(f"mutant_{number}") as copy:
        try:
            with owner(copy.database) as connection, connection.transaction(), connection.cursor() as cursor:
                fault.plant(cursor)
        except Stale as stale:
            verdict, said = ERROR, str(stale)
        else:
            verdict, said = judge(*run(copy, [fault.node]))
    return Result(fault.name, fault.test, verdict, round(time.monotonic() - began, 1), said)


def control(nodes: Sequence[str], number: int) -> Result:
    """Every named test on an unspoiled copy: all of them have to pass."""
    began = time.monotonic()
    with Copy(f"control_{number}") as copy:
        reports, log = run(copy, nodes)
    bad = [f"{report.test} ({report.phase}): {report.said}" for report in reports if report.outcome != "passed"]
    seconds = round(time.monotonic() - began, 1)
    verdict = ERROR if bad or not reports else "green"
    return Result(
        f"control {number}", f"{len(nodes)} tests", verdict, seconds, "\n".join(bad) or (log if not reports else "")
    )
