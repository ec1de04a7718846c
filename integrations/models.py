"""Answers that were given to REST clients, so that a repeated request gets the same one."""

from django.db import models

from core import clock


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
