"""申诉 and 节假日: what a resident objects to, and the days by which its deadlines are counted."""

from django.db import models
from django.db.models import F, Q

from communities.models.people import Resident, User
from communities.models.places import Community, SubDistrict
from core import clock


class Holiday(models.Model):
    """One day of a sub-district that is not as the week says: a holiday, or a weekend on which people work (调休)."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="holidays", verbose_name="街道")
    day = models.DateField("日期")
    is_working = models.BooleanField("上班", default=False)
    name = models.CharField("名称", max_length=20)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sub_district", "day"], name="holiday_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def for_staff(self, user: User) -> "AppealQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "AppealQuerySet":
        return self.filter(resident=resident)

    def open(self) -> "AppealQuerySet":
        return self.filter(status=Appeal.Status.FILED)

    def answered(self) -> "AppealQuerySet":
        return self.exclude(status=Appeal.Status.FILED)

    def with_people(self) -> "AppealQuerySet":
        return self.select_related("resident", "community", "decided_by", "answered_by")


class Appeal(models.Model):
    """申诉: a resident's objection to one decision about them. What was decided is kept in words; `about` names it."""

    class Status(models.TextChoices):
        FILED = "filed", "待答复"
        UPHELD = "upheld", "支持"
        REJECTED = "rejected", "不支持"

    community = models.ForeignKey(Community, models.PROTECT, related_name="appeals", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="appeals", verbose_name="居民")
    about = models.CharField("事项", max_length=60)
    subject = models.CharField("决定内容", max_length=200)
    link = models.CharField("查看地址", max_length=200, blank=True)
    old_value = models.CharField("原结果", max_length=200, blank=True)
    decided_at = models.DateTimeField("决定时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提议人")
    text = models.TextField("申诉理由", max_length=500)
    filed_at = models.DateTimeField("申诉时间", default=clock.now)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    file_by = models.DateField("申诉期限")
    answer_by = models.DateField("答复期限")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.FILED)
    answer = models.TextField("答复", max_length=500, blank=True)
    new_value = models.CharField("更正后的结果", max_length=200, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "answer_by"], condition=Q(status="filed"), name="appeal_open"),
            models.Index(fields=["community", "-id"], name="appeal_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["resident", "about"], name="appeal_once"),
            models.CheckConstraint(condition=~Q(about="") & ~Q(text=""), name="appeal_says_what"),
            models.CheckConstraint(
                condition=Q(status="filed", answered_at=None, answered_by=None, answer="")
                | (
                    Q(status__in=["upheld", "rejected"], answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
                name="appeal_answered_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="upheld") & ~Q(new_value="")) | (~Q(status="upheld") & Q(new_value="")),
                name="appeal_upheld_changes",
            ),
            models.CheckConstraint(condition=~Q(answered_by=F("decided_by")), name="appeal_other_judge"),
            models.CheckConstraint(condition=~Q(answered_by=F("prepared_by")), name="appeal_not_by_proposer"),
            models.CheckConstraint(condition=~Q(answered_by=F("filed_by")), name="appeal_not_own_judge"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.get_status_display()}"
