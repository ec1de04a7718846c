from django.apps import AppConfig
from django.core import checks

from demo.loopback import not_for_deployment


class DemoConfig(AppConfig):
    """Loaded only with DEMO=1 (docs/adr/0009)."""

    name = "demo"
    verbose_name = "演示"

    def ready(self) -> None:
        checks.register(not_for_deployment, checks.Tags.security, deploy=True)
