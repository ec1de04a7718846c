"""离户: who left which household when. A household that was left in spring is family still when points are confirmed in autumn."""

from django.db import models

from communities.models.people import Household, Resident, User
from core import clock


class Parting(models.Model):
    """One resident left one household; written by `communities/households.py` alone."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="partings", verbose_name="居民")
    household = models.ForeignKey(Household, models.PROTECT, related_name="partings", verbose_name="户")
    at = models.DateTimeField("离户时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")

    class Meta:
        indexes = [models.Index(fields=["resident", "-at"], name="parting_newest")]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.household_id}"
