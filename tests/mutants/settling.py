"""Planted faults of settling: what keeps a statement as both sides signed it."""

from tests.mutants.fault import Sql, fault

SIGNING = "partners/settling/test_signing.py"
FROZEN = f"{SIGNING}::test_a_frozen_statement_refuses_change_on_every_path"

SETTLED = (
    fault(
        "statement_thawed", "a frozen statement refuses change (trigger `keep_statement`)", "no trigger", FROZEN,
        Sql("DROP TRIGGER keep_statement ON partners_statement"),
    ),
    fault(
        "lines_thawed", "nor do its lines change (trigger `keep_line`)", "no trigger", FROZEN,
        Sql("DROP TRIGGER keep_line ON partners_statementline"),
    ),
    fault(
        "correction_thawed", "an approved correction stays as it is and where it stands (trigger `keep_correction`)", "no trigger",
        f"{SIGNING}::test_an_approved_correction_stays_as_it_is_and_where_it_stands",
        Sql("DROP TRIGGER keep_correction ON partners_correction"),
    ),
)  # fmt: skip
