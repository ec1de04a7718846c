"""Planted faults of using vouchers: what keeps one use of one voucher, as it was."""

from tests.mutants.fault import Rewrite, Sql, fault

PROMISES = "partners/vouchers/test_promises.py"

USED = (
    fault(
        "redeemed_once", "unique index `redeemed_once`", "dropped", f"{PROMISES}::test_a_voucher_has_one_use_that_stands",
        Sql("DROP INDEX redeemed_once"),
    ),
    fault(
        "use_stands", "a use stands as it was (trigger `keep_redemption`)", "no trigger",
        f"{PROMISES}::test_a_use_is_neither_changed_nor_deleted", Sql("DROP TRIGGER keep_redemption ON partners_redemption"),
    ),
    fault(
        "voucher_ways", "a voucher goes from one state to the next (`partners_count_voucher`)", "any way",
        f"{PROMISES}::test_a_voucher_goes_its_way_and_no_other",
        Rewrite("partners_count_voucher", "NEW.status <> OLD.status AND (OLD.status, NEW.status)", "false AND (OLD.status, NEW.status)"),
    ),
    fault(
        "clerk_slot_once", "unique index `clerk_slot_once`", "dropped", f"{PROMISES}::test_a_shop_has_one_owner_and_five_phones",
        Sql("DROP INDEX clerk_slot_once"),
    ),
    fault(
        "clerk_slots", "CHECK `clerk_slots`", "dropped", f"{PROMISES}::test_a_shop_has_one_owner_and_five_phones",
        Sql("ALTER TABLE partners_clerk DROP CONSTRAINT clerk_slots"),
    ),
)  # fmt: skip
