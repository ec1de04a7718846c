"""Planted faults of evidence: what keeps two people apart, a picture short-lived, and a record as it was seen."""

from tests.mutants.fault import Sql, fault

DECIDING, RECORDING = "communities/hardship/test_deciding.py", "communities/hardship/test_recording.py"
PICTURE = f"{RECORDING}::test_the_picture_is_sealed_and_waits_for_the_reviewer"

RELIEVED = (
    fault(
        "evidence_two_people", "CHECK `evidence_two_people`", "dropped", f"{DECIDING}::test_the_database_keeps_the_two_people_apart",
        Sql("ALTER TABLE communities_evidence DROP CONSTRAINT evidence_two_people"),
    ),
    fault(
        "evidence_rewritten", "what was seen is never changed (trigger `guard_evidence`)", "no trigger",
        f"{RECORDING}::test_what_was_seen_is_never_changed", Sql("DROP TRIGGER guard_evidence ON communities_evidence"),
    ),
    fault(
        "evidence_picture_kept", "the picture goes with the decision (trigger `drop_image`)", "no trigger", PICTURE,
        Sql("DROP TRIGGER drop_image ON communities_evidence"),
    ),
    fault(
        "evidence_picture_late", "no picture comes after the decision (trigger `guard_image`)", "no trigger", PICTURE,
        Sql("DROP TRIGGER guard_image ON communities_evidenceimage"),
    ),
)  # fmt: skip
