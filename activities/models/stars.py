"""星级 and 证明: what somebody's service is called, and the numbered paper that says so."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock


class Star(models.Model):
    """星级: reached once, shown on a public notice (`star:<pk>`), then kept. `year` is 0 for what counts a whole life."""

    class Ladder(models.TextChoices):
        VOLUNTEER = "volunteer", "志愿者星级"
        COURIER = "courier", "小哥年度星级"

    class Status(models.TextChoices):
        REACHED = "reached", "待公示"
        GRANTED = "granted", "已授予"
        STOPPED = "stopped", "未授予"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="stars", verbose_name="居民")
    ladder = models.CharField("星级类别", max_length=10, choices=Ladder.choices)
    year = models.PositiveSmallIntegerField("年度", default=0)
    level = models.PositiveSmallIntegerField("星级")
    reached_at = models.DateTimeField("达到时间", default=clock.now)
    amount = models.PositiveIntegerField("达到时的分钟或积分")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.REACHED)
    settled_at = models.DateTimeField("授予或停止时间", null=True)
    stop_reason = models.CharField("未授予原因", max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="star_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "ladder", "year", "level"], condition=~Q(status="stopped"), name="star_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="star_level"),
            models.CheckConstraint(
                condition=Q(ladder="volunteer", year=0) | Q(ladder="courier", year__gte=2000), name="star_year"
            ),
            models.CheckConstraint(
                condition=Q(status="reached", settled_at=None, stop_reason="")
                | Q(status="granted", settled_at__isnull=False, stop_reason="")
                | (Q(status="stopped", settled_at__isnull=False) & ~Q(stop_reason="")),
                name="star_settled_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ladder_display()}{self.level}"


class StarBar(models.Model):
    """False hours keep somebody from new stars for a time (domain guide, 3.5). Proposed and decided by two people."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="star_bars", verbose_name="居民")
    until = models.DateField("限制到")
    reason = models.CharField("原因", max_length=100)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    decided_at = models.DateTimeField("复核时间", null=True)
    lifted_at = models.DateTimeField("解除时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="解除人")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="star_bar_says_why"),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="star_bar_two_people"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="star_bar_decided_by",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


def no_lines() -> list[dict[str, Any]]:
    return []


class Certificate(models.Model):
    """志愿服务记录证明 (民政部令第67号, 14-17): numbered, issued by staff, checked by its code. A copy of what stood then."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="certificates", verbose_name="出具单位")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="certificates", verbose_name="居民")
    year = models.PositiveSmallIntegerField("年")
    serial = models.PositiveSmallIntegerField("流水号")
    number = models.CharField("证明编号", max_length=30, unique=True)
    token = models.CharField("令牌", max_length=32, unique=True)
    from_on = models.DateField("服务期间开始")
    to_on = models.DateField("服务期间截止")
    minutes = models.PositiveIntegerField("计入分钟")
    lines = models.JSONField("服务内容", default=no_lines)
    remarks = models.CharField("备注", max_length=100, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="负责人")
    issued_at = models.DateTimeField("出具时间", default=clock.now)
    valid_until = models.DateField("有效期至")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    revoke_reason = models.CharField("作废原因", max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "year", "serial"], name="certificate_serial"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason="")),
                name="certificate_revoked_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number
