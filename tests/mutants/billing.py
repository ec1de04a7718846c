"""Planted faults of bills: what keeps a confirmed bill, its lines, its points and its receipts as they are."""

from tests.mutants.fault import Rewrite, Sql, fault

FROZEN = "childcare/billing/test_frozen.py"
REFUNDS = "childcare/billing/test_late.py::test_sql_pays_out_no_more_than_is_left_and_changes_no_refund"
POINTS = "childcare/billing/test_points_back.py::test_sql_gives_back_no_more_points_than_were_used_for_the_bill"
SQL = f"{FROZEN}::test_sql_changes_nothing_of_a_confirmed_bill"

BILLED = (
    fault("care_bill_thawed", "a confirmed bill refuses change (trigger `keep_bill`)", "no trigger", SQL, Sql("DROP TRIGGER keep_bill ON childcare_bill")),
    fault("care_lines_thawed", "nor do its lines change (trigger `keep_line`)", "no trigger", SQL, Sql("DROP TRIGGER keep_line ON childcare_billline")),
    fault("care_offset_thawed", "an offset says what it said (trigger `keep_offset`)", "no trigger", SQL, Sql("DROP TRIGGER keep_offset ON childcare_offset")),
    fault("care_receipt_thawed", "a receipt says what it said (trigger `keep_payment`)", "no trigger", SQL, Sql("DROP TRIGGER keep_payment ON childcare_payment")),
    fault(
        "care_correction_thawed", "an approved correction says what it said (trigger `keep_adjustment`)", "no trigger", SQL,
        Sql("DROP TRIGGER keep_adjustment ON childcare_billadjustment"),
    ),
    fault(
        "care_bill_untied", "a bill is confirmed only as its lines say (function `childcare_bill_ties`)", "not asked",
        f"{FROZEN}::test_a_bill_that_does_not_say_what_its_lines_say_is_not_confirmed",
        Rewrite("childcare_keep_bill", "AND NOT childcare_bill_ties(NEW)", "AND false"),
    ),
    fault(
        "care_overpaid", "no more is paid than is due", "not asked", SQL,
        Rewrite("childcare_keep_payment", "AND childcare_paid(b.id) + NEW.amount_cents <= b.due_cents", ""),
    ),
    fault(
        "care_refund_thawed", "what was paid back says what it said, and is approved (trigger `keep_refund`)", "no trigger", REFUNDS,
        Sql("DROP TRIGGER keep_refund ON childcare_refund"),
    ),
    fault(
        "care_credit_twice", "no more of a correction is taken in and paid out than was approved (`childcare_has_left`)", "not asked", REFUNDS,
        Rewrite("childcare_has_left", "<= v_all", "IS NOT NULL"),
    ),
    fault(
        "care_points_cashed", "of a bill no more goes out than was paid in money (trigger `keep_refund`)", "not asked",
        "childcare/billing/test_late.py::test_points_never_come_back_as_money",
        Rewrite("childcare_keep_refund", "v_bill.paid_cents < NEW.amount_cents + v_back.cents", "false"),
    ),
    fault(
        "care_points_twice", "nor do more points come back than were used for it (trigger `keep_refund`)", "not asked", POINTS,
        Rewrite("childcare_keep_refund", "v_bill.points < NEW.points + v_back.points", "false"),
    ),
    fault(
        "care_points_priced_anew", "a point that comes back settles what it had paid (trigger `keep_refund`)", "not asked", POINTS,
        Rewrite("childcare_keep_refund", "NEW.offset_cents * v_bill.points <> NEW.points * v_bill.offset_cents", "false"),
    ),
    fault(
        "care_points_to_nobody", "no points come back to a closed file (trigger `keep_refund`)", "not asked", POINTS,
        Rewrite("childcare_keep_refund", "NEW.points > 0 AND EXISTS", "false AND EXISTS"),
    ),
    fault(
        "care_points_unbooked", "points come back by an entry (CHECK `care_refund_points`)", "dropped", POINTS,
        Sql("ALTER TABLE childcare_refund DROP CONSTRAINT care_refund_points"),
    ),
    fault(
        "care_reduced_by_nothing", "a reduced bill has evidence and a sealed split (CHECK `care_bill_reduction`)", "dropped",
        "childcare/billing/test_secret.py::test_a_reduced_bill_has_evidence_and_a_split_and_no_other_has",
        Sql("ALTER TABLE childcare_bill DROP CONSTRAINT care_bill_reduction"),
    ),
    fault(
        "care_two_offsets", "one offset stands for a bill (constraint `care_offset_once`)", "no constraint",
        "childcare/billing/test_offsetting.py::test_of_two_offsets_one_stands_for_a_bill", Sql("DROP INDEX care_offset_once"),
    ),
)  # fmt: skip
