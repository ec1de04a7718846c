from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.forms import Field

# Django's own Chinese says 该字段是必填项. Set before the first form is defined: a field takes its words when it is made.
Field.default_error_messages["required"] = "请填写这一项。"


class CommunitiesConfig(AppConfig):
    name = "communities"

    def ready(self) -> None:
        from communities import (
            appeals,
            calendar,
            closing,
            confirming,
            consents,
            copying,
            courier_wiring,
            emptying,
            evidence_wiring,
            handover,
            helping,
            households,
            keeping,
            objections,
            publishing,
            rights,
            sessions,
            todo,
        )
        from communities.importing import batches

        user_logged_in.connect(sessions.begin, dispatch_uid="communities.sessions")
        for holder in (handover.requests, handover.grids, handover.drafts):
            handover.register(holder)
        for waiting in (confirming, appeals, calendar, publishing, objections, rights):
            todo.register(waiting.rows)
        copying.register(*keeping.SECTIONS)
        closing.register(emptying.obstacles)
        closing.on_close(emptying.end)
        for emptier in (emptying.empty_texts, emptying.empty_sheets, emptying.end_account):
            closing.on_empty(emptier)
        consents.on_withdraw(helping.ends_with)
        consents.on_withdraw(households.consent_ended)
        closing.on_close(households.file_closed)
        todo.register(batches.rows)
        closing.on_empty(batches.emptied)
        courier_wiring.wire()
        evidence_wiring.wire()
