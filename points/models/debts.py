"""待抵扣: what a taken-back award left unpaid, because it had been spent. A wallet never goes below zero."""

from django.db import models
from django.db.models import F, Q

from points.models.books import Account, Entry


class Debt(models.Model):
    """`owed` is paid from later earnings; `lapsed` had expired unspent before the award was taken back, and is not owed."""

    wallet = models.ForeignKey(Account, models.PROTECT, related_name="debts")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="debts", verbose_name="冲正凭证")
    owed = models.BigIntegerField("待抵扣")
    lapsed = models.BigIntegerField("已过期")
    remaining = models.BigIntegerField("尚待抵扣")

    class Meta:
        indexes = [models.Index(fields=["wallet", "id"], condition=Q(remaining__gt=0), name="debt_open")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "wallet"], name="debt_once"),
            models.CheckConstraint(
                condition=Q(owed__gte=0, lapsed__gte=0, remaining__gte=0, remaining__lte=F("owed")),
                name="debt_remaining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.owed}"
