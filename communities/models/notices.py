"""公示: a list that is shown for some working days before it becomes final, and what people object to."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from communities.models.people import Resident, User
from communities.models.places import Community
from core import clock

KEPT_DAYS = 90  # after its end a notice can still be read, without names


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_staff(self, user: User) -> "NoticeQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def open(self) -> "NoticeQuerySet":
        return self.filter(status=Notice.Status.OPEN)

    def public(self) -> "NoticeQuerySet":
        """What everybody may read: what runs, and what ended or was taken down after publication not long ago."""
        lately = Q(published_at__isnull=False, ended_at__gte=clock.now() - timedelta(days=KEPT_DAYS))
        return self.filter(Q(status=Notice.Status.OPEN) | lately).order_by("-pk")


class Notice(models.Model):
    """One list, shown from `opens_on` to the end of `closes_on`. A published one never changes; it is ended or withdrawn."""

    class Status(models.TextChoices):
        DRAFT = "draft", "待发布"
        OPEN = "open", "公示中"
        ENDED = "ended", "已结束"
        WITHDRAWN = "withdrawn", "已撤下"

    community = models.ForeignKey(Community, models.PROTECT, related_name="notices", verbose_name="社区")
    title = models.CharField("标题", max_length=60)
    text = models.TextField("说明", max_length=500, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    prepared_at = models.DateTimeField("拟稿时间", default=clock.now)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    opens_on = models.DateField("公示开始", null=True, blank=True)
    closes_on = models.DateField("公示截止", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人")
    end_reason = models.CharField("撤下原因", max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "-id"], name="notice_newest"),
            models.Index(fields=["closes_on"], condition=Q(status="open"), name="notice_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", published_at=None, opens_on=None, closes_on=None)
                | Q(status="withdrawn")
                | Q(
                    status__in=["open", "ended"], published_at__isnull=False, published_by__isnull=False,
                    opens_on__isnull=False, closes_on__gt=F("opens_on"),
                ),
                name="notice_published_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "open"], ended_at=None) | Q(status__in=["ended", "withdrawn"], ended_at__isnull=False),
                name="notice_ended_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(end_reason=""), name="notice_withdrawn_with_reason"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class NoticeItem(models.Model):
    """One line: `about` (prefix:number) is what becomes final, `said` what is shown of it beside the masked name.

    `subject` names what is no person (a partner). A person is shown by `resident`, masked, and only by their consent.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="items", verbose_name="公示")
    about = models.CharField("事项", max_length=60)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="居民")
    subject = models.CharField("对象", max_length=60, blank=True)
    said = models.CharField("内容", max_length=100)
    live = models.BooleanField("有效", default=True)  # False once withdrawn or stopped: it may be shown anew
    stopped_at = models.DateTimeField("停止时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about"], condition=Q(live=True), name="notice_item_once"),
            models.CheckConstraint(
                condition=Q(resident__isnull=False, subject="") | (Q(resident=None) & ~Q(subject="")),
                name="notice_item_of_one",
            ),
            models.CheckConstraint(condition=Q(stopped_at=None) | Q(live=False), name="notice_item_stopped"),
        ]

    def __str__(self) -> str:
        return self.about


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def for_staff(self, user: User) -> "ObjectionQuerySet":
        return self.filter(notice__community__in=Community.objects.for_staff(user))

    def open(self) -> "ObjectionQuerySet":
        return self.filter(status=Objection.Status.FILED)

    def answered(self) -> "ObjectionQuerySet":
        return self.exclude(status=Objection.Status.FILED)

    def with_people(self) -> "ObjectionQuerySet":
        return self.select_related("notice__community", "item__resident", "resident", "filed_by", "answered_by")


class Objection(models.Model):
    """异议: what somebody says against a notice or one line of it, and the answer."""

    class Status(models.TextChoices):
        FILED = "filed", "待答复"
        UPHELD = "upheld", "成立"
        REJECTED = "rejected", "不成立"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections", verbose_name="公示")
    item = models.ForeignKey(
        NoticeItem, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name="针对"
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出人"
    )
    text = models.TextField("异议内容", max_length=500)
    filed_at = models.DateTimeField("提出时间", default=clock.now)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    answer_by = models.DateField("答复期限")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.FILED)
    answer = models.TextField("答复", max_length=500, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["answer_by"], condition=Q(status="filed"), name="objection_open")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_what"),
            models.CheckConstraint(
                condition=Q(status="filed", answered_at=None, answered_by=None, answer="")
                | (
                    Q(status__in=["upheld", "rejected"], answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
                name="objection_answered_when",
            ),
            models.CheckConstraint(condition=~Q(answered_by=F("filed_by")), name="objection_not_own_judge"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.get_status_display()}"
