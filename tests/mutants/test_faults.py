"""The faults do not rot: each can still be planted, its test is there, and the README shows them all. (`make mutants` runs them.)"""

import ast
import re
from operator import attrgetter

import pytest
from django.db import transaction

from scripts.house.files import ROOT
from tests.database import as_owner
from tests.mutants.fault import Fault, Rewrite, Stale
from tests.mutants.faults import FAULTS
from tests.mutants.readme import block, table
from tests.mutants.running import ERROR, KILLED, SURVIVED, Report, judge

PASSED, SAID = Report("t", "call", "passed", "", False), "AssertionError: assert 40 == 30"


@pytest.mark.django_db(transaction=True)
def test_every_fault_can_still_be_planted() -> None:
    with as_owner() as owner:
        for fault in FAULTS:
            with transaction.atomic(), owner.cursor() as cursor:
                fault.plant(cursor)
                transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("old", ["no such text", "v_out"], ids=["missing", "several times"])
def test_a_text_that_is_not_there_once_is_said_so(old: str) -> None:
    with as_owner() as owner, owner.cursor() as cursor, pytest.raises(Stale, match=re.escape(old)):
        Rewrite("books.move", old, "").plant(cursor)


@pytest.mark.parametrize("fault", FAULTS, ids=attrgetter("name"))
def test_the_named_test_is_there(fault: Fault) -> None:
    path, _, name = fault.node.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_no_two_faults_have_one_name() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names)) >= 20


def test_the_readme_shows_them_all() -> None:
    assert block() == table(), "out of date: python -m tests.mutants --write"


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (Report("t", "call", "failed", SAID, True), KILLED),
        (Report("t", "teardown", "failed", SAID, True), KILLED),
        (Report("t", "setup", "failed", SAID, True), ERROR),
        (Report("t", "call", "failed", "OperationalError: gone", False), ERROR),
        (PASSED, SURVIVED),
    ],
)
def test_only_what_a_sound_test_denies_is_killed(report: Report, verdict: str) -> None:
    assert judge([PASSED, report], "")[0] == verdict


def test_a_run_that_came_to_nothing_proves_nothing() -> None:
    assert judge([], "no tests ran")[0] == ERROR
