"""人工调整 and 收回: proposed by one colleague, decided by another; only then is anything booked."""

from django.db import models
from django.db.models import F, Q

from communities.models import Resident, User
from points.models.books import Entry


class Adjustment(models.Model):
    """`amount` is signed: above zero gives points, below takes them. With `reverses` it takes back that award, debt included.

    What gives waits, once it is decided, for the public notice `adjustment:<pk>`; what takes does not (ADR 0016).
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "待复核"
        NOTICE = "notice", "待公示入账"
        APPROVED = "approved", "已入账"
        REJECTED = "rejected", "未通过"
        STOPPED = "stopped", "公示后未入账"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="adjustments", verbose_name="居民")
    amount = models.BigIntegerField("积分")
    reverses = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="take_backs", verbose_name="收回的凭证")
    reason = models.CharField("事由", max_length=150)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    decided_at = models.DateTimeField("复核时间", null=True)
    decline_reason = models.CharField("未通过原因", max_length=150, blank=True)
    stopped_at = models.DateTimeField("停止时间", null=True)
    # Given before there was a notice to wait for.
    before_notices = models.BooleanField("早于公示制度", default=False, editable=False)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="adjustment", verbose_name="凭证")

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"]),
            models.Index(fields=["status", "-id"], condition=Q(status="proposed"), name="adjustment_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=-(10**9), amount__lte=10**9) & ~Q(amount=0), name="adjustment_amount"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_says_why"),
            models.CheckConstraint(condition=Q(reverses=None) | Q(amount__lt=0), name="adjustment_take_back"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False) & ~Q(status="rejected"), name="take_back_once"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="adjustment_two_people"),
            models.CheckConstraint(
                condition=Q(
                    status="proposed", decided_at=None, decided_by=None, entry=None, decline_reason="", stopped_at=None
                )
                | Q(
                    status="notice", amount__gt=0, decided_at__isnull=False, decided_by__isnull=False, entry=None,
                    decline_reason="", stopped_at=None,
                )
                | Q(
                    status="approved", decided_at__isnull=False, decided_by__isnull=False, entry__isnull=False,
                    decline_reason="", stopped_at=None,
                )
                | (
                    Q(
                        status="rejected", decided_at__isnull=False, decided_by__isnull=False, entry=None, stopped_at=None
                    )
                    & ~Q(decline_reason="")
                )
                | (
                    Q(
                        status="stopped", amount__gt=0, decided_at__isnull=False, decided_by__isnull=False, entry=None,
                        stopped_at__isnull=False,
                    )
                    & ~Q(decline_reason="")
                ),
                name="adjustment_decided_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.amount:+}"
