"""Where the book of hours, its corrections and trainings plug into the other homes; called once by `AppConfig.ready`."""

from activities import corrected, corrections, hours_keeping, overdue, queue, record_counter
from communities import appeals, closing, copying, handover, todo


def wire() -> None:
    queue.register(corrections.KIND)
    todo.register(corrections.rows)
    todo.register(overdue.rows)
    handover.register(corrections.held)
    closing.register(corrections.obstacles)
    copying.register(*hours_keeping.SECTIONS)
    closing.on_empty(hours_keeping.emptied)
    corrected.register()
    for prefix in corrections.PREFIXES:
        appeals.remedied_by(prefix, corrections.remedy)
    record_counter.register_acts()
