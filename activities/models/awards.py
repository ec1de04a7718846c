"""入账单: what somebody earned, seen by two people, on its way into the books of points."""

from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock
from points.models import Entry


class AwardQuerySet(models.QuerySet["Award"]):
    def for_staff(self, user: User) -> "AwardQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def waiting(self) -> "AwardQuerySet":
        """Approved, and to be shown before it is booked."""
        return self.filter(status=Award.Status.NOTICE)


class Award(models.Model):
    """One approved earning: `about` (participation:42, deed:7, post:3, honour:5) is the key of its entry in the books, for ever.

    From the rule's `notice_from` on, and for every honour, it waits for the public notice `award:<pk>`; else it is posted at
    once. `given` may be less than `asked`: the caps.
    """

    class Status(models.TextChoices):
        NOTICE = "notice", "待公示"
        POSTED = "posted", "已入账"
        STOPPED = "stopped", "未入账"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="awards", verbose_name="居民")
    about = models.CharField("事项", max_length=60)
    code = models.CharField("积分项目", max_length=20)
    title = models.CharField("事由", max_length=100)
    quantity = models.PositiveIntegerField("分钟或次数")
    served_on = models.DateField("服务日期")
    asked = models.PositiveIntegerField("应得")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="审核人")
    approved_at = models.DateTimeField("审核时间", default=clock.now)
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    given = models.PositiveIntegerField("实得", null=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="earned_by", verbose_name="凭证")
    posted_at = models.DateTimeField("入账时间", null=True)
    stopped_at = models.DateTimeField("停止时间", null=True)
    stop_reason = models.CharField("未入账原因", max_length=100, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"]),
            models.Index(fields=["community", "-id"], condition=Q(status="notice"), name="award_for_notice"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["about"], name="award_once"),
            models.CheckConstraint(condition=~Q(recorded_by=F("approved_by")), name="award_two_people"),
            models.CheckConstraint(condition=Q(asked__gte=1), name="award_asks"),
            models.CheckConstraint(
                condition=Q(status="notice", given=None, entry=None, posted_at=None, stopped_at=None, stop_reason="")
                | Q(
                    status="posted", given__isnull=False, given__lte=F("asked"), entry__isnull=False,
                    posted_at__isnull=False, stopped_at=None, stop_reason="",
                )
                | (
                    Q(status="stopped", given=None, entry=None, posted_at=None, stopped_at__isnull=False)
                    & ~Q(stop_reason="")
                ),
                name="award_posted_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.about
