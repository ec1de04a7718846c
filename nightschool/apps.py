from django.apps import AppConfig


class NightschoolConfig(AppConfig):
    name = "nightschool"

    def ready(self) -> None:
        from django.db.models import Q

        from communities import closing, copying, resealing, searching as desk_search, today
        from communities.todo import register
        from nightschool import counter, diary, keeping, messages_wiring, searching, tonight
        from nightschool.applications.wiring import wire as wire_applications
        from nightschool.attending.wiring import wire as wire_attendance
        from nightschool.line.wiring import wire as wire_lines
        from nightschool.models import Draw
        from nightschool.todo import rows
        from venues import feeds

        register(rows)
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
        messages_wiring.wire()
