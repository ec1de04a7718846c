from django.apps import AppConfig


class NightschoolConfig(AppConfig):
    name = "nightschool"

    def ready(self) -> None:
        from communities.todo import register
        from nightschool.todo import rows

        register(rows)
