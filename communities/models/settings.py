"""设置: every default that the domain guide marks [D] is a row with versions."""

from django.db import models

from communities.models.people import User
from communities.models.places import SubDistrict
from core import clock


class Setting(models.Model):
    """One version of one value; the newest whose day has come is in force (communities/settings.py reads it)."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="settings", verbose_name="街道")
    key = models.CharField("设置项", max_length=60)
    value = models.JSONField("值")
    starts_on = models.DateField("生效日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人")
    at = models.DateTimeField("修改时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sub_district", "key", "starts_on"], name="setting_version"),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
