"""岗位: a duty that one resident holds for a term, confirmed month by month."""

from django.db import models
from django.db.models import F, Q

from activities.models.awards import Award
from communities.models import Community, Resident, User
from core import clock


class PostQuerySet(models.QuerySet["Post"]):
    def for_staff(self, user: User) -> "PostQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))


class Post(models.Model):
    """岗位: 楼道长, 单元长, 流动网格员. One holder at a time."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="posts", verbose_name="社区")
    title = models.CharField("岗位", max_length=40)
    duty = models.CharField("职责", max_length=300)
    term_months = models.PositiveSmallIntegerField("任期（月）", default=12)
    for_couriers = models.BooleanField("仅限小哥", default=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设立人")
    made_at = models.DateTimeField("设立时间", default=clock.now)
    closed_at = models.DateTimeField("撤销时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "title"], condition=Q(closed_at=None), name="post_title"),
            models.CheckConstraint(condition=Q(term_months__gte=1, term_months__lte=36), name="post_term"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="post_closed_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class HoldingQuerySet(models.QuerySet["Holding"]):
    def for_staff(self, user: User) -> "HoldingQuerySet":
        return self.filter(post__community__in=Community.objects.for_staff(user))

    def held(self) -> "HoldingQuerySet":
        return self.filter(status=Holding.Status.HELD)


class Holding(models.Model):
    """认领: asked for by the resident, given by staff for a term, renewed or ended."""

    class Status(models.TextChoices):
        ASKED = "asked", "待审核"
        HELD = "held", "在岗"
        DECLINED = "declined", "未通过"
        ENDED = "ended", "已离岗"

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="holdings", verbose_name="居民")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_at = models.DateTimeField("认领时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    starts_on = models.DateField("上岗日期", null=True)
    ends_on = models.DateField("任期到", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    decided_at = models.DateTimeField("审核时间", null=True)
    renewals = models.PositiveSmallIntegerField("续任次数", default=0)
    ended_at = models.DateTimeField("离岗时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="离岗办理人")
    end_reason = models.CharField("原因", max_length=100, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(status="held"), name="post_one_holder"),
            models.UniqueConstraint(fields=["resident"], condition=Q(status="held"), name="resident_one_post"),
            models.UniqueConstraint(
                fields=["post", "resident"], condition=Q(status="asked"), name="holding_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at=None, decided_by=None, starts_on=None, ends_on=None)
                | Q(status="declined", decided_at__isnull=False, decided_by__isnull=False, starts_on=None, ends_on=None)
                | Q(
                    status__in=["held", "ended"], decided_at__isnull=False, decided_by__isnull=False,
                    starts_on__isnull=False, ends_on__gte=F("starts_on"),
                ),
                name="holding_decided_when",
            ),
            models.CheckConstraint(condition=~Q(by=F("decided_by")), name="holding_two_people"),
            models.CheckConstraint(
                condition=(~Q(status__in=["ended", "declined"]) & Q(ended_at=None, end_reason=""))
                | (Q(status="ended", ended_at__isnull=False) & ~Q(end_reason=""))
                | (Q(status="declined", ended_at=None) & ~Q(end_reason="")),
                name="holding_ended_why",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="holding_ended_by",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post} {self.get_status_display()}"


class DutyMonth(models.Model):
    """满月履职: said by the holder or a colleague, confirmed by another; only then it earns."""

    class Status(models.TextChoices):
        SAID = "said", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未通过"

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="months", verbose_name="认领")
    month = models.DateField("月份")  # its first day
    note = models.CharField("履职情况", max_length=200, blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填报人")
    said_at = models.DateTimeField("填报时间", default=clock.now)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.SAID)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    decided_at = models.DateTimeField("确认时间", null=True)
    decline_reason = models.CharField("未通过原因", max_length=100, blank=True)
    award = models.OneToOneField(Award, models.PROTECT, null=True, related_name="+", verbose_name="入账单")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holding", "month"], condition=~Q(status="declined"), name="duty_month_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="duty_month_first_day"),
            models.CheckConstraint(condition=~Q(said_by=F("decided_by")), name="duty_month_two_people"),
            models.CheckConstraint(
                condition=Q(status="said", decided_at=None, decided_by=None, award=None, decline_reason="")
                | Q(status="confirmed", decided_at__isnull=False, decided_by__isnull=False, decline_reason="")
                | (
                    Q(status="declined", decided_at__isnull=False, decided_by__isnull=False, award=None)
                    & ~Q(decline_reason="")
                ),
                name="duty_month_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
