from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"

    def ready(self) -> None:
        from activities import awarding, keeping, searching
        from activities.todo import held, rows
        from communities import closing, copying, handover, notices, searching as desk_search
        from communities.todo import register

        register(rows)
        handover.register(held)
        desk_search.register("志愿活动", searching.activities)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        notices.register(awarding.PREFIX, on_clear=awarding.cleared, on_stop=awarding.stopped)
