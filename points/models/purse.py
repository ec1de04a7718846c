"""家庭积分: who lets the household spend from the own wallet. Leaving takes nothing with it but one's own wallet."""

from django.db import models
from django.db.models import Q

from communities.models import Household, Resident, User


class Share(models.Model):
    """One adult's consent, from joining to leaving. It speaks of the household that the resident lived in then."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="shares", verbose_name="居民")
    household = models.ForeignKey(Household, models.PROTECT, related_name="shares", verbose_name="户")
    joined_at = models.DateTimeField("加入时间")
    joined_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="加入经手人")
    left_at = models.DateTimeField("退出时间", null=True)
    left_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退出经手人")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident"], condition=Q(left_at=None), name="share_once"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_by=None) | Q(left_at__isnull=False, left_by__isnull=False),
                name="share_left_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident} {self.household}"
