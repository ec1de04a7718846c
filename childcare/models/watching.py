"""Minors' data watched over: the yearly report, what went wrong, and what was deleted when its time was over. No child is named."""

from django.db import models
from django.db.models import F, Q

from communities.models import Community, SubDistrict, User
from core import clock


class AuditReport(models.Model):
    """未成年人信息年度审计 of `year`, reported to the cyberspace office under `number` (未成年人网络保护条例 37)."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="+", verbose_name="街道")
    year = models.PositiveSmallIntegerField("年度")
    reported_on = models.DateField("报送日期")
    number = models.CharField("报送编号", max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sub_district", "year"], name="audit_report_once"),
            models.CheckConstraint(condition=~Q(number=""), name="audit_report_number"),
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def for_staff(self, user: User) -> "IncidentQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def open(self) -> "IncidentQuerySet":
        return self.filter(Q(told_on=None) | Q(reported_on=None))


class Incident(models.Model):
    """信息安全事件 with children's data, in chosen words (个人信息保护法 57): when families were told, when the office was."""

    class What(models.TextChoices):
        LEAKED = "leaked", "信息泄露"
        LOST = "lost", "信息丢失"
        CHANGED = "changed", "信息被篡改"
        LOOKED = "looked", "越权查看"
        SENT_WRONG = "sent_wrong", "发错对象"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    what = models.CharField("情形", max_length=12, choices=What.choices)
    found_on = models.DateField("发现日期")
    children = models.PositiveIntegerField("涉及孩子人数")
    told_on = models.DateField("告知监护人日期", null=True)
    reported_on = models.DateField("报告主管部门日期", null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="incident_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(children__gte=1), name="incident_of_children"),
            models.CheckConstraint(
                condition=(Q(told_on=None) | Q(told_on__gte=F("found_on")))
                & (Q(reported_on=None) | Q(reported_on__gte=F("found_on"))),
                name="incident_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.get_what_display()


class Cleared(models.Model):
    """到期清除: how many of what were deleted on a day because their time was over."""

    class Kind(models.TextChoices):
        HEALTH = "health", "健康情况"
        PICKUPS = "pickups", "接送人和接送码"
        DAYS = "days", "到班和接送记录"
        DRAFTS = "drafts", "没有提交的报名"
        SUBMITTED = "submitted", "没有核对的报名"
        ENROLMENTS = "enrolments", "报名办理记录"
        BARRED = "barred", "已解除的禁止接走"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    kind = models.CharField("内容", max_length=12, choices=Kind.choices)
    on = models.DateField("日期")
    count = models.PositiveIntegerField("数量")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "on"], name="cleared_once_a_day"),
            models.CheckConstraint(condition=Q(count__gte=1), name="cleared_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.count}"
