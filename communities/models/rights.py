"""我的信息: what somebody asks of their own data; and the two logs that nobody edits."""

from django.db import models
from django.db.models import Q

from communities.models.people import Resident, User
from communities.models.places import Community
from core import clock


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def for_staff(self, user: User) -> "RightsRequestQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def open(self) -> "RightsRequestQuerySet":
        return self.filter(status=RightsRequest.Status.FILED)


class RightsRequest(models.Model):
    """信息申请: correct, delete, explain or close (PIPL 44-50); answered by staff within some working days."""

    class Kind(models.TextChoices):
        CORRECT = "correct", "更正信息"
        DELETE = "delete", "删除信息"
        EXPLAIN = "explain", "说明解释"
        CLOSE = "close", "注销账号"

    class Status(models.TextChoices):
        FILED = "filed", "待办理"
        DONE = "done", "已办理"
        REFUSED = "refused", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="requests", verbose_name="居民")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    text = models.TextField("内容", max_length=500)
    filed_at = models.DateTimeField("提出时间", default=clock.now)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    answer_by = models.DateField("答复期限")
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="handles", verbose_name="承办人"
    )
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.FILED)
    answer = models.TextField("答复", max_length=500, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "answer_by"], condition=Q(status="filed"), name="rights_open"),
            models.Index(fields=["community", "-id"], name="rights_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["resident", "kind"], condition=Q(status="filed"), name="rights_once"),
            models.CheckConstraint(
                condition=Q(status="filed", answered_at=None, answered_by=None)
                | Q(~Q(status="filed"), answered_at__isnull=False, answered_by__isnull=False),
                name="rights_answered_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "refused"]) | ~Q(answer=""), name="rights_answered_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_status_display()}"


class Change(models.Model):
    """变更记录: one changed row, before and after, masked. Written by trigger (communities/sql), read by auditors, edited by nobody."""

    class Action(models.TextChoices):
        INSERT = "I", "新增"
        UPDATE = "U", "修改"
        DELETE = "D", "删除"

    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, related_name="+", verbose_name="经办人", db_constraint=False
    )
    community = models.ForeignKey(
        Community, models.DO_NOTHING, null=True, related_name="+", verbose_name="社区", db_constraint=False
    )
    resident = models.ForeignKey(
        Resident, models.DO_NOTHING, null=True, related_name="+", verbose_name="居民", db_constraint=False
    )
    what = models.CharField("表", max_length=40)
    row = models.BigIntegerField("行")
    action = models.CharField("动作", max_length=1, choices=Action.choices)
    fields = models.JSONField("字段", default=dict)  # name → [before, after]
    request = models.CharField("请求编号", max_length=60, blank=True)
    address = models.CharField("网络地址", max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["community", "-id"], name="change_newest"),
            models.Index(fields=["resident", "-id"], name="change_of_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.row} {self.action}"


class Look(models.Model):
    """查看记录: who opened whose full data, what for. Written by `communities_look` alone, edited by nobody."""

    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.DO_NOTHING, related_name="+", verbose_name="查看人", db_constraint=False)
    community = models.ForeignKey(
        Community, models.DO_NOTHING, null=True, related_name="+", verbose_name="社区", db_constraint=False
    )
    resident = models.ForeignKey(
        Resident, models.DO_NOTHING, null=True, related_name="+", verbose_name="居民", db_constraint=False
    )
    what = models.CharField("内容", max_length=100)
    purpose = models.CharField("原因", max_length=200)
    request = models.CharField("请求编号", max_length=60, blank=True)
    address = models.CharField("网络地址", max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["community", "-id"], name="look_newest"),
            models.Index(fields=["resident", "-id"], name="look_at_resident"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(purpose="") & ~Q(what=""), name="look_says_why")]

    def __str__(self) -> str:
        return f"{self.what}"
