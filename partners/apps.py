from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from communities import closing, copying, searching as desk_search, todo as desk_todo
        from partners import counter, keeping, searching, todo

        desk_todo.register(todo.rows)

        desk_search.register("合伙人与协议", searching.partners)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        closing.on_empty(keeping.emptied)
        counter.register_acts()
