"""Planted faults of enrolment: health without its consent, and what was decided coming back."""

from tests.mutants.fault import Rewrite, Sql, fault

DECIDING = "childcare/enrolment/test_deciding.py"
RAW = f"{DECIDING}::test_no_path_of_the_database_goes_round_the_verbs"

ENROLLED = (
    fault(
        "care_health_agreed", "health stands under its own consent (`childcare_keep_health`)", "not looked at", RAW,
        Sql("DROP TRIGGER keep_health ON childcare_carefile"),
    ),
    fault(
        "care_enrolment_stands", "a decided enrolment stays as it is (`childcare_keep_enrolment`)", "not looked at", RAW,
        Rewrite("childcare_keep_enrolment", "OLD.status NOT IN ('draft', 'submitted') AND NEW", "false AND NEW"),
    ),
    fault(
        "care_enrolment_handed_in", "nothing is decided that was not handed in (`childcare_keep_enrolment`)", "anything is", RAW,
        Rewrite("childcare_keep_enrolment", "NEW.status IN ('accepted', 'declined') AND OLD.status = 'draft'", "false"),
    ),
)  # fmt: skip
