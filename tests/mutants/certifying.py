"""Planted faults of activities, certificates and stars: what was announced and issued stays, and two people behind a bar."""

from tests.mutants.fault import Rewrite, Sql, fault

CERTIFICATES = "activities/test_certificates.py"

CERTIFIED = (
    fault(
        "paper_changed", "a certificate stays as it was issued (trigger `keep_certificate`)", "no trigger",
        f"{CERTIFICATES}::test_the_database_keeps_it_as_it_was_issued",
        Sql("DROP TRIGGER keep_certificate ON activities_certificate"),
    ),
    fault(
        "emptied_by_half", "a certificate is emptied whole or not at all (`activities_keep_certificate`)", "the name alone may go",
        f"{CERTIFICATES}::test_the_database_keeps_it_as_it_was_issued",
        Rewrite("activities_keep_certificate", " AND NEW.volunteer_number = '' AND NEW.remarks = '' AND NEW.lines = '[]'", ""),
    ),
    fault(
        "revoked_twice", "what was revoked stays revoked as it was (`activities_keep_certificate`)", "may be revoked anew",
        f"{CERTIFICATES}::test_the_database_deletes_none_and_revokes_once",
        Rewrite("activities_keep_certificate", "v_same IS DISTINCT FROM OLD", "v_same IS DISTINCT FROM OLD AND OLD.revoked_at IS NULL"),
    ),
    fault(
        "serial_twice", "unique `certificate_serial`", "dropped",
        f"{CERTIFICATES}::test_no_number_is_given_twice_whatever_the_code",
        Sql("ALTER TABLE activities_certificate DROP CONSTRAINT certificate_serial"),
    ),
    fault(
        "barred_by_one", "CHECK `star_bar_two_people`", "dropped",
        "activities/test_barring.py::test_the_database_itself_wants_two_people_and_a_reason",
        Sql("ALTER TABLE activities_starbar DROP CONSTRAINT star_bar_two_people"),
    ),
    fault(
        "announced_otherwise", "what was announced stays the kind that it was (trigger `keep_kind`)", "no trigger",
        "activities/test_fraud.py::test_a_meeting_does_not_become_service_afterwards",
        Sql("DROP TRIGGER keep_kind ON activities_activity"),
    ),
    fault(
        "uninsured", "CHECK `activity_danger_insured`", "dropped",
        "activities/test_planning.py::test_danger_is_not_announced_uninsured_or_for_the_young_by_raw_sql_either",
        Sql("ALTER TABLE activities_activity DROP CONSTRAINT activity_danger_insured"),
    ),
)  # fmt: skip
