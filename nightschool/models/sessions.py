"""课次: the classes of a course; each that is still to come holds its room."""

from datetime import date, datetime, time

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat

from communities.models import User
from core import clock
from venues.models import Booking, Room

PLACE = Concat("room__place", "room__name")  # where a class is held, which may be another room than the course's


class SessionQuerySet(models.QuerySet["Session"]):
    def held(self) -> "SessionQuerySet":
        """Classes that take place, at their time or another."""
        return self.exclude(status=Session.Status.CANCELLED)

    def starting(self, after: datetime, until: datetime) -> "SessionQuerySet":
        return self.held().filter(starts_at__gt=after, starts_at__lte=until, course__status="open")

    def of_the_day(self, at: datetime) -> "SessionQuerySet":
        """Classes of `at`'s day in Shanghai that are not yet over."""
        day = clock.local(at).date()
        return self.held().filter(
            starts_at__gte=clock.at(day, time()), starts_at__lt=clock.midnight_after(day), ends_at__gt=at
        )


class Session(models.Model):
    """课次. One that was moved keeps when it was to be; one that was called off (停课) frees its room and counts for nobody."""

    class Status(models.TextChoices):
        NORMAL = "normal", "正常"
        MOVED = "moved", "调课"
        CANCELLED = "cancelled", "停课"

    course = models.ForeignKey("nightschool.Course", models.CASCADE, related_name="sessions", verbose_name="课程")
    number = models.PositiveSmallIntegerField("第几课")
    topic = models.CharField("内容", max_length=40, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+", verbose_name="教室")
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="教室预订"
    )
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.NORMAL)
    planned_at = models.DateTimeField("原定时间", null=True, blank=True)
    changed_at = models.DateTimeField("变动时间", null=True, blank=True)
    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="变动办理人"
    )
    change_reason = models.CharField("变动原因", max_length=60, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="session_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status="normal", changed_at=None, changed_by=None, planned_at=None)
                | Q(status="cancelled", changed_at__isnull=False, changed_by__isnull=False)
                | Q(status="moved", changed_at__isnull=False, changed_by__isnull=False, planned_at__isnull=False),
                name="session_changed_when",
            ),
            models.CheckConstraint(condition=~Q(status="cancelled") | Q(booking=None), name="session_cancelled_frees_room"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"第{self.number}课"

    @property
    def day(self) -> date:
        """Shanghai's date of the class."""
        return clock.local(self.starts_at).date()

    @property
    def reminder(self) -> str:
        """The occasion under which its reminders are written, once per person and channel."""
        return f"session:{self.pk}:reminder"
