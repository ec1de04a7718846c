"""到课: who was there, who asked for leave, who finished, and what people thought of the course."""

import secrets
from datetime import date

from django.db import models
from django.db.models import F, Q

from communities.models import Resident, User
from core import clock
from nightschool.models.enrolments import Enrolment
from nightschool.models.sessions import Session


def new_certificate() -> str:
    return secrets.token_urlsafe(16)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def there(self) -> "AttendanceQuerySet":
        """In time or late: both count as having been there."""
        return self.filter(status__in=[Attendance.Status.PRESENT, Attendance.Status.LATE])

    def unexcused(self) -> "AttendanceQuerySet":
        return self.filter(status=Attendance.Status.ABSENT, excused_at=None)


class Attendance(models.Model):
    """到课记录: one per class and seat. An absence that was excused afterwards (an appeal) stays, and counts no more."""

    class Status(models.TextChoices):
        PRESENT = "present", "到课"
        LATE = "late", "迟到"
        LEAVE = "leave", "请假"
        ABSENT = "absent", "缺课"

    class How(models.TextChoices):
        CODE = "code", "动态码"
        LIST = "list", "老师点名"
        DESK = "desk", "工作人员"
        SELF = "self", "本人请假"
        SWEEP = "sweep", "系统"

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances", verbose_name="课次")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances", verbose_name="报名")
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    how = models.CharField("方式", max_length=10, choices=How.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    note = models.CharField("说明", max_length=60, blank=True)
    excused_at = models.DateTimeField("不计缺课时间", null=True)
    excused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="不计办理人")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(excused_at=None, excused_by=None)
                | Q(status="absent", excused_at__isnull=False, excused_by__isnull=False),
                name="attendance_excused_when",
            ),
        ]


class AbsenceNoticeQuerySet(models.QuerySet["AbsenceNotice"]):
    def standing(self) -> "AbsenceNoticeQuerySet":
        return self.filter(lifted_at=None)


class AbsenceNotice(models.Model):
    """缺课提醒: missed too many of the first classes without excuse; the seat is freed after `until`, unless this is lifted."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="absence_notices", verbose_name="报名")
    at = models.DateTimeField("提醒时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    until = models.DateTimeField("说明截止")
    lifted_at = models.DateTimeField("撤销时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")
    lift_reason = models.CharField("撤销原因", max_length=60, blank=True)

    objects = AbsenceNoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["until"], name="absence_notice_due", condition=Q(lifted_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(lifted_at=None), name="absence_notice_once"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="absence_notice_in_order"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="absence_notice_lifted_when",
            ),
        ]


class PriorityLoss(models.Model):
    """暂停优先: three unexcused absences in a term cost the head start at the next sign-ups, never points; appeals lift it."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="居民")
    term = models.ForeignKey("nightschool.Term", models.PROTECT, related_name="+", verbose_name="期次")
    begins = models.DateField("从")
    until = models.DateField("到")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间", default=clock.now)
    lifted_at = models.DateTimeField("取消时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="取消人")
    lift_reason = models.CharField("取消原因", max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["resident", "until"], name="priority_loss_of", condition=Q(lifted_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["resident", "term"], name="priority_loss_once"),
            models.CheckConstraint(condition=Q(until__gt=F("begins")), name="priority_loss_in_order"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="priority_loss_lifted_when",
            ),
        ]

    def stands_on(self, day: date) -> bool:
        return self.lifted_at is None and self.begins <= day <= self.until


class Completion(models.Model):
    """结业: who was there for at least three quarters of the classes; numbered, with a page that whoever holds it can check."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="completion", verbose_name="报名")
    number = models.CharField("编号", max_length=30, unique=True)
    token = models.CharField("查验码", max_length=32, unique=True, default=new_certificate)
    attended = models.PositiveSmallIntegerField("到课次数")
    lessons = models.PositiveSmallIntegerField("课次")
    issued_at = models.DateTimeField("发放时间", default=clock.now)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发放人")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    revoke_reason = models.CharField("作废原因", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lessons__gte=1, attended__gte=1, attended__lte=F("lessons")), name="completion_counts"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason="")),
                name="completion_revoked_when",
            ),
        ]


class Feedback(models.Model):
    """课程评价: once per seat; the teacher and the list see stars and words, never whose."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="feedback", verbose_name="报名")
    stars = models.PositiveSmallIntegerField("评分")
    words = models.CharField("意见", max_length=200, blank=True)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="feedback_stars")]
