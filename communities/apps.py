from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class CommunitiesConfig(AppConfig):
    name = "communities"

    def ready(self) -> None:
        from communities import appeals, calendar, sessions, todo

        user_logged_in.connect(sessions.begin, dispatch_uid="communities.sessions")
        todo.register(todo.residents)
        todo.register(appeals.rows)
        todo.register(calendar.rows)
