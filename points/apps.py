from django.apps import AppConfig
from django.db.models.signals import post_migrate

from points.grants import grant


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = "积分"

    def ready(self) -> None:
        post_migrate.connect(grant, sender=self)
