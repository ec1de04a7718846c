from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from communities.appeals import on_answer
        from communities.todo import register
        from notifications.answers import tell_answer
        from notifications.todo import rows

        register(rows)
        on_answer(tell_answer)
