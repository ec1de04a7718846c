"""参加: who signed up, was there, was recorded and confirmed."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, QuerySet

from activities.models.awards import Award
from communities.models import Community, Resident, User
from communities.models.spans import Span
from core import clock


class Means(models.TextChoices):
    """How presence was seen. A code that changes every minute is the first of two confirmations; the others are one person's word."""

    CODE = "code", "动态码"
    LIST = "list", "组织人名单"
    DESK = "desk", "工作人员录入"
    SHEET = "sheet", "签到表"
    FORGOTTEN = "forgotten", "忘记签退"


class ParticipationQuerySet(QuerySet["Participation"]):
    def for_staff(self, user: User) -> "ParticipationQuerySet":
        return self.filter(activity__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "ParticipationQuerySet":
        return self.filter(resident=resident)

    def standing(self) -> "ParticipationQuerySet":
        """Not given back; one per person and activity."""
        return self.exclude(status=Participation.Status.CANCELLED)

    def in_line(self) -> "ParticipationQuerySet":
        """候补, whose turn comes first first."""
        return self.filter(status=Participation.Status.WAITING).order_by("at", "pk")

    def with_people(self) -> "ParticipationQuerySet":
        """Everything that a line of a list shows, in one query."""
        return self.select_related("activity__community", "resident__estate", "recorded_by", "confirmed_by", "award")

    def awaiting_points(self) -> "ParticipationQuerySet":
        """待入账: recorded by one person, not yet confirmed by another."""
        return self.filter(status=Participation.Status.RECORDED)


class Participation(models.Model):
    """参加: signed up → recorded → confirmed by another, who is not the beneficiary or of the household.

    `arrived_at` and `left_at` are what was seen, `served_from` to `served_to` what counts of it: nobody serves in two places.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "候补"
        SIGNED_UP = "signed_up", "已报名"
        RECORDED = "recorded", "待入账"
        CONFIRMED = "confirmed", "已确认"
        ABSENT = "absent", "未到场"
        CANCELLED = "cancelled", "已取消"

    activity = models.ForeignKey(
        "activities.Activity", models.PROTECT, related_name="participations", verbose_name="活动"
    )
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="participations", verbose_name="居民")
    # Of somebody under 14: who agreed and is there (domain guide, 3.6). The points are theirs, the hours the child's.
    guardian = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监护人"
    )
    # Somebody saw the guardian on the spot: without it a child's service is not recorded.
    guardian_there = models.BooleanField("监护人在场", default=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.SIGNED_UP)
    at = models.DateTimeField("报名时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    arrived_at = models.DateTimeField("签到时间", null=True)
    arrived_how = models.CharField("签到方式", max_length=10, choices=Means.choices, blank=True)
    left_at = models.DateTimeField("签退时间", null=True)
    left_how = models.CharField("签退方式", max_length=10, choices=Means.choices, blank=True)
    served_from = models.DateTimeField("服务开始", null=True)
    served_to = models.DateTimeField("服务结束", null=True)
    minutes = models.PositiveSmallIntegerField("服务分钟", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间", null=True)
    late_reason = models.CharField("补录原因", max_length=100, blank=True)
    over_reason = models.CharField("当日超时原因", max_length=100, blank=True)
    # When and by whom somebody was marked absent, or struck out: from then on it may be appealed.
    absent_at = models.DateTimeField("标记未到场时间", null=True)
    absent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="标记人")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    points = models.PositiveIntegerField("积分", null=True)
    award = models.OneToOneField(Award, models.PROTECT, null=True, related_name="+", verbose_name="入账单")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"]),
            models.Index(fields=["activity", "status"]),
            models.Index(fields=["recorded_at"], condition=Q(recorded_at__isnull=False), name="participation_recorded"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "resident"], condition=~Q(status="cancelled"), name="participation_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["waiting", "signed_up", "absent", "cancelled"],
                    recorded_at=None, minutes=None, points=None, recorded_by=None, served_from=None, served_to=None,
                )
                | Q(
                    status__in=["recorded", "confirmed"], recorded_at__isnull=False, minutes__isnull=False,
                    points__isnull=False, recorded_by__isnull=False, served_to__gt=F("served_from"),
                ),
                name="participation_recorded_when",
            ),
            models.CheckConstraint(
                condition=(~Q(status="confirmed") & Q(confirmed_at=None, confirmed_by=None, award=None))
                | Q(status="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="participation_confirmed_when",
            ),
            models.CheckConstraint(condition=~Q(recorded_by=F("confirmed_by")), name="participation_two_people"),
            models.CheckConstraint(
                condition=~Q(status__in=["recorded", "confirmed"]) | Q(guardian=None) | Q(guardian_there=True),
                name="participation_guardian_there",
            ),
            models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=1440), name="participation_minutes"),
            models.CheckConstraint(
                condition=Q(arrived_at=None, arrived_how="", left_at=None)
                | (Q(arrived_at__isnull=False) & ~Q(arrived_how="") & (Q(left_at=None) | Q(left_at__gte=F("arrived_at")))),
                name="participation_arrived_how",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_how="") | (Q(left_at__isnull=False) & ~Q(left_how="")),
                name="participation_left_how",
            ),
            ExclusionConstraint(
                name="participation_no_overlap",
                expressions=[("resident", RangeOperators.EQUAL), (Span("served_from", "served_to"), RangeOperators.OVERLAPS)],
                condition=Q(status__in=["recorded", "confirmed"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity} {self.get_status_display()}"

    @property
    def as_seen(self) -> str:
        """How a row of a list is called in its form: with the minutes, so that nobody confirms others than were seen."""
        return f"{self.pk}:{self.minutes or ''}"

    @property
    def beneficiaries(self) -> list[Resident]:
        """Whose hours these are, and whose points: of a child under 14 the guardian's."""
        return [self.resident, *([self.guardian] if self.guardian else [])]

    @property
    def by_code(self) -> bool:
        """Whether the person came and went by the changing code: then one staff member's yes is the second of two."""
        return self.arrived_how == Means.CODE == self.left_how
