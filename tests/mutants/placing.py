"""Planted faults of the places: who counts them, when a group takes children, and what a licence allows at once."""

from tests.mutants.fault import Rewrite, Sql, fault

ENDING, GROUPS = (f"childcare/places/test_{name}.py" for name in ("ending", "groups"))
RAW = f"{ENDING}::test_raw_sql_does_not_count_places_nor_fill_a_full_group"

PLACED = (
    fault(
        "care_places", "CHECK `group_places`", "dropped", RAW,
        Sql("ALTER TABLE childcare_group DROP CONSTRAINT group_places"),
    ),
    fault(
        "care_taken", "nobody but the trigger counts places (`childcare_keep_taken`)", "anybody does", RAW,
        Rewrite("childcare_keep_taken", "NEW.taken := OLD.taken;", "NULL;"),
    ),
    fault(
        "care_offer_counts", "an open offer counts like a place (`childcare_count_place`)", "only who has one",
        "races/test_care_places.py::test_places_given_back_at_once_are_offered_in_order",
        Rewrite("childcare_count_place", "v_after := (NEW.status IN ('held', 'offered'))::int;", "v_after := (NEW.status = 'held')::int;"),
    ),
    fault(
        "care_not_open", "places are of open groups (`childcare_count_place`)", "of any",
        f"{ENDING}::test_nobody_is_put_into_a_group_that_is_not_open",
        Rewrite("childcare_count_place", "WHERE id = NEW.group_id AND status = 'open'", "WHERE id = NEW.group_id"),
    ),
    fault(
        "care_place_over", "what is over stays over (`childcare_keep_place`)", "no trigger",
        f"{ENDING}::test_a_place_that_is_over_does_not_come_back", Sql("DROP TRIGGER keep_place ON childcare_place"),
    ),
    fault(
        "care_was_there", "no last day before the child was there (`childcare_keep_place`)", "not looked at",
        f"{ENDING}::test_no_last_day_lies_before_a_day_on_which_the_child_was_there",
        Rewrite("childcare_keep_place", "a.arrived_at IS NOT NULL AND a.day >", "false AND a.day >"),
    ),
    fault(
        "care_licence", "no more children at once than licensed (trigger `within_licence`)", "no trigger",
        f"{GROUPS}::test_the_database_itself_keeps_to_the_licence", Sql("DROP TRIGGER within_licence ON childcare_group"),
    ),
)  # fmt: skip
