"""Planted faults of certificates and stars: what keeps a numbered paper as it was issued, and two people behind a bar."""

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
        Rewrite("activities_keep_certificate", "IF OLD.revoked_at IS NULL THEN", "IF true THEN"),
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
)  # fmt: skip
