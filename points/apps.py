from django.apps import AppConfig
from django.db.models.signals import post_migrate

from points.grants import grant


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = "积分"

    def ready(self) -> None:
        from communities import appeals, todo
        from points import decided, proposals

        post_migrate.connect(grant, sender=self)
        todo.register(proposals.rows)
        appeals.register("adjustment", decided.adjustment_about)
        appeals.register("debt", decided.debt_about)
