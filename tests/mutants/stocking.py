"""Planted faults of the stock book: what keeps goods two people's business, and what expires out of anybody's hands."""

from tests.mutants.fault import Rewrite, Sql, fault

ACCEPTING, BATCHES, COUNTING = (f"partners/stock/test_{name}.py" for name in ("accepting", "batches", "counting"))
RAW = f"{ACCEPTING}::test_raw_sql_writes_no_stock_past_the_second_person"

STOCKED = (
    fault(
        "slip_two_people", "CHECK `slip_two_people`", "dropped", RAW,
        Sql("ALTER TABLE partners_stockslip DROP CONSTRAINT slip_two_people"),
    ),
    fault(
        "batch_remaining", "CHECK `batch_remaining`", "dropped",
        f"{ACCEPTING}::test_two_slips_do_not_take_the_same_piece",
        Sql("ALTER TABLE partners_stockslip DROP CONSTRAINT batch_remaining"),
    ),
    fault(
        "slip_waits", "a slip begins by waiting (`partners_keep_slip`)", "any beginning", RAW,
        Rewrite("partners_keep_slip", "NEW.status <> 'waiting' OR NEW.kind = 'opening' OR NEW", "NEW"),
    ),
    fault(
        "slip_stands", "a settled slip stays as it is (`partners_keep_slip`)", "not looked at", RAW,
        Rewrite("partners_keep_slip", "OR OLD.status <> 'waiting' AND", "OR false AND"),
    ),
    fault(
        "slip_counted", "nobody but the triggers counts a batch (`partners_keep_slip`)", "anybody does", RAW,
        Rewrite("partners_keep_slip", "NEW.remaining := OLD.remaining;", "NULL;"),
    ),
    fault(
        "line_without_slip", "a line of the stock book has an accepted slip (`partners_count_stock`)", "any slip", RAW,
        Rewrite("partners_count_stock", "s.id = NEW.slip_id AND s.status = 'accepted'", "s.id = NEW.slip_id"),
    ),
    fault(
        "past_promised", "nothing past its date is promised (`partners_count_taken`)", "not looked at",
        f"{BATCHES}::test_the_last_good_one_is_promised_once",
        Rewrite("partners_count_taken", "IF v_left < (SELECT", "IF v_left + 1000 < (SELECT"),
    ),
    fault(
        "past_handed", "nothing past its date is handed out (`partners_draw_batch`)", "not looked at",
        f"{BATCHES}::test_what_is_past_its_date_is_not_handed_out",
        Rewrite("partners_draw_batch", "(best_before IS NULL OR best_before >=", "(true OR best_before >="),
    ),
    fault(
        "batch_moved", "an exchange stays of its batch (`partners_draw_batch`)", "no trigger",
        f"{BATCHES}::test_raw_sql_moves_no_exchange_to_another_batch", Sql("DROP TRIGGER draw_batch ON partners_exchange"),
    ),
    fault(
        "household_once", "unique `exchange_household_once`", "dropped",
        f"{BATCHES}::test_a_household_whose_phones_tap_in_the_same_moment_gets_one",
        Sql("DROP INDEX exchange_household_once"),
    ),
    fault(
        "count_stands", "a settled count stays as it is (trigger `keep_count`)", "no trigger",
        f"{COUNTING}::test_a_settled_count_stands_as_it_was", Sql("DROP TRIGGER keep_count ON partners_stockcount"),
    ),
    fault(
        "count_two_people", "CHECK `count_two_people`", "dropped",
        f"{COUNTING}::test_the_database_itself_wants_two_people",
        Sql("ALTER TABLE partners_stockcount DROP CONSTRAINT count_two_people"),
    ),
)  # fmt: skip
