"""Planted faults of agreements: what keeps a signed text as it was signed."""

from tests.mutants.fault import Rewrite, Sql, fault

VERIFYING, TEMPLATES = "partners/agreements/test_verifying.py", "partners/agreements/test_templates.py"
PATHS = f"{VERIFYING}::test_every_path_of_the_application_is_refused"
RAW = f"{VERIFYING}::test_nobody_signs_for_both_or_another_text_in_raw_sql"

AGREED = (
    fault(
        "agreement_thawed", "a signed agreement refuses change (`partners_keep_agreement`)", "not looked at", PATHS,
        Rewrite("partners_keep_agreement", "IF to_jsonb(NEW) - v_end", "IF false AND to_jsonb(NEW) - v_end"),
    ),
    fault(
        "promises_thawed", "nor do its promises change (trigger `keep_terms`)", "no trigger", PATHS,
        Sql("DROP TRIGGER keep_terms ON partners_promise"),
    ),
    fault(
        "annexes_thawed", "nor its annexes (trigger `keep_terms`)", "no trigger", PATHS,
        Sql("DROP TRIGGER keep_terms ON partners_attachment"),
    ),
    fault(
        "signature_forged", "a signature never changes (trigger `never_changed`)", "no trigger", PATHS,
        Sql("DROP TRIGGER never_changed ON partners_signature"),
    ),
    fault(
        "signed_alone", "an agreement that was sent is signed by two (`partners_keep_agreement`)", "not counted", RAW,
        Rewrite("partners_keep_agreement", "NEW.sent_at IS NOT NULL AND 2 >", "NEW.sent_at IS NOT NULL AND 0 >"),
    ),
    fault(
        "signed_another_text", "a signature is under the text that was sent (trigger `sign`)", "no trigger", RAW,
        Sql("DROP TRIGGER sign ON partners_signature"),
    ),
    fault(
        "called_back_signed", "what bears a signature is not called back (`partners_keep_agreement`)", "not looked at", RAW,
        Rewrite("partners_keep_agreement", "EXISTS (SELECT FROM partners_signature s WHERE s.agreement_id = OLD.id)", "false"),
    ),
    fault(
        "template_thawed", "an approved text refuses change (trigger `never_changed`)", "no trigger",
        f"{TEMPLATES}::test_the_newest_approved_version_is_drafted_from", Sql("DROP TRIGGER never_changed ON partners_template"),
    ),
)  # fmt: skip
