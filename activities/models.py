"""Where points are earned: an activity, who took part, what was confirmed."""

from datetime import datetime

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from communities.models import Community, Resident, User
from core import clock
from points.models import Entry


class ActivityQuerySet(models.QuerySet["Activity"]):
    def for_staff(self, user: User) -> "ActivityQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def upcoming(self, at: datetime) -> "ActivityQuerySet":
        """Open for sign-up, the soonest first."""
        return self.filter(status=Activity.Status.OPEN, starts_at__gt=at).order_by("starts_at", "pk")

    def nearest_to(self, community: Community) -> "ActivityQuerySet":
        """Those of the same sub-district, the community's own first, then the soonest; adds `elsewhere` (0 or 1)."""
        elsewhere = Case(When(community=community, then=Value(0)), default=Value(1), output_field=models.IntegerField())
        near = self.filter(community__sub_district=community.sub_district_id)
        return near.annotate(elsewhere=elsewhere).order_by("elsewhere", "starts_at", "pk")

    def with_counts(self) -> "ActivityQuerySet":
        """Adds how many people wait to be recorded, wait to be confirmed, are confirmed."""
        return self.annotate(
            signed=_people(Participation.Status.SIGNED_UP),
            recorded=_people(Participation.Status.RECORDED),
            confirmed=_people(Participation.Status.CONFIRMED),
        )

    def to_record(self, at: datetime) -> "ActivityQuerySet":
        """Over, and somebody who signed up is neither recorded nor marked absent."""
        signed = Participation.objects.filter(activity=OuterRef("pk"), status=Participation.Status.SIGNED_UP)
        return self.filter(Exists(signed), ends_at__lte=at, status=Activity.Status.OPEN)

    def to_confirm(self) -> "ActivityQuerySet":
        """Somebody is recorded and waits for the second person."""
        return self.filter(Exists(Participation.objects.awaiting_points().filter(activity=OuterRef("pk"))))


def _people(status: str) -> Coalesce:
    of_activity = Participation.objects.filter(activity=OuterRef("pk"), status=status).order_by()
    return Coalesce(Subquery(of_activity.values("activity").annotate(n=Count("pk")).values("n")), 0)


class Activity(models.Model):
    """活动. The risk text is required: recruiting must state the risks (志愿服务条例)."""

    class Kind(models.TextChoices):
        ENV = "ENV", "环境整治"
        CIV = "CIV", "文明劝导"
        ELD = "ELD", "助老探访"
        PAT = "PAT", "治安巡逻"
        PRO = "PRO", "专业服务"

    class Status(models.TextChoices):
        OPEN = "open", "报名中"
        CANCELLED = "cancelled", "已取消"

    community = models.ForeignKey(Community, models.PROTECT, related_name="activities", verbose_name="社区")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    title = models.CharField("名称", max_length=40)
    place = models.CharField("集合地点", max_length=80)
    content = models.CharField("服务内容", max_length=300)
    risk = models.CharField("风险说明", max_length=200)
    leader = models.CharField("负责人", max_length=40)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.PositiveSmallIntegerField("招募人数")
    taken = models.PositiveSmallIntegerField("已报", default=0, editable=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPEN)
    cancelled_at = models.DateTimeField("取消时间", null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="取消人")
    cancel_reason = models.CharField("取消原因", max_length=60, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "starts_at"]),
            models.Index(fields=["community", "-starts_at", "-id"], name="activity_desk"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("capacity")), name="activity_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_start"),
            models.CheckConstraint(condition=~Q(risk=""), name="activity_states_risk"),
            models.CheckConstraint(
                condition=Q(status="open", cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (
                    Q(status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")
                ),
                name="activity_cancelled_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def places_left(self) -> int:
        return self.capacity - self.taken

    @property
    def few_left(self) -> bool:
        """名额紧张: at most five places, or at most a fifth of them."""
        return 0 < self.places_left <= max(5, self.capacity // 5)

    @property
    def minutes(self) -> int:
        """How long it was planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def for_staff(self, user: User) -> "ParticipationQuerySet":
        return self.filter(activity__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "ParticipationQuerySet":
        return self.filter(resident=resident)

    def standing(self) -> "ParticipationQuerySet":
        """Not given back; one per person and activity."""
        return self.exclude(status=Participation.Status.CANCELLED)

    def with_people(self) -> "ParticipationQuerySet":
        """Everything that a line of a list shows, in one query."""
        return self.select_related("activity__community", "resident__estate", "recorded_by", "confirmed_by")

    def awaiting_points(self) -> "ParticipationQuerySet":
        """待入账: recorded by one person, not yet confirmed by another."""
        return self.filter(status=Participation.Status.RECORDED)


class Participation(models.Model):
    """参加: signed up → recorded by one staff member → confirmed by another, who is not the beneficiary or of the household."""

    class Status(models.TextChoices):
        SIGNED_UP = "signed_up", "已报名"
        RECORDED = "recorded", "待入账"
        CONFIRMED = "confirmed", "已入账"
        ABSENT = "absent", "未到场"
        CANCELLED = "cancelled", "已取消"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="participations", verbose_name="活动")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="participations", verbose_name="居民")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.SIGNED_UP)
    at = models.DateTimeField("报名时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    minutes = models.PositiveSmallIntegerField("服务分钟", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    points = models.PositiveIntegerField("积分", null=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="凭证")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["resident", "-id"]), models.Index(fields=["activity", "status"])]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "resident"], condition=~Q(status="cancelled"), name="participation_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["signed_up", "absent", "cancelled"],
                    recorded_at=None, minutes=None, points=None, recorded_by=None,
                )
                | Q(
                    status__in=["recorded", "confirmed"], recorded_at__isnull=False,
                    minutes__isnull=False, points__isnull=False, recorded_by__isnull=False,
                ),
                name="participation_recorded_when",
            ),
            models.CheckConstraint(
                condition=(~Q(status="confirmed") & Q(confirmed_at=None, confirmed_by=None, entry=None))
                | Q(status="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="participation_confirmed_when",
            ),
            models.CheckConstraint(condition=~Q(recorded_by=F("confirmed_by")), name="participation_two_people"),
            models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=480), name="participation_minutes"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity} {self.get_status_display()}"

    @property
    def as_seen(self) -> str:
        """How a row of a list is called in its form: with the minutes, so that nobody confirms others than were seen."""
        return f"{self.pk}:{self.minutes or ''}"
