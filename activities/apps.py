from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"

    def ready(self) -> None:
        from activities import (
            awarding,
            consent_wiring,
            counter,
            deeds_queue,
            diary,
            forgotten,
            hours_wiring,
            keeping,
            messages_wiring,
            post_wiring,
            review_queue,
            searching,
            star_wiring,
            visits_keeping,
            ways,
        )
        from activities.sheets_in import wiring as sheets
        from activities.todo import held, rows
        from communities import closing, copying, handover, notices, searching as desk_search
        from communities.todo import register
        from points import earning
        from venues import feeds

        register(rows)
        register(forgotten.rows)
        counter.register_acts()
        handover.register(held)
        desk_search.register("志愿活动", searching.activities)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        earning.register(ways.ways)
        feeds.register(diary.activities)
        consent_wiring.wire()
        notices.register(awarding.PREFIX, on_clear=awarding.cleared, on_stop=awarding.stopped)
        messages_wiring.wire()
        for wiring in (review_queue, deeds_queue, hours_wiring, post_wiring, visits_keeping, sheets, star_wiring):
            wiring.wire()
