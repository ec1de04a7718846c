"""pytest plugin (`-p tests.mutants.verdict`): says of each test and phase how it ended, and whether it was an assertion."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

REPORTS: list[dict[str, object]] = []


def asserted(error: BaseException) -> bool:
    """The test itself said no: `assert`, `pytest.raises` that saw nothing raised, or a group of these."""
    if isinstance(error, BaseExceptionGroup):
        return all(asserted(part) for part in error.exceptions)
    return isinstance(error, AssertionError | pytest.fail.Exception)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    error = call.excinfo.value if call.excinfo else None
    said = "" if error is None else f"{type(error).__name__}: {error}"
    REPORTS.append({
        "test": item.nodeid, "phase": report.when, "outcome": report.outcome, "said": said,
        "asserted": error is not None and asserted(error),
    })  # fmt: skip
    return report


def pytest_sessionfinish() -> None:
    Path(os.environ["MUTANT_VERDICT"]).write_text(json.dumps(REPORTS))
