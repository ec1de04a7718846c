from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.forms import Field

# Django's own Chinese says 该字段是必填项. Set before the first form is defined: a field takes its words when it is made.
Field.default_error_messages["required"] = "请填写这一项。"


class CommunitiesConfig(AppConfig):
    name = "communities"

    def ready(self) -> None:
        from communities import appeals, calendar, sessions, todo

        user_logged_in.connect(sessions.begin, dispatch_uid="communities.sessions")
        todo.register(todo.residents)
        todo.register(appeals.rows)
        todo.register(calendar.rows)
