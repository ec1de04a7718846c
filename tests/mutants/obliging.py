"""Planted faults of 履约 and of counters: what keeps deliveries, marks and stars as written, and a closed file out of it."""

from tests.mutants.fault import Sql, fault

KEPT_TEST = "partners/obligations/test_kept.py::test_what_was_confirmed_evaluated_or_rated_stands"
CLOSED = "partners/api/test_obligations.py::test_nothing_is_filed_or_opened_again_for_whose_file_is_closed"
COUNTED = "partners/test_constraints.py::test_a_stale_save_sets_no_counter_back"

OBLIGED = (
    fault(
        "delivery_thawed", "what was delivered stays as it was said and settled (trigger `keep_delivery`)", "no trigger", KEPT_TEST,
        Sql("DROP TRIGGER keep_delivery ON partners_delivery"),
    ),
    fault(
        "rating_thawed", "stars stay as they were given (trigger `keep_rating`)", "no trigger", KEPT_TEST,
        Sql("DROP TRIGGER keep_rating ON partners_rating"),
    ),
    fault(
        "evaluation_thawed", "an evaluation never changes (trigger `never_changed`)", "no trigger", KEPT_TEST,
        Sql("DROP TRIGGER never_changed ON partners_evaluation"),
    ),
    fault(
        "complaint_of_nobody", "nobody whose file is closed complains (trigger `still_open`)", "no trigger", CLOSED,
        Sql("DROP TRIGGER still_open ON partners_complaint"),
    ),
    fault(
        "rating_of_nobody", "nor rates (trigger `still_open`)", "no trigger", CLOSED, Sql("DROP TRIGGER still_open ON partners_rating"),
    ),
    fault(
        "offer_counters", "nobody but the triggers writes an offer's counter (`partners_keep_counted`)", "dropped", COUNTED,
        Sql("DROP TRIGGER keep_counted ON partners_offer"),
    ),
    fault(
        "slot_counters", "nor a slot's (`partners_keep_counted`)", "dropped", COUNTED,
        Sql("DROP TRIGGER keep_counted ON partners_slot"),
    ),
)  # fmt: skip
