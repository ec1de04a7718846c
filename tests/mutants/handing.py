"""Planted faults of hand-over and staffing: each condition of the triggers, seen missing."""

from tests.mutants.fault import Change, Fault, Rewrite, Sql, fault

RAW, STAFF = "childcare/handover/test_raw.py", "childcare/staffing/test_staffing.py"
GOOD = f"{RAW}::test_a_pickup_person_who_is_not_good_that_day"
BARRED = f"{RAW}::test_whom_a_bar_names"
STAYS = f"{RAW}::test_a_hand_over_stays"
BACK = f"{RAW}::test_what_was_revoked_never_comes_back_and_nobody_is_exchanged"
CODE = f"{RAW}::test_a_code_of_another_day_used_revoked_or_with_another_document"
DUTY = f"{STAFF}::test_the_database_puts_nobody_overdue_on_duty"


def asked(name: str, guard: str, test: str, old: str, new: str) -> Fault:
    """A condition of `childcare_ask_handover` that is gone."""
    return fault(f"handover_{name}", guard, "not asked", test, Rewrite("childcare_ask_handover", old, new))


def gone(name: str, guard: str, test: str, change: Change) -> Fault:
    return fault(name, guard, "no trigger", test, change)


HANDED = (
    asked("valid", "a pick-up person is good on the day", GOOD, "p.valid_from <= v_on AND p.valid_until >= NEW.day AND NOT", "NOT"),
    asked("once", "once means once", GOOD, "AND NOT (p.once AND p.used_at IS NOT NULL)", ""),
    asked("revoked", "revoked means at once", GOOD, "(p.revoked_at IS NULL OR NEW.on_paper AND p.revoked_at > NEW.at)", "true"),
    asked("whose", "who comes, comes for this child", f"{RAW}::test_a_pickup_person_of_another_child",
          "v_child IS DISTINCT FROM NEW.child_id", "false"),
    asked("ended", "who is no guardian any more does not collect", f"{RAW}::test_a_guardian_who_is_none_any_more",
          "w.ended_at IS NULL OR NEW.on_paper AND w.ended_at > NEW.at", "true"),
    asked("barred", "nobody leaves with whom a bar names", BARRED,
          "childcare_is_barred(NEW.child_id, v_key, v_adult, CASE WHEN NEW.on_paper THEN NEW.at ELSE 'infinity' END)", "false"),
    asked("tail", "the document is the one that was said", f"{RAW}::test_another_document_and_no_document",
          "NEW.seen_tail <> v_tail THEN", "false THEN"),
    asked("code_day", "a code is good on its day", CODE, "c.day IN (NEW.day, v_on) AND c.used_at IS NULL", "c.used_at IS NULL"),
    asked("code_revoked", "a revoked code is good for nothing", CODE, "AND c.revoked_at IS NULL, c.id_tail", ", c.id_tail"),
    asked("second", "the second person is on duty, too", f"{RAW}::test_the_second_is_another_who_is_on_duty",
          "NEW.second_id IS NOT NULL AND NOT childcare_on_duty(NEW.second_id, v_centre, NEW.day)", "false"),
    asked("duty", "who lets go is on duty", f"{RAW}::test_who_is_not_on_duty_or_whose_check_is_overdue",
          "NOT childcare_on_duty(NEW.staffer_id, v_centre, NEW.day)", "false"),
    asked("place", "the place is the child's", f"{RAW}::test_a_child_that_is_not_there_or_of_another_place",
          "AND childcare_day_of(NEW.day, NEW.at)", ""),
    fault("handover_night", "the night belongs to the day before until six", "until noon", "childcare/days/test_night.py::test_at_six_the_night_is_over_and_the_paper_says_the_rest",
          Rewrite("childcare_day_of", "6 hours", "12 hours")),
    asked("alone", "alone leaves who may", f"{RAW}::test_alone_without_consent", "v_good := v_alone", "v_good := true OR v_alone"),
    fault("on_duty_due", "on duty is whose check covers the day", "not asked", f"{RAW}::test_who_is_not_on_duty_or_whose_check_is_overdue",
          Rewrite("childcare_on_duty", "AND (s.left_on IS NULL OR s.left_on >= p_day)", "OR true")),
    gone("handover_edited", "a hand-over stays (trigger `stays`)", STAYS, Sql("DROP TRIGGER stays ON childcare_handover")),
    gone("pickup_back", "a pick-up person is revoked, not changed (trigger `keep_pickup`)", BACK, Sql("DROP TRIGGER keep_pickup ON childcare_pickup")),
    gone("code_back", "a code is revoked, not changed (trigger `keep_code`)", BACK, Sql("DROP TRIGGER keep_code ON childcare_pickupcode")),
    gone("bar_changed", "a bar is lifted, not changed (trigger `keep_barred`)", BACK, Sql("DROP TRIGGER keep_barred ON childcare_barred")),
    gone("carer_unasked", "nobody looks after a child whom a bar names (trigger `keep_carer`)",
         "childcare/handover/test_speaking.py::test_a_carer_of_that_name_is_stopped_in_the_database",
         Sql("DROP TRIGGER keep_carer ON childcare_carer")),
    gone("turn_unasked", "on duty is who was checked (trigger `ask_turn`)", DUTY, Sql("DROP TRIGGER ask_turn ON childcare_turn")),
    gone("due_written", "record_due says what the checks say (trigger `keep_due`)", DUTY, Sql("DROP TRIGGER keep_due ON childcare_staffer")),
    gone("check_edited", "a record check stays (trigger `keep_check`)", DUTY, Sql("DROP TRIGGER keep_check ON childcare_recordcheck")),
    fault("unclear_of_old", "an answer that is not clear stands whatever its day (`childcare_due`)", "the newest day alone counts",
          f"{STAFF}::test_an_answer_that_is_not_clear_stands_whatever_its_day_until_a_later_clear_one",
          Rewrite("childcare_due", "(bad.checked_on >= good.checked_on OR bad.id > good.id)", "bad.checked_on >= good.checked_on")),
    fault("void_kept", "a clear check that was taken back counts for nothing (`childcare_due`)", "not asked",
          f"{STAFF}::test_a_clear_entry_that_is_taken_back_takes_the_turns_with_it",
          Rewrite("childcare_due", "good.staffer_id = p_staffer AND good.clear AND good.voided_at IS NULL", "good.staffer_id = p_staffer AND good.clear"),
          Rewrite("childcare_due", "AND clear AND voided_at IS NULL", "AND clear")),
    gone("unclear_on_duty", "who is not clear is off duty (trigger `checked`)",
         f"{STAFF}::test_a_check_that_is_not_clear_takes_every_turn_away_and_is_told", Sql("DROP TRIGGER checked ON childcare_recordcheck")),
)  # fmt: skip
