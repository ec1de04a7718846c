"""Every planted fault. A guard without a line here is one that nobody has seen missing."""

from tests.mutants.agreeing import AGREED
from tests.mutants.caring import CARED
from tests.mutants.certifying import CERTIFIED
from tests.mutants.fault import Fault, Rewrite, Sql, fault
from tests.mutants.lining import LINES
from tests.mutants.moving import MOVES
from tests.mutants.obliging import OBLIGED
from tests.mutants.placing import PLACED
from tests.mutants.redeeming import USED
from tests.mutants.settling import SETTLED
from tests.mutants.stocking import STOCKED
from tests.mutants.watching import WATCHED

LEDGER, REVERSALS, CAPS = "points/test_ledger.py", "points/test_reversals.py", "points/test_caps.py"
GUARDS, GRANTS, PURSE = "points/test_guards.py", "points/test_grants.py", "points/test_purse.py"
OWING, FOLDING = "points/test_owing.py", "points/test_folding.py"
CONSTRAINTS = "points/test_constraints.py::test_each_constraint_of_the_books_refuses_what_it_is_for"


def dropped(table: str, constraint: str, test: str, kind: str = "CHECK") -> Fault:
    statement = Sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    return fault(constraint, f"{kind} `{constraint}`", "dropped", test, statement)


CONSTRAINTS_GONE = (
    dropped("points_account", "wallet_never_below_zero", CONSTRAINTS),
    dropped("points_lot", "lot_remaining", CONSTRAINTS),
    dropped("points_posting", "posting_amount", CONSTRAINTS),
    dropped("points_debt", "debt_remaining", CONSTRAINTS),
    dropped("points_entry", "entry_says_why", f"{LEDGER}::test_every_entry_says_who_and_why"),
    dropped("points_entry", "entry_key", f"{LEDGER}::test_the_same_key_books_once_and_gives_the_first_entry_back", "unique"),
    dropped("points_entry", "points_entry_reverses_id_key", f"{OWING}::test_taking_back_twice_owes_once", "unique"),
    dropped("points_adjustment", "adjustment_two_people", "points/test_adjusting.py::test_the_database_itself_wants_two_people"),
    fault(
        "take_back_once", "unique index `take_back_once`", "dropped",
        "points/test_adjusting.py::test_the_unique_constraint_says_the_same", Sql("DROP INDEX take_back_once"),
    ),
    dropped("nightschool_course", "course_seats", "nightschool/test_seats.py::test_a_course_does_not_shrink_below_who_is_in_it"),
    dropped("partners_gift", "gift_stock", "partners/stock/test_accepting.py::test_what_is_broken_leaves_its_batch_when_a_second_person_agrees"),
)  # fmt: skip

RIGHTS = (
    fault(
        "append_only", "trigger `append_only`", "dropped from the postings",
        f"{GRANTS}::test_the_triggers_refuse_even_the_owner", Sql("DROP TRIGGER append_only ON points_posting"),
    ),
    fault(
        "no_truncate", "trigger `no_truncate`", "dropped from the entries",
        f"{GRANTS}::test_the_triggers_refuse_even_the_owner", Sql("DROP TRIGGER no_truncate ON points_entry"),
    ),
    fault(
        "rights", "the application's login reads the books only", "may UPDATE postings",
        f"{GRANTS}::test_every_table_has_the_rights_it_should_have", Sql("GRANT UPDATE ON points_posting TO app"),
    ),
    fault(
        "inner_rooms", "functions of `books` are nobody's", "the application may call `books.move`",
        f"{GRANTS}::test_the_inner_rooms_are_nobodys", Sql("GRANT EXECUTE ON FUNCTION books.move TO app"),
    ),
    fault(
        "search_path", "functions pin their `search_path`", "`points_charge` does not",
        f"{GRANTS}::test_definer_functions_pin_their_search_path_and_are_not_public",
        Sql("ALTER FUNCTION points_charge RESET search_path"),
    ),
    fault(
        "ways", "points go the way of their kind (`check_moves`)", "a charge may end in a wallet",
        "points/test_raw_calls.py::test_points_go_only_the_ways_that_their_kind_knows",
        Rewrite("books.check_moves", "('charge', 'wallet', 'income')", "('charge', 'wallet', 'wallet'), ('charge', 'wallet', 'income')"),
    ),
    fault(
        "own_pots", "a community pays from its own pots (`check_moves`)", "from anybody's",
        "points/test_raw_calls.py::test_a_community_pays_from_its_own_pots_to_its_own_people",
        Rewrite("books.check_moves", "AND (s.kind = 'wallet' OR s.community_id = p_community)", ""),
    ),
    fault(
        "author", "who books is known (`check_author`)", "not looked up",
        "points/test_raw_calls.py::test_nobody_and_nowhere_are_unknown",
        Rewrite("books.check_author", "WHERE id = p_by", ""),
    ),
)  # fmt: skip

NO_LOCK = Rewrite("books.lock_wallets", "FOR NO KEY UPDATE", "")
LOCKS = (
    fault(
        "wallet_lock", "wallets are locked before their lots are read (`lock_wallets`)", "no lock",
        f"{GUARDS}::test_who_waits_at_a_wallet_sees_what_the_first_left", NO_LOCK,
    ),
    fault(
        "cap_lock", "caps are read under the wallet's lock (`points_award`)", "no lock",
        f"{GUARDS}::test_two_services_booked_at_once_share_the_days_cap",
        Rewrite("points_award", "PERFORM books.lock_wallets(", "PERFORM ("),
    ),
    fault(
        "read_modify_write", "balances are changed by SQL arithmetic (`move`)", "read, then written, and no lock",
        f"{GUARDS}::test_two_corrections_at_once_both_count",
        NO_LOCK,
        Rewrite(
            "books.move", "    UPDATE points_account SET balance = balance + p_amount",
            "    SELECT balance INTO v_in FROM points_account WHERE id = p_destination;\n"
            "    UPDATE points_account SET balance = v_in + p_amount",
        ),
    ),
    fault(
        "seat_read_then_written", "the trigger counts seats by SQL arithmetic (`nightschool_count`)", "rows counted, then written",
        f"{GUARDS}::test_the_last_seat_goes_to_one_of_two",
        Rewrite(
            "nightschool_count", "SET taken = taken + p_taken, online = online + p_online WHERE id = p_course AND status = 'open'",
            "SET taken = (SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = p_course AND e.status = 'seated')"
            " WHERE id = p_course AND status = 'open'",
        ),
    ),
    fault(
        "seat_of_a_closed_course", "the trigger seats nobody in a course that is not open", "status not looked at",
        "races/test_books.py::test_a_course_called_off_while_somebody_pays_takes_neither_points_nor_a_seat",
        Rewrite("nightschool_count", "WHERE id = p_course AND status = 'open'", "WHERE id = p_course"),
    ),
    fault(
        "gift_taken_off", "the trigger gives nothing of a gift that was taken off (`partners_count_taken`)", "not looked at",
        "partners/test_exchanging.py::test_closed_by_a_colleague_since_the_look",
        Rewrite("partners_count_taken", "WHERE id = NEW.gift_id AND closed_at IS NULL", "WHERE id = NEW.gift_id"),
    ),
    fault(
        "gift_counters", "nobody but the triggers writes a gift's counters (`partners_keep_counted`)", "dropped",
        "partners/test_gifts.py::test_the_database_counts_whatever_python_writes", Sql("DROP TRIGGER keep_counted ON partners_gift"),
    ),
)  # fmt: skip

LOTS = (
    fault(
        "fifo", "first to expire is spent first (`draw`)", "last to expire first",
        f"{LEDGER}::test_a_charge_draws_the_lot_that_expires_first",
        Rewrite("books.draw", "ORDER BY expires_on, id", "ORDER BY expires_on DESC, id DESC"),
    ),
    fault(
        "fifo_of_a_day", "of one day the older lot is spent first (`draw`)", "the newer first",
        f"{REVERSALS}::test_each_of_several_lots_gets_its_own_back",
        Rewrite("books.draw", "ORDER BY expires_on, id", "ORDER BY expires_on, id DESC"),
    ),
    fault(
        "spent_past_its_day", "a lot past its day is not spent, swept or not (`draw`)", "date not looked at",
        f"{LEDGER}::test_a_lot_past_its_day_cannot_be_spent_though_no_sweep_ran",
        Rewrite("books.draw", " AND expires_on >= p_day", ""),
    ),
    fault(
        "sweep_takes_all", "the sweep takes what is past its day (`books.expire`)", "takes every lot of the wallet",
        "points/test_expiry.py::test_what_lasts_longer_stays",
        Rewrite("points_expire", "WHERE wallet_id = ANY (v_wallets) AND remaining > 0 AND expires_on < v_day", "WHERE wallet_id = ANY (v_wallets)"),
        Rewrite("books.expire", " AND expires_on < v_day", ""),
    ),
    fault(
        "sweep_by_utc", "a day ends at midnight in Shanghai (`points_expire`)", "in Greenwich",
        "points/test_expiry.py::test_nothing_expires_on_its_last_day_and_all_at_midnight_in_shanghai",
        Rewrite("points_expire", "AT TIME ZONE 'Asia/Shanghai'", "AT TIME ZONE 'UTC'"),
    ),
    fault(
        "returned_to_a_new_lot", "what is given back returns to its own lots (`give_back`)", "opens a new lot",
        f"{LEDGER}::test_points_return_to_the_lot_they_came_from",
        Rewrite(
            "books.give_back", "    INSERT INTO points_draw",
            """    UPDATE points_lot l SET remaining = l.remaining - d.amount
        FROM points_draw d WHERE d.posting_id = p_from AND l.id = d.lot_id;
    SET CONSTRAINTS ALL DEFERRED;
    INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
        SELECT l.wallet_id, p_posting, sum(d.amount), sum(d.amount), v_day + 365
        FROM points_draw d JOIN points_lot l ON l.id = d.lot_id WHERE d.posting_id = p_from GROUP BY 1;
    RETURN;
    INSERT INTO points_draw""",
        ),
    ),
    fault(
        "no_grace", "what returns late gets a grace (`give_back`)", "keeps its old day",
        f"{LEDGER}::test_points_that_return_to_an_expired_lot_get_a_grace_and_the_rest_of_it_expires",
        Rewrite("books.give_back", "THEN v_day + p_grace", "THEN l.expires_on"),
    ),
    fault(
        "rest_gets_the_grace", "only what returns gets the grace (`expire_rests`)", "the expired rest of the lot as well",
        f"{LEDGER}::test_points_that_return_to_an_expired_lot_get_a_grace_and_the_rest_of_it_expires",
        Rewrite("books.mirror", "PERFORM books.expire_rests(v_old.id, p_at, p_by);", ""),
    ),
)  # fmt: skip

AWARDS = (
    fault(
        "cap_of_the_day", "cap of the day (`points_award`)", "not applied",
        f"{CAPS}::test_several_rules_of_timed_service_share_the_days_cap",
        Rewrite("points_award", "p_cap_day - coalesce(u.of_day, 0)", "p_cap_day"),
    ),
    fault(
        "cap_of_the_month", "cap of the month (`points_award`)", "not applied",
        f"{CAPS}::test_several_days_share_the_months_cap_and_the_next_month_has_its_own",
        Rewrite("points_award", "p_cap_month - coalesce(u.of_month, 0)", "p_cap_month"),
    ),
    fault(
        "cap_of_the_rule", "cap of a rule's day (`points_award`)", "not applied",
        f"{CAPS}::test_a_rule_gives_no_more_than_its_day_holds",
        Rewrite("points_award", "v_rule.day_points - coalesce(u.of_rule, 0), ", ""),
    ),
    fault(
        "times_a_day", "so many times a day (`points_award`)", "not counted",
        f"{CAPS}::test_only_so_many_times_a_day_count",
        Rewrite("points_award", "coalesce(u.times_day, 0) >= v_rule.day_times OR ", ""),
        Rewrite("points_award", "v_rule.day_times - coalesce(u.times_day, 0)", "v_rule.day_times"),
    ),
    fault(
        "times_a_month", "so many times a month (`points_award`)", "not counted",
        f"{CAPS}::test_only_so_many_times_a_month_count",
        Rewrite("points_award", " OR coalesce(u.times_month, 0) >= v_rule.month_times", ""),
        Rewrite("points_award", "v_rule.month_times - coalesce(u.times_month, 0)", "v_rule.month_times"),
    ),
    fault(
        "times_of_hours", "so many times of what is paid by the hour (`points_award`)", "only services paid by the time are counted",
        f"{GUARDS}::test_a_rule_paid_by_the_hour_may_count_so_many_times",
        Rewrite("points_award", "WHEN coalesce(u.times_day, 0) >= v_rule.day_times OR coalesce(u.times_month, 0) >= v_rule.month_times THEN 0", ""),
    ),
    fault(
        "room_not_given_back", "what is taken back gives its room under the caps back (`points_award`)", "still counts",
        f"{CAPS}::test_what_is_taken_back_gives_its_room_back",
        Rewrite("points_award", "            AND NOT EXISTS (SELECT FROM points_entry e WHERE e.reverses_id = c.entry_id)", ""),
    ),
    fault(
        "cap_by_day_of_booking", "caps go by the day of service (`points_award`)", "by the day of booking",
        f"{CAPS}::test_the_cap_is_of_the_day_of_service_whenever_it_is_booked",
        Rewrite("points_award", "sum(c.given) FILTER (WHERE c.served_on = p_served)", "sum(c.given) FILTER (WHERE c.served_on = v_day)"),
        Rewrite("points_award", "r.code = v_rule.code AND c.served_on = p_served) AS of_rule", "r.code = v_rule.code AND c.served_on = v_day) AS of_rule"),
    ),
    fault(
        "before_the_rule", "a rule prices no service before its first day (`rule_for`)", "day not looked at",
        f"{CAPS}::test_service_is_not_before_its_rule_nor_after_its_award",
        Rewrite("books.rule_for", " AND n.starts_on <= p_served", ""),
    ),
    fault(
        "after_the_award", "no service after its award (`rule_for`)", "day not looked at",
        f"{CAPS}::test_service_is_not_before_its_rule_nor_after_its_award",
        Rewrite("books.rule_for", "(p_served <= p_day) IS NOT TRUE OR", ""),
    ),
    fault(
        "rule_of_another_street", "a sub-district's rule is its own (`rule_for`)", "prices anybody",
        f"{CAPS}::test_a_rule_of_another_sub_district_prices_nobody_here",
        Rewrite("books.rule_for", "(n.sub_district_id = street.id OR n.sub_district_id IS NULL)", "true"),
    ),
    fault(
        "superseded", "a version that was replaced prices nothing (`rule_for`)", "the oldest does",
        "points/test_guards.py::test_a_version_that_was_replaced_prices_nothing",
        Rewrite("books.rule_for", "n.starts_on DESC, n.id DESC", "n.starts_on, n.id"),
    ),
    fault(
        "asked_too_much", "no more is asked than the rule gives (`check_worth`)", "anything is",
        "points/test_guards.py::test_no_more_is_asked_than_the_rule_gives",
        Rewrite("books.check_worth", "u.asked <= CASE", "u.asked <= 1000000000 + CASE"),
    ),
    fault(
        "purse_of_a_child", "only adults share (`points_share`)", "anybody does",
        "points/test_guards.py::test_a_child_shares_no_purse",
        Rewrite("points_share", " - interval '18 years'", ""),
    ),
    fault(
        "purse_of_a_declined", "who is no resident any more pays for nobody (`points_purse`)", "pays on",
        "points/test_guards.py::test_who_is_not_a_resident_any_more_pays_for_nobody",
        Rewrite("points_purse", " AND r.status = 'confirmed'", ""),
    ),
    fault(
        "expired_of_a_taken_back_award", "what expired of an award that was taken back does not return (`books.mirror`)", "it does",
        "points/test_owing.py::test_what_expired_of_an_award_that_was_taken_back_does_not_return",
        Rewrite("books.mirror", "p_kind = 'expiry' AND EXISTS", "false AND EXISTS"),
    ),
    fault(
        "fold_at_any_moment", "a fold has a moment of this century (`points_fold`)", "any",
        "points/test_folding.py::test_a_fold_has_a_moment_of_this_century",
        Rewrite("points_fold", "PERFORM books.check_moment(p_at);", ""),
    ),
    fault(
        "odd_arrays", "each key has one resident, quantity and amount (`points_award`)", "not looked at",
        "points/test_raw_calls.py::test_odd_arrays_award_nothing",
        Rewrite("points_award", "OR array_dims(p_residents) IS DISTINCT FROM array_dims(p_asked)", ""),
    ),
    fault(
        "purse_of_two_communities", "a purse is of one community (`points_purse`)", "of any",
        "points/test_guards.py::test_a_purse_is_of_one_community",
        Rewrite("points_purse", " AND r.community_id = me.community_id", ""),
    ),
    fault(
        "rule_backwards", "rules change from a day to come (`points_change_rule`)", "from any day",
        "points/test_rules.py::test_the_database_refuses_the_same_without_python",
        Rewrite("points_change_rule", "p_starts_on > (p_at AT TIME ZONE 'Asia/Shanghai')::date AND ", ""),
    ),
)  # fmt: skip

KEYS = (
    fault(
        "digest", "a key keeps the digest of its moves (`open_entry`)", "not compared",
        f"{LEDGER}::test_the_same_key_for_other_moves_is_refused",
        Rewrite("books.open_entry", "ELSIF v_first <> p_digest", "ELSIF v_first IS NULL"),
    ),
    fault(
        "digest_of_awards", "an award's key keeps the digest of what it gives (`points_award`)", "not compared",
        "points/test_award_many.py::test_a_key_for_two_people_is_refused",
        Rewrite("points_award", "WHERE e.digest <> sha256(", "WHERE e.digest IS NULL AND e.digest <> sha256("),
    ),
)  # fmt: skip

DEBTS = (
    fault(
        "newest_debt_first", "the oldest debt is paid first (`settle`)", "the newest",
        f"{OWING}::test_the_oldest_debt_is_paid_first",
        Rewrite("books.settle", "ORDER BY d.id", "ORDER BY d.id DESC"),
    ),
    fault(
        "unpaid", "what is owed is paid from the next award (`settle`)", "not called by awards",
        f"{OWING}::test_the_next_award_pays_at_once_and_the_line_after_it_says_so",
        Rewrite("points_award", "            PERFORM books.settle(v_lot.wallet_id, v_lot.id, p_at, p_by);", ""),
    ),
    fault(
        "refund_pays", "refunds pay no debt (`mirror`)", "they do",
        f"{OWING}::test_what_is_given_back_pays_nothing",
        Rewrite(
            "books.mirror", "            PERFORM books.tally(v_old.source_id, p_community, p_month,",
            """            PERFORM books.settle(v_old.source_id, lot_id, p_at, p_by) FROM points_draw WHERE posting_id = v_posting;
            PERFORM books.tally(v_old.source_id, p_community, p_month,""",
        ),
    ),
    fault(
        "lapsed_is_owed", "what had expired is not owed (`take_back`)", "is owed",
        f"{OWING}::test_what_had_expired_is_not_owed",
        Rewrite("books.take_back", "owed := p_amount - taken - lapsed", "lapsed := 0; owed := p_amount - taken"),
    ),
    fault(
        "own_lot_only", "what was spent is taken from other lots (`take_back`)", "owed at once",
        f"{OWING}::test_enough_in_other_lots_leaves_no_debt",
        Rewrite("books.take_back", "IF v_rest > 0 THEN", "IF v_rest < 0 THEN"),
    ),
)  # fmt: skip

PURSES = (
    fault(
        "own_points_last", "in a purse the own points go first (`points_charge_purse`)", "others' first",
        f"{PURSE}::test_the_own_points_go_first_and_the_others_pay_the_rest",
        Rewrite("points_charge_purse", "ORDER BY wallet_id <> v_payer, expires_on, wallet_id, id", "ORDER BY wallet_id = v_payer, expires_on, wallet_id, id"),
    ),
    fault(
        "purse_by_wallet", "others' lots go by their last day (`points_charge_purse`)", "by wallet",
        f"{GUARDS}::test_of_the_others_the_last_day_decides_before_the_wallet",
        Rewrite("points_charge_purse", "ORDER BY wallet_id <> v_payer, expires_on, wallet_id, id", "ORDER BY wallet_id <> v_payer, wallet_id, expires_on, id"),
    ),
    fault(
        "who_left", "who left the purse does not pay (`points_purse`)", "still pays",
        f"{PURSE}::test_who_left_is_not_asked_any_more",
        Rewrite("points_purse", " AND s.left_at IS NULL", ""),
    ),
    fault(
        "who_moved", "who moved out does not pay (`points_purse`)", "still pays",
        f"{PURSE}::test_who_moved_to_another_household_is_not_asked_and_may_not_ask",
        Rewrite("points_purse", " AND r.household_id = s.household_id", ""),
    ),
    fault(
        "left_meanwhile", "who leaves while another pays is asked again (`points_charge_purse`)", "list read before the lock",
        f"{PURSE}::test_who_leaves_while_another_pays_keeps_what_is_left",
        Rewrite("points_charge_purse", "FROM unnest(points_purse(p_resident)) AS id WHERE", "FROM unnest(v_wallets) AS id WHERE"),
    ),
)  # fmt: skip

SUMS = (
    fault(
        "months", "the resident's month is written with the posting (`tally`)", "forgotten",
        "points/test_months.py::test_what_comes_and_goes_is_added_up",
        Rewrite("books.tally", "SET earned = m.earned + p_earned, spent = m.spent + p_spent", "SET earned = m.earned + p_earned, spent = m.spent"),
    ),
    fault(
        "folded_too_early", "only what no running transaction can change is folded (`points_fold`)", "everything up to now",
        f"{FOLDING}::test_nothing_of_a_running_transaction_is_folded_nor_lost",
        Rewrite("points_fold", "pg_snapshot_xmin(pg_current_snapshot())", "pg_snapshot_xmax(pg_current_snapshot())"),
    ),
    fault(
        "folded_twice", "a snapshot says how far it goes (`points_fold`)", "not advanced",
        f"{FOLDING}::test_a_fold_says_how_many_postings_it_took",
        Rewrite("points_fold", "DO UPDATE SET folded_to = excluded.folded_to, at", "DO UPDATE SET at"),
    ),
    fault(
        "restored_cluster", "a restored cluster does not fold before `migrate` (`points_fold`)", "folds by younger transactions",
        "points/test_epoch.py::test_nothing_is_folded_in_a_restored_cluster_before_migrate",
        Rewrite("points_fold", "IF points_restored() THEN", "IF false THEN"),
    ),
)  # fmt: skip

FAULTS = (
    *CONSTRAINTS_GONE,
    *RIGHTS,
    *LOCKS,
    *LOTS,
    *AWARDS,
    *KEYS,
    *DEBTS,
    *PURSES,
    *SUMS,
    *MOVES,
    *CERTIFIED,
    *LINES,
    *AGREED, *SETTLED, *CARED, *OBLIGED, *USED, *STOCKED, *PLACED, *WATCHED,
)  # fmt: skip
