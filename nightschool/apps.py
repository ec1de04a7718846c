from django.apps import AppConfig


class NightschoolConfig(AppConfig):
    name = "nightschool"

    def ready(self) -> None:
        from communities import closing, copying, searching as desk_search
        from communities.todo import register
        from nightschool import counter, keeping, searching
        from nightschool.todo import rows

        register(rows)
        counter.register_acts()
        desk_search.register("夜校课程", searching.courses)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        closing.on_empty(keeping.empty)
