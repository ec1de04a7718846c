from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from communities import closing, copying, couriers, objections, rights
        from communities.appeals import on_answer
        from communities.handover import on_handover
        from communities.hardship import on_change as on_evidence
        from communities.helping import on_change
        from communities.todo import register
        from notifications import checks, keeping
        from notifications.answers import tell_answer, tell_objection, tell_rights
        from notifications.family import tell_change
        from notifications.handing import tell_successor
        from notifications.kinds import OFFICE, RELIEF, declare
        from notifications.relief import tell_evidence
        from notifications.riding import tell_courier
        from notifications.todo import rows

        checks.wire()
        register(rows)
        on_answer(tell_answer)
        rights.on_answer(tell_rights)
        objections.on_answer(tell_objection)
        copying.register(*keeping.SECTIONS)
        closing.on_empty(keeping.empty)
        on_change(tell_change)
        on_handover(tell_successor)
        couriers.on_change(tell_courier)
        on_evidence(tell_evidence)
        declare(OFFICE, ("appeal", "objection", "rights", "helper", "handover", "courier"))
        declare(RELIEF, ("evidence",))
