"""服务时长: the book of hours, which spending points never touches. Written once; what was wrong is voided and written anew."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from activities.models.activity import Activity
from activities.models.awards import Award
from activities.models.participation import Participation
from communities.models import Appeal, Community, Resident, User
from communities.models.spans import Span
from core import clock


class ServiceQuerySet(models.QuerySet["Service"]):
    def for_staff(self, user: User) -> "ServiceQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "ServiceQuerySet":
        return self.filter(resident=resident)

    def standing(self) -> "ServiceQuerySet":
        """What counts: not voided by a correction."""
        return self.filter(voided_at=None)


class Service(models.Model):
    """服务记录, with what 民政部令第67号 (7) names, as it was then: the row stays as it is when the activity is edited.

    `minutes` are what was served, `credited` the half hours of it. The database refuses a second standing row at the same
    time, more than `day_cap` minutes of one person on one day, any other change than voiding or 上报, and deleting
    (activities/sql/0005_hours.sql).
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="services", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="services", verbose_name="居民")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="services", verbose_name="参加")
    title = models.CharField("活动名称", max_length=40)
    kind = models.CharField("服务类别", max_length=10, choices=Activity.Kind.choices)
    content = models.CharField("服务内容", max_length=300)
    place = models.CharField("地点", max_length=80)
    unit = models.CharField("组织单位", max_length=60)
    leader = models.CharField("活动负责人", max_length=40)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    on = models.DateField("服务日期")
    minutes = models.PositiveSmallIntegerField("服务分钟")
    credited = models.PositiveSmallIntegerField("计入分钟")
    day_cap = models.PositiveSmallIntegerField("当日上限分钟", null=True)
    over_reason = models.CharField("当日超时原因", max_length=100, blank=True)
    means = models.CharField("签到签退方式", max_length=30)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间")
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="审核人")
    confirmed_at = models.DateTimeField("记录完成时间")
    late_reason = models.CharField("补录原因", max_length=100, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="更正的记录"
    )
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    void_reason = models.CharField("作废原因", max_length=100, blank=True)
    reported_at = models.DateTimeField("上报时间", null=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上报人")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "on"], condition=Q(voided_at=None), name="service_of_day"),
            models.Index(fields=["community", "-on", "-id"], name="service_ledger"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["participation"], condition=Q(voided_at=None), name="service_once"),
            models.CheckConstraint(condition=~Q(recorded_by=F("confirmed_by")), name="service_two_people"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, credited__gte=0, credited__lte=F("minutes"), ends_at__gt=F("starts_at")),
                name="service_minutes",
            ),
            models.CheckConstraint(
                condition=(Q(day_cap__isnull=False) & Q(over_reason="")) | (Q(day_cap=None) & ~Q(over_reason="")),
                name="service_over_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="service_voided_why",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None, reported_by=None) | Q(reported_at__isnull=False, reported_by__isnull=False),
                name="service_reported_by",
            ),
            ExclusionConstraint(
                name="service_no_overlap",
                expressions=[("resident", RangeOperators.EQUAL), (Span("starts_at", "ends_at"), RangeOperators.OVERLAPS)],
                condition=Q(voided_at=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} {self.minutes}"


class Correction(models.Model):
    """更正 of a confirmed record: proposed by one colleague, decided by another. 0 minutes: it did not take place.

    Old and new values are kept for ever; hours and points change together, when it is approved.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "待复核"
        APPROVED = "approved", "已更正"
        DECLINED = "declined", "未通过"

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="corrections", verbose_name="参加")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申诉")
    old_minutes = models.PositiveSmallIntegerField("原分钟")
    new_minutes = models.PositiveSmallIntegerField("更正后分钟")
    old_points = models.PositiveIntegerField("原积分")
    new_points = models.PositiveIntegerField("更正后积分", null=True)
    reason = models.CharField("更正原因", max_length=100)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    decided_at = models.DateTimeField("复核时间", null=True)
    decline_reason = models.CharField("未通过原因", max_length=100, blank=True)
    # What it took back; the new award, if any, is the participation's.
    old_award = models.ForeignKey(Award, models.PROTECT, null=True, related_name="+", verbose_name="原入账单")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participation"], condition=Q(status="proposed"), name="hours_correction_once"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(old_minutes=F("new_minutes")), name="hours_correction_changes"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="hours_correction_two_people"),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at=None, decided_by=None, decline_reason="")
                | Q(status="approved", decided_at__isnull=False, decided_by__isnull=False, new_points__isnull=False, decline_reason="")
                | (Q(status="declined", decided_at__isnull=False, decided_by__isnull=False) & ~Q(decline_reason="")),
                name="hours_correction_decided_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.old_minutes}→{self.new_minutes}"


class Training(models.Model):
    """培训记录 (民政部令第67号, 8): never hours of service."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="trainings", verbose_name="居民")
    name = models.CharField("培训名称", max_length=60)
    content = models.CharField("主要内容", max_length=200)
    minutes = models.PositiveSmallIntegerField("学习分钟")
    host = models.CharField("举办单位", max_length=60)
    on = models.DateField("日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    at = models.DateTimeField("记录时间", default=clock.now)
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "name", "on"], condition=Q(voided_at=None), name="training_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=6000), name="training_minutes"),
        ]

    def __str__(self) -> str:
        return self.name


class Honour(models.Model):
    """表彰奖励记录 (民政部令第67号, 9). Approved by a second person it earns points by its level, after the public notice."""

    class Level(models.TextChoices):
        NONE = "none", "其他（不计积分）"
        STREET = "HONOR_STREET", "街道"
        DISTRICT = "HONOR_DISTRICT", "区"
        CITY = "HONOR_CITY", "市"

    class Status(models.TextChoices):
        RECORDED = "recorded", "待审核"
        APPROVED = "approved", "已审核"
        DECLINED = "declined", "未通过"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="honours", verbose_name="居民")
    name = models.CharField("名称", max_length=60)
    on = models.DateField("日期")
    granted_by = models.CharField("授予单位", max_length=60)
    level = models.CharField("级别", max_length=20, choices=Level.choices)
    evidence = models.CharField("证明材料", max_length=200)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.RECORDED)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间", default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    decided_at = models.DateTimeField("审核时间", null=True)
    decline_reason = models.CharField("未通过原因", max_length=100, blank=True)
    award = models.OneToOneField(Award, models.PROTECT, null=True, related_name="+", verbose_name="入账单")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "name", "on"], condition=~Q(status="declined"), name="honour_once"
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="honour_by_evidence"),
            models.CheckConstraint(condition=~Q(recorded_by=F("decided_by")), name="honour_two_people"),
            models.CheckConstraint(
                condition=Q(status="recorded", decided_at=None, decided_by=None, award=None, decline_reason="")
                | Q(status="approved", decided_at__isnull=False, decided_by__isnull=False, decline_reason="")
                | (
                    Q(status="declined", decided_at__isnull=False, decided_by__isnull=False, award=None)
                    & ~Q(decline_reason="")
                ),
                name="honour_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name
