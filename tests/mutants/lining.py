"""Planted faults of the line: what keeps an offered seat, and who stands where."""

from tests.mutants.fault import Rewrite, Sql, fault

WAITLIST, RACES = "nightschool/line/test_waitlist.py", "races/test_line.py"

LINES = (
    fault(
        "waiting_once", "unique index `waiting_once`", "dropped",
        f"{WAITLIST}::test_nobody_stands_in_a_line_twice_nor_with_a_seat", Sql("DROP INDEX waiting_once"),
    ),
    fault(
        "offers_uncounted", "an open offer counts among the seats (trigger `count_offer`)", "dropped",
        f"{WAITLIST}::test_a_seat_given_back_is_offered_to_the_first_who_waits_and_paid_by_accepting",
        Sql("DROP TRIGGER count_offer ON nightschool_waiting"),
    ),
    fault(
        "offer_for_ever", "an offer ends with its time (`nightschool_enrol`)", "never asked",
        f"{WAITLIST}::test_the_database_itself_takes_no_offer_whose_time_is_over",
        Rewrite("nightschool_enrol", " AND offer_until > p_at", ""),
    ),
    fault(
        "seated_past_the_line", "a seat is taken under the lock of the line (`nightschool_enrol`)", "no lock",
        f"{RACES}::test_a_seat_at_the_counter_and_joining_the_line_at_once_is_not_both",
        Rewrite("nightschool_enrol", "PERFORM pg_advisory_xact_lock(hashint8extended(p_course, 6002));", ""),
    ),
)  # fmt: skip
