"""同意记录: which text somebody agreed to, and when (domain guide, 13.1: one row per purpose)."""

from django.db import models

from communities.models.people import User
from core import clock


class Consent(models.Model):
    """One purpose, one version of its text, agreed to by one account."""

    class Purpose(models.TextChoices):
        PERSONAL_DATA = "personal_data", "个人信息处理规则"

    account = models.ForeignKey(User, models.PROTECT, related_name="consents", verbose_name="账号")
    purpose = models.CharField("用途", max_length=20, choices=Purpose.choices)
    version = models.CharField("规则版本", max_length=20)
    given_at = models.DateTimeField("同意时间", default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "purpose", "version"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"
