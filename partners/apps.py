from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from communities import searching as desk_search, todo as desk_todo
        from partners import searching, todo

        desk_todo.register(todo.rows)

        desk_search.register("合伙人与协议", searching.partners)
