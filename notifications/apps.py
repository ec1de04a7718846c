from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from communities.todo import register
        from notifications.todo import rows

        register(rows)
