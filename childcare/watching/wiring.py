"""What this room tells the lower apps at the start."""

from childcare.watching import closing as leaving, keeping, todo
from communities import auditing, closing, copying, todo as desk_todo

# What the change log calls our tables.
WORDS = {
    "childcare_carefile": "托管档案", "childcare_contact": "紧急联系人", "childcare_carer": "委托照护人", "childcare_enrolment": "托管报名",
    "childcare_place": "托位", "childcare_attendance": "到班记录", "childcare_leavenote": "托管请假", "childcare_latemark": "晚接记录",
    "childcare_pickup": "接送人", "childcare_pickupcode": "接送码", "childcare_barred": "接送安排", "childcare_bill": "托管账单",
    "childcare_staffer": "托管员工", "childcare_recordcheck": "员工记录查询", "childcare_turn": "当班", "childcare_alarm": "呼叫",
}  # fmt: skip


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    auditing.register(WORDS)
    desk_todo.register(todo.rows)
    copying.register(*keeping.SECTIONS)
    closing.register(leaving.obstacles)
    closing.on_warning(leaving.losses)
    closing.on_close(leaving.ended)
    closing.on_empty(leaving.emptied)
