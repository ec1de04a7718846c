"""What the homes of communities are told about attendance at the start."""

from communities import appeals, closing, copying, todo
from nightschool.attending import (
    absence,
    appeals as absence_appeals,
    completing,
    consequences,
    counter as attendance_counter,
    keeping as attendance_keeping,
)


def wire() -> None:
    appeals.register(consequences.ABSENCE, absence_appeals.absence_about)
    appeals.register(consequences.NOTICE, absence_appeals.notice_about)
    appeals.register(absence_appeals.FREED, absence_appeals.freed_about)
    appeals.register(consequences.LOSS, absence_appeals.loss_about)
    appeals.register(completing.PREFIX, completing.about)
    appeals.on_answer(absence_appeals.answered)
    appeals.on_answer(completing.answered)
    todo.register(absence.rows)
    attendance_counter.register_acts()
    copying.register(*attendance_keeping.SECTIONS)
    closing.on_empty(attendance_keeping.empty)
