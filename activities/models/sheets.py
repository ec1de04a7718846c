"""签到表: a paper list typed into Excel, read row by row, looked over, written whole, undone whole."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from activities.models.activity import Activity
from activities.models.participation import Participation
from communities.models import Community, Resident, User
from core import clock


class SheetQuerySet(models.QuerySet["Sheet"]):
    def for_staff(self, user: User) -> "SheetQuerySet":
        return self.filter(activity__community__in=Community.objects.for_staff(user))


class Sheet(models.Model):
    """One sheet of one activity. The file itself is not kept."""

    class Status(models.TextChoices):
        READY = "ready", "待确认"
        WRITTEN = "written", "已写入"
        UNDONE = "undone", "已撤销"
        DROPPED = "dropped", "已放弃"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sheets", verbose_name="活动")
    name = models.CharField("文件名", max_length=100)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.READY)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", default=clock.now)
    written_at = models.DateTimeField("写入时间", null=True)
    ended_at = models.DateTimeField("撤销或放弃时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity"], condition=Q(status="ready"), name="sheet_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(status="ready", written_at=None, ended_at=None)
                | Q(status="written", written_at__isnull=False, ended_at=None)
                | Q(status="undone", written_at__isnull=False, ended_at__isnull=False)
                | Q(status="dropped", written_at=None, ended_at__isnull=False),
                name="sheet_state",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SheetLine(models.Model):
    """One row: what was read, what is wrong with it, whom it means; `before` is how the row of the list stood, for undoing."""

    class Fate(models.TextChoices):
        PRESENT = "present", "到场"
        WRONG = "wrong", "有误"
        REPEATED = "repeated", "重复"

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="lines", verbose_name="签到表")
    number = models.PositiveIntegerField("行号")
    name = models.CharField("姓名", max_length=60, blank=True)
    tail = models.CharField("手机尾号", max_length=30, blank=True)
    began = models.CharField("签到", max_length=30, blank=True)
    ended = models.CharField("签退", max_length=30, blank=True)
    lasted = models.CharField("时长", max_length=30, blank=True)
    fate = models.CharField("结果", max_length=10, choices=Fate.choices)
    said = ArrayField(models.CharField(max_length=200), default=list, verbose_name="说明")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="+", verbose_name="居民")
    served_from = models.DateTimeField("服务开始", null=True)
    served_to = models.DateTimeField("服务结束", null=True)
    participation = models.ForeignKey(Participation, models.PROTECT, null=True, related_name="+", verbose_name="参加")
    before = models.CharField("写入前状态", max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_line_number"),
            models.CheckConstraint(
                condition=~Q(fate="present")
                | Q(resident__isnull=False, served_from__isnull=False, served_to__isnull=False),
                name="sheet_line_present",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def shown_tail(self) -> str:
        """6021; of what is no number nothing is shown."""
        return self.tail[-4:] if self.tail.isdecimal() and len(self.tail) >= 4 else "****" if self.tail else ""
