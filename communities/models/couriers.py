"""小哥: couriers as a group of residents, with posts, stars and gifts of their own. No live location is ever kept."""

from django.db import models
from django.db.models import Q

from communities.models.people import Resident, User
from communities.models.places import Community
from core import clock


class CourierQuerySet(models.QuerySet["Courier"]):
    def for_staff(self, user: User) -> "CourierQuerySet":
        return self.filter(resident__community__in=Community.objects.for_staff(user))

    def current(self) -> "CourierQuerySet":
        """Confirmed by staff, and still riding."""
        return self.filter(status__in=[Courier.Status.CONFIRMED, Courier.Status.QUALIFIED])


class Courier(models.Model):
    """小哥: a resident who rides for a platform. Qualified couriers were shown on a public notice (`courier:<pk>`)."""

    class Status(models.TextChoices):
        ASKED = "asked", "待审核"
        CONFIRMED = "confirmed", "已登记"
        QUALIFIED = "qualified", "合格"
        DECLINED = "declined", "未通过"
        ENDED = "ended", "已退出"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="courier_files", verbose_name="居民")
    platform = models.CharField("平台", max_length=20)
    station = models.CharField("站点", max_length=40, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ASKED)
    at = models.DateTimeField("登记时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    decided_at = models.DateTimeField("审核时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    qualified_at = models.DateTimeField("合格时间", null=True)
    ended_at = models.DateTimeField("退出时间", null=True)
    end_reason = models.CharField("原因", max_length=100, blank=True)

    objects = CourierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=~Q(status__in=["declined", "ended"]), name="courier_once"
            ),
            models.CheckConstraint(condition=~Q(platform=""), name="courier_platform"),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at=None, decided_by=None)
                | Q(status="ended")
                | (~Q(status__in=["asked", "ended"]) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="courier_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="qualified") | Q(qualified_at__isnull=False), name="courier_qualified_when"
            ),
            models.CheckConstraint(
                condition=(~Q(status="ended") & Q(ended_at=None)) | Q(status="ended", ended_at__isnull=False),
                name="courier_ended_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.get_status_display()}"

    @property
    def about(self) -> str:
        """How notices and appeals name it."""
        return f"courier:{self.pk}"
