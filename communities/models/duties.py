"""职责: who may do what, where, from when until when (domain guide, 21)."""

from django.db import models
from django.db.models import F, Q

from communities.models.people import User
from communities.models.places import Community, SubDistrict
from core import clock


class DutyQuerySet(models.QuerySet["Duty"]):
    def current(self) -> "DutyQuerySet":
        today = clock.today()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


class Duty(models.Model):
    class Role(models.TextChoices):
        HEAD = "head", "社区主任"
        WORKER = "worker", "社区工作者"
        FINANCE = "finance", "财务"
        STREET_ADMIN = "street_admin", "街道管理员"
        SUPERVISOR = "supervisor", "监督员"
        AUDITOR = "auditor", "审计员"
        SYSTEM_ADMIN = "system_admin", "系统管理员"
        CAREGIVER = "caregiver", "托管老师"
        CLIENT = "client", "接口"

    user = models.ForeignKey(User, models.CASCADE, related_name="duties", verbose_name="账号")
    role = models.CharField("职责", max_length=20, choices=Role.choices)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="社区"
    )
    sub_district = models.ForeignKey(
        SubDistrict, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="街道"
    )
    starts_on = models.DateField("开始", default=clock.today)
    ends_on = models.DateField("结束", null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(community=None, sub_district__isnull=False) | Q(community__isnull=False, sub_district=None),
                name="duty_has_one_place",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="duty_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "community", "sub_district", "starts_on"],
                nulls_distinct=False,
                name="duty_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}，{self.community or self.sub_district}"
