"""星级 and 证明: what somebody's service is called, and the numbered paper that says so."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock


class StarQuerySet(models.QuerySet["Star"]):
    def for_staff(self, user: User) -> "StarQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "StarQuerySet":
        return self.filter(resident=resident)

    def reached(self) -> "StarQuerySet":
        """To be shown before it is granted."""
        return self.filter(status=Star.Status.REACHED)

    def standing(self) -> "StarQuerySet":
        """Not stopped."""
        return self.exclude(status=Star.Status.STOPPED)


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

    objects = StarQuerySet.as_manager()

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

    @property
    def label(self) -> str:
        """二星志愿者, 2026年度三星小哥."""
        star = f"{'一二三四五'[self.level - 1]}星"
        return f"{star}志愿者" if self.ladder == Star.Ladder.VOLUNTEER else f"{self.year}年度{star}小哥"

    @property
    def said(self) -> str:
        """102.5小时, 160积分: with what it was reached."""
        return f"{self.amount / 60:g}小时" if self.ladder == Star.Ladder.VOLUNTEER else f"{self.amount}积分"

    @property
    def about(self) -> str:
        """How notices and appeals name it."""
        return f"star:{self.pk}"


class StarBarQuerySet(models.QuerySet["StarBar"]):
    def for_staff(self, user: User) -> "StarBarQuerySet":
        return self.filter(resident__community__in=Community.objects.for_staff(user))

    def standing(self, day: date) -> "StarBarQuerySet":
        """Decided, not lifted, not over on `day`."""
        return self.filter(decided_at__isnull=False, lifted_at=None, until__gte=day)

    def proposed(self) -> "StarBarQuerySet":
        """Waiting for the second of two people. Lifted before it was decided, it was declined."""
        return self.filter(decided_at=None, lifted_at=None)


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
    lift_reason = models.CharField("解除或不通过的原因", max_length=100, blank=True)

    objects = StarBarQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(lifted_at=None, decided_at=None), name="star_bar_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="star_bar_says_why"),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="star_bar_two_people"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="star_bar_decided_by",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="star_bar_lifted_why",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def about(self) -> str:
        """How appeals name it."""
        return f"star_bar:{self.pk}"


def no_lines() -> list[dict[str, Any]]:
    return []


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def for_staff(self, user: User) -> "CertificateQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))


class Certificate(models.Model):
    """志愿服务记录证明 (民政部令第67号, 14-17): numbered, issued by staff, checked by its code. A copy of what stood then.

    The database refuses deleting it and any change but revoking once and emptying (activities/sql/0009_certificates.sql).
    """

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
    # Who it is about, as it was printed; emptied with the file.
    name = models.CharField("姓名", max_length=40, blank=True)
    volunteer_number = models.CharField("志愿者编号", max_length=30, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="负责人")
    issued_at = models.DateTimeField("出具时间", default=clock.now)
    valid_until = models.DateField("有效期至")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    revoke_reason = models.CharField("作废原因", max_length=100, blank=True)

    objects = CertificateQuerySet.as_manager()

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

    @property
    def hours(self) -> str:
        """12.5: what is credited is whole half hours."""
        return f"{self.minutes / 60:g}"


class CertificateRequestQuerySet(models.QuerySet["CertificateRequest"]):
    def for_staff(self, user: User) -> "CertificateRequestQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def open(self) -> "CertificateRequestQuerySet":
        return self.filter(status=CertificateRequest.Status.ASKED)


class CertificateRequest(models.Model):
    """开具证明的申请: by the resident's own account, or written down at the counter; the head issues or says why not."""

    class Status(models.TextChoices):
        ASKED = "asked", "待出具"
        ISSUED = "issued", "已出具"
        DECLINED = "declined", "未出具"
        WITHDRAWN = "withdrawn", "已撤回"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="出具单位")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="certificate_requests", verbose_name="居民")
    from_on = models.DateField("服务期间开始")
    to_on = models.DateField("服务期间截止")
    asked_at = models.DateTimeField("申请时间", default=clock.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ASKED)
    decided_at = models.DateTimeField("办理时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    decline_reason = models.CharField("未出具原因", max_length=100, blank=True)
    certificate = models.OneToOneField(
        Certificate, models.PROTECT, null=True, related_name="request", verbose_name="证明"
    )

    objects = CertificateRequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="certificate_request_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "community"], condition=Q(status="asked"), name="certificate_asked_once"
            ),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="certificate_request_period"),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at=None, decided_by=None, certificate=None, decline_reason="")
                | Q(status="issued", decided_at__isnull=False, decided_by__isnull=False, certificate__isnull=False, decline_reason="")
                | (Q(status="declined", decided_at__isnull=False, decided_by__isnull=False, certificate=None) & ~Q(decline_reason=""))
                | Q(status="withdrawn", decided_at__isnull=False, decided_by__isnull=False, certificate=None, decline_reason=""),
                name="certificate_request_decided_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.period} {self.get_status_display()}"

    @property
    def period(self) -> str:
        """2026年1月1日至2026年11月22日."""
        return f"{self.from_on:%Y年%-m月%-d日}至{self.to_on:%Y年%-m月%-d日}"
