from django.apps import AppConfig


class ChildcareConfig(AppConfig):
    name = "childcare"

    def ready(self) -> None:
        from childcare import sealed_columns, speaking
        from childcare.billing import wiring as billing
        from childcare.days import calls, wiring as days
        from childcare.enrolment import wiring as enrolment
        from childcare.handover import wiring as handover
        from childcare.places import telling, wiring as places
        from childcare.staffing import wiring as staffing
        from childcare.watching import wiring as watching
        from notifications import templates
        from notifications.kinds import Subject, declare

        for room in (places, enrolment, days, handover, staffing, billing, watching):
            room.wire()
        sealed_columns.register()
        speaking.wire()
        templates.register(*telling.TEMPLATES, *calls.TEMPLATES)
        declare(
            Subject("care", "孩子托管", optional=False, private=True),
            ("care", "minors-audit"),
            urgent=("care-place:offer",),
            alarms=("care-alarm", "care-alarm-on", "care-barred-try"),
        )
