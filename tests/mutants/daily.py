"""Planted faults of the days at the centre: what keeps an arrival, a leaving and what was said as they are."""

from tests.mutants.fault import Rewrite, Sql, fault

DAYS = "childcare/days"
ARRIVING, CALLS = f"{DAYS}/test_arriving.py", f"{DAYS}/test_calls.py"
LEFT = f"{ARRIVING}::test_who_was_handed_over_stays_as_it_is_written"
SAID = f"{CALLS}::test_nobody_ends_an_alarm_before_somebody_was_reached"
TAPPED = f"{DAYS}/test_holding.py::test_what_was_a_wrong_tap_lets_the_alarm_go_on"

DAILY = (
    fault(
        "care_no_place_that_day", "nobody arrives on a day without a place (CC030)", "not asked",
        f"{ARRIVING}::test_without_a_place_on_that_day_nobody_arrives",
        Rewrite("childcare_keep_attendance", "p.id = NEW.place_id AND p.status IN ('held', 'ended') AND p.starts_on <= NEW.day", "p.id = NEW.place_id OR p.starts_on <= NEW.day"),
    ),
    fault(
        "care_left_alone", "nobody leaves without a hand-over (CC031)", "not asked",
        f"{ARRIVING}::test_nobody_leaves_without_a_hand_over",
        Rewrite("childcare_keep_attendance", "(NEW.place_id, NEW.day, NEW.left_at)) THEN", "(NEW.place_id, NEW.day, NEW.left_at)) AND false THEN"),
    ),
    fault("care_attendance_thawed", "who was handed over stays as written (trigger `keep_attendance`)", "no trigger", LEFT, Sql("DROP TRIGGER keep_attendance ON childcare_attendance")),
    fault("care_said_thawed", "an ended alarm stays as it was said (trigger `said_stays`)", "no trigger", SAID, Sql("DROP TRIGGER said_stays ON childcare_alarm")),
    fault("care_call_thawed", "a call stays as it was said (trigger `said_stays`)", "no trigger", SAID, Sql("DROP TRIGGER said_stays ON childcare_call")),
    fault(
        "care_alarm_for_nothing", "an alarm ends when the child arrives (trigger `attendance_written`)", "no trigger",
        f"{ARRIVING}::test_an_arrival_that_was_none_lets_the_alarm_go_on", Sql("DROP TRIGGER attendance_written ON childcare_attendance"),
    ),
    fault(
        "care_never_left", "the hand-over writes when the child left (trigger `child_left`)", "no trigger",
        f"{CALLS}::test_who_was_not_collected_a_quarter_of_an_hour_after_the_end_is_left_behind", Sql("DROP TRIGGER child_left ON childcare_handover"),
    ),
    fault(
        "care_leave_unheard", "leave ends an alarm (trigger `leave_said`)", "no trigger",
        f"{CALLS}::test_leave_that_comes_late_ends_the_alarm", Sql("DROP TRIGGER leave_said ON childcare_leavenote"),
    ),
    fault(
        "care_alarm_silenced", "leave that was taken back opens the alarm again (trigger `leave_said`)", "on insert alone", TAPPED,
        Rewrite("childcare_leave_said", "PERFORM childcare_child_is_missed(NEW.place_id, NEW.day);", "NULL;"),
    ),
    fault(
        "care_tap_silenced", "an absence that was taken back opens the alarm again (trigger `attendance_written`)", "not looked at", TAPPED,
        Rewrite("childcare_attendance_written", "PERFORM childcare_child_is_missed(OLD.place_id, OLD.day);", "NULL;"),
    ),
)  # fmt: skip
