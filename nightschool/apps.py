from django.apps import AppConfig


class NightschoolConfig(AppConfig):
    name = "nightschool"

    def ready(self) -> None:
        from django.db.models import Q

        from communities import closing, copying, resealing, searching as desk_search, today
        from communities.todo import register
        from nightschool import changed, counter, diary, keeping, merging, reminders, searching, tonight
        from nightschool.applications import approving, drawing_lots
        from nightschool.applications.wiring import wire as wire_applications
        from nightschool.attending import consequences
        from nightschool.attending.wiring import wire as wire_attendance
        from nightschool.line import offering
        from nightschool.line.wiring import wire as wire_lines
        from nightschool.models import Draw
        from nightschool.todo import rows
        from notifications import templates
        from notifications.kinds import Subject, declare
        from venues import feeds

        register(rows)
        templates.register(approving.APPROVED, merging.MERGED)
        for sender in (reminders, changed, offering, consequences, drawing_lots):
            templates.register(*sender.TEMPLATES)
        today.register(tonight.classes)
        feeds.register(diary.classes)
        counter.register_acts()
        desk_search.register("夜校课程", searching.courses)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        closing.on_empty(keeping.empty)
        # What is drawn is open; before, the row is kept as it is (sql/0008_kept.sql), and so is its key.
        resealing.register(Draw, "sealed", needed=Q(drawn_at=None), fixed=True)
        wire_lines()
        wire_applications()
        wire_attendance()
        declare(
            Subject("night", "夜校课程"),
            (
                "enrolment",
                "course",
                "session",
                "waiting",
                "line",
                "application",
                "completion",
                "attendance",
                "absence_notice",
                "priority_loss",
            ),
            urgent=(
                "enrolment:cancelled",
                "enrolment:merged",
                "course:changed",
                "waiting:offer",
                "application:result",
            ),
        )
