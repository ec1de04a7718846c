"""更正: which fields of a file were put right, by whom and why. Chosen words only, so that closing a file leaves nothing here."""

from django.db import models

from communities.models.people import Resident, User
from core import clock


class Correction(models.Model):
    """One correction at the desk; the values before and after stand in the change log."""

    class Reason(models.TextChoices):
        ASKED = "asked", "本人要求更正"
        DOCUMENT = "document", "核对证件后更正"
        MOVED = "moved", "搬家"
        MISTYPED = "mistyped", "录入有误"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="corrections", verbose_name="居民")
    fields = models.CharField("更正内容", max_length=60)
    reason = models.CharField("原因", max_length=10, choices=Reason.choices)
    at = models.DateTimeField("更正时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更正人")

    class Meta:
        indexes = [models.Index(fields=["resident", "-at"], name="correction_newest")]

    def __str__(self) -> str:
        return self.fields
