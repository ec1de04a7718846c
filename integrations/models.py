"""What a REST client may ask for, and the answers that were given, so that a repeated request gets the same one."""

from django.db import models

from core import clock


class AllowedScope(models.Model):
    """授权范围: one row per scope that a client may ask for; without rows it may ask for nothing."""

    client = models.ForeignKey("oauth2_provider.Application", models.CASCADE, related_name="allowed_scopes")
    scope = models.CharField("授权范围", max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "scope"], name="allowed_scope_once")]

    def __str__(self) -> str:
        return self.scope


class IdempotentAnswer(models.Model):
    """(client, key) is unique; refusals are not stored; kept 30 days, ledger keys for ever."""

    client = models.ForeignKey("oauth2_provider.Application", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="answer_once")]

    def __str__(self) -> str:
        return self.key
