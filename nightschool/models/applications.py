"""申请: who wishes for a seat of a course that is drawn by lot, or given by the staff. It neither charges nor seats."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock
from nightschool.models.enrolments import Channel, Enrolment

REMEMBERED = timedelta(days=60)  # how long a result stays on the own page


class ApplicationQuerySet(models.QuerySet["Application"]):
    def for_staff(self, user: User) -> "ApplicationQuerySet":
        return self.filter(course__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "ApplicationQuerySet":
        return self.filter(resident=resident)

    def open(self) -> "ApplicationQuerySet":
        return self.filter(status=Application.Status.APPLIED)

    def listed(self, at: datetime) -> "ApplicationQuerySet":
        """What the own page lists: whatever is not a seat (that stands among the codes), a result for two months."""
        status = Application.Status
        shown = self.exclude(status__in=[status.SEATED, status.WAITING, status.WITHDRAWN])
        return shown.filter(Q(status=status.APPLIED) | Q(decided_at__gte=at - REMEMBERED))


class Application(models.Model):
    """申请. `number` stands for the person on the public list of a draw; `lots` and `rank` are written by the draw."""

    class Status(models.TextChoices):
        APPLIED = "applied", "待定"
        SEATED = "seated", "已报上"
        PASSED = "passed", "积分不足轮空"
        WAITING = "waiting", "转入候补"
        DECLINED = "declined", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"
        VOID = "void", "未能参加"

    course = models.ForeignKey("nightschool.Course", models.PROTECT, related_name="applications", verbose_name="课程")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="居民")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.APPLIED)
    number = models.PositiveIntegerField("申请编号")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("申请时间", default=clock.now)
    guardian = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监护人"
    )
    lots = models.PositiveSmallIntegerField("签数", null=True)
    rank = models.PositiveIntegerField("抽签次序", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    reason = models.CharField("说明", max_length=100, blank=True)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, null=True, related_name="applied", verbose_name="报名")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["resident", "-id"], name="application_of_resident")]
        constraints = [
            models.UniqueConstraint(fields=["course", "resident"], condition=~Q(status="withdrawn"), name="application_once"),
            models.UniqueConstraint(fields=["course", "number"], name="application_number"),
            models.UniqueConstraint(fields=["course", "rank"], name="application_rank"),
            models.CheckConstraint(condition=Q(lots=None) | Q(lots__gte=1, lots__lte=10), name="application_lots"),
            models.CheckConstraint(
                condition=Q(status="applied", decided_at=None) | (~Q(status="applied") & Q(decided_at__isnull=False)),
                name="application_decided_when",
            ),
            models.CheckConstraint(
                condition=Q(status="seated", enrolment__isnull=False) | (~Q(status="seated") & Q(enrolment=None)),
                name="application_seat",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.course} {self.get_status_display()}"


class Draw(models.Model):
    """抽签. The salt is drawn and sealed before anybody applies; its SHA-256 is on the course's page from then on.

    When the window closes the list is frozen as text (`entries`), the salt is opened, and the order follows from the two
    alone: docs/draw.md says how, docs/draw.py recomputes it.
    """

    course = models.OneToOneField("nightschool.Course", models.PROTECT, related_name="draw", verbose_name="课程")
    sealed = models.BinaryField("封存的随机数")
    commitment = models.CharField("承诺值", max_length=64)
    committed_at = models.DateTimeField("承诺时间", default=clock.now)
    salt = models.CharField("随机数", max_length=64, blank=True)
    entries = models.TextField("名单", blank=True)
    drawn_at = models.DateTimeField("抽签时间", null=True)
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="抽签办理人")
    settled_at = models.DateTimeField("办完时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn_at=None, drawn_by=None, salt="", entries="", settled_at=None)
                | (Q(drawn_at__gte=F("committed_at"), drawn_by__isnull=False) & ~Q(salt="")),
                name="draw_drawn_when",
            ),
        ]
