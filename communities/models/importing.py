"""导入: one sheet of residents, read, looked over, written, and perhaps undone."""

from django.db import models
from django.db.models import F, Q

from communities.models.people import Resident, User
from communities.models.places import Community
from core import clock, masks


class BatchQuerySet(models.QuerySet["Batch"]):
    def for_staff(self, user: User) -> "BatchQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))


class Batch(models.Model):
    """导入批次. The sheet itself is dropped as soon as it has been read, its lines some time after the import."""

    class Status(models.TextChoices):
        READING = "reading", "正在读取"
        READY = "ready", "待确认导入"
        REFUSED = "refused", "无法读取"
        WRITING = "writing", "正在导入"
        DONE = "done", "已导入"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"
        DROPPED = "dropped", "已放弃"

    community = models.ForeignKey(Community, models.PROTECT, related_name="batches", verbose_name="社区")
    name = models.CharField("文件名", max_length=100)
    sheet = models.BinaryField("文件", null=True, editable=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.READING)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="导入人")
    at = models.DateTimeField("上传时间", default=clock.now)
    total = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    refusal = models.CharField("无法读取的原因", max_length=200, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    said = models.JSONField("说明", default=list)  # Chinese sentences about the sheet as a whole
    tries = models.PositiveSmallIntegerField("读取次数", default=0)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销人")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="batch_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="batch_done_of_total"),
            models.CheckConstraint(
                condition=(Q(status="refused") & ~Q(refusal="")) | (~Q(status="refused") & Q(refusal="")),
                name="batch_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """One line of a sheet: what was understood, what is wrong with it, and what became of it."""

    class Fate(models.TextChoices):
        NEW = "new", "新建"
        MERGE = "merge", "合并到已有档案"
        SAME = "same", "与已有档案相同"
        REPEATED = "repeated", "表内重复"
        WRONG = "wrong", "有误"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines", verbose_name="批次")
    number = models.PositiveIntegerField("行号")
    name = models.CharField("姓名", max_length=60, blank=True)
    phone = models.CharField("手机号", max_length=30, blank=True)
    born = models.CharField("出生日期（原文）", max_length=30, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    estate = models.CharField("小区", max_length=60, blank=True)
    grid = models.CharField("网格", max_length=60, blank=True)
    document = models.CharField("证件类型", max_length=10, blank=True)
    document_sealed = models.BinaryField("证件号（加密）", null=True, editable=False)
    document_tail = models.CharField("证件号后四位", max_length=4, blank=True)
    document_hash = models.CharField("证件号指纹", max_length=64, blank=True)
    fate = models.CharField("处理", max_length=10, choices=Fate.choices)
    said = models.JSONField("说明", default=list)  # Chinese sentences
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="档案")
    before = models.JSONField(
        "合并的内容", null=True
    )  # empty fields that were filled → what with; undoing empties them
    written_at = models.DateTimeField("写入时间", null=True, blank=True)
    # Undone: `resident` is empty again. Still there: it could not be undone, and `said` tells why.
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "fate", "number"], name="line_by_fate")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def shown_phone(self) -> str:
        """138****6021; what is no number shows nothing of itself."""
        return masks.phone(self.phone) if len(self.phone) == 11 else "****" if self.phone else ""
