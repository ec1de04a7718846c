"""Planted faults of moving: what keeps the books of two communities true when somebody goes from one to the other."""

from tests.mutants.fault import Rewrite, Sql, fault

MOVING, RACES = "points/test_moving_books.py", "races/test_moving.py"

MOVES = (
    fault(
        "moved_past_the_books", "nobody changes community but by `points_move` (trigger `moves_with_the_books`)", "no trigger",
        f"{MOVING}::test_the_application_cannot_move_anybody_past_the_books",
        Sql("DROP TRIGGER moves_with_the_books ON communities_resident"),
    ),
    fault(
        "moved_by_a_word", "the trigger asks who writes, not only what was said (`points_moves_with_the_books`)", "the setting is enough",
        f"{MOVING}::test_the_application_cannot_move_anybody_past_the_books",
        Rewrite("points_moves_with_the_books", "current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n        OR ", ""),
    ),
    fault(
        "points_left_behind", "the points go over with the file (`points_move`)", "the file alone",
        f"{MOVING}::test_the_points_go_along_and_the_wallet_stays_as_it_was",
        Rewrite("points_move", "IF v_points > 0 THEN", "IF false THEN"),
    ),
    fault(
        "moved_without_waiting", "a move waits for what is booked on the wallet (`points_move`)", "no lock",
        f"{RACES}::test_a_move_waits_for_what_is_being_booked",
        Rewrite("points_move", "    PERFORM books.lock_wallets(ARRAY[v_wallet]);\n", ""),
    ),
    fault(
        "reversal_stays_behind", "what is reversed reaches the books where the resident lives (`mirror`)", "not carried",
        f"{MOVING}::test_an_award_taken_back_is_the_old_communitys_and_the_points_are_the_new_ones",
        Rewrite("books.mirror", "    PERFORM books.carry(ARRAY[p_entry], p_at, p_by);\n", ""),
    ),
    fault(
        "settlement_stays_behind", "an old debt is paid out of the new community's books (`settle`)", "not carried",
        f"{MOVING}::test_a_debt_goes_along_and_its_issuer_is_paid_by_later_earnings",
        Rewrite("books.settle", "        PERFORM books.carry(ARRAY[v_entry], p_at, p_by);\n", ""),
    ),
    *(
        fault(
            f"{name}_meanwhile", f"who moves while {what} waits at the wallet is followed (`{function}`)", "not looked for",
            f"{RACES}::test_what_waited_at_the_wallet_reaches_the_new_community",
            Rewrite(function, "        PERFORM books.carry(" + entries + ", p_at, p_by);\n", "        NULL;\n"),
        )
        for name, what, function, entries in (
            ("charged", "a charge", "books.post", "ARRAY[v_entry]"), ("awarded", "an award", "points_award", "v_entries"),
            ("purse_paid", "a purse", "points_charge_purse", "ARRAY[v_entry]"),
        )
    ),
    fault(
        "arrival_not_folded", "a move is in the sums of both communities (`points_tail`)", "of the old one only",
        f"{MOVING}::test_both_communities_show_the_same_folded_or_not",
        Rewrite("points_tail", "ON e.kind = 'move' OR NOT way.arrives", "ON NOT way.arrives"),
    ),
    fault(
        "share_goes_along", "the consent to a purse ends with moving (`points_move`)", "goes on",
        f"{MOVING}::test_what_a_purse_paid_returns_to_each_wherever_they_live",
        Rewrite("points_move", "WHERE s.resident_id = p_resident AND s.left_at IS NULL", "WHERE s.resident_id = p_resident AND s.left_at IS NULL AND false"),
    ),
    fault(
        "move_reversed", "a move is not reversed (`points_reverse`)", "it is",
        f"{MOVING}::test_a_move_is_not_reversed",
        Rewrite("points_reverse", "'settlement', 'move')", "'settlement')"),
    ),
)  # fmt: skip
