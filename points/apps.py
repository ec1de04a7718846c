from django.apps import AppConfig
from django.db.models.signals import post_migrate

from points.grants import grant


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = "积分"

    def ready(self) -> None:
        from communities import appeals, closing, copying, handover, households, notices, todo
        from notifications import templates
        from notifications.kinds import Subject, declare
        from points import counter, decided, expiring, keeping, proposals, showing

        post_migrate.connect(grant, sender=self)
        todo.register(proposals.rows)
        todo.register(showing.rows)
        notices.register(showing.PREFIX, on_clear=showing.cleared, on_stop=showing.stopped)
        handover.register(proposals.held)
        counter.register_acts()
        appeals.register("adjustment", decided.adjustment_about)
        appeals.register("debt", decided.debt_about)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        closing.on_warning(keeping.losses)
        closing.on_close(keeping.leave_purse)
        households.on_leave(keeping.leave_household)
        closing.on_empty(keeping.empty)
        templates.register(expiring.EXPIRING)
        declare(Subject("points", "积分"), ("points", "adjustment", "share", "book", "debt"))
