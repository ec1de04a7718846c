"""Planted faults of watching: reports and incidents that stay as they were written."""

from tests.mutants.fault import Sql, fault

AUDIT = "childcare/watching/test_audit.py"

WATCHED = (
    fault(
        "audit_report_rewritten", "a report stays (trigger `keep_report`)", "no trigger",
        f"{AUDIT}::test_a_report_is_noted_once_by_the_street_and_stays", Sql("DROP TRIGGER keep_report ON childcare_auditreport"),
    ),
    fault(
        "incident_rewritten", "an incident stays (trigger `keep_incident`)", "no trigger",
        f"{AUDIT}::test_an_incident_is_told_and_reported_once_each", Sql("DROP TRIGGER keep_incident ON childcare_incident"),
    ),
)  # fmt: skip
