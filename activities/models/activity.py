"""活动: announced, joined, held; and the series that it belongs to."""

from datetime import datetime

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from activities.models.participation import Participation
from communities.models import Community, Resident, User
from core import clock
from partners.models import Partner
from venues.models import Booking, Room


class ActivityQuerySet(models.QuerySet["Activity"]):
    def for_staff(self, user: User) -> "ActivityQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def upcoming(self, at: datetime) -> "ActivityQuerySet":
        """Announced and not begun, the soonest first."""
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


class Series(models.Model):
    """系列: activities that belong together, copied from one another."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    title = models.CharField("系列", max_length=40)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="创建人")
    made_at = models.DateTimeField("创建时间", default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "title"], name="series_title")]

    def __str__(self) -> str:
        return self.title


class Activity(models.Model):
    """活动. The risk text is required: recruiting must state the risks; danger needs an insurance (志愿服务条例 12, 17).

    What is published counts; a draft is seen by staff alone. `volunteering` is frozen when it is made: only that gives hours.
    """

    class Kind(models.TextChoices):
        ENV = "ENV", "环境整治"
        CIV = "CIV", "文明劝导"
        ELD = "ELD", "助老探访"
        KID = "KID", "托管看护助理"
        PAT = "PAT", "治安巡逻"
        PRO = "PRO", "专业服务"
        EMG = "EMG", "应急服务"
        SORT = "SORT", "垃圾分类督导"
        SUPPORT = "SUPPORT", "社区活动保障"
        MEET = "MEET", "居民议事会"
        LECT = "LECT", "公益讲座"
        SALON = "SALON", "创业沙龙"
        FLASH = "FLASH", "快闪"

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        OPEN = "open", "报名中"
        FINISHED = "finished", "已结束"
        CANCELLED = "cancelled", "已取消"

    community = models.ForeignKey(Community, models.PROTECT, related_name="activities", verbose_name="社区")
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="系列"
    )
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    volunteering = models.BooleanField("志愿服务", default=True, editable=False)
    title = models.CharField("名称", max_length=40)
    place = models.CharField("集合地点", max_length=80)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动室")
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动室占用"
    )
    providers = models.ManyToManyField(Partner, blank=True, related_name="activities", verbose_name="主讲或协办")
    audience = models.CharField("面向人群", max_length=40, blank=True)
    content = models.CharField("服务内容", max_length=300)
    risk = models.CharField("风险说明", max_length=200)
    dangerous = models.BooleanField("可能有人身危险", default=False)
    insurance = models.CharField("保险单号", max_length=40, blank=True)
    equipment = models.CharField("装备", max_length=100, blank=True)
    skills = models.CharField("技能要求", max_length=100, blank=True)
    training = models.CharField("岗前培训", max_length=100, blank=True)
    min_age = models.PositiveSmallIntegerField("最低年龄", default=18)
    max_age = models.PositiveSmallIntegerField("最高年龄", null=True, blank=True)
    leader = models.CharField("负责人", max_length=40)
    leader_phone = models.CharField("负责人电话", max_length=20, blank=True)
    # The resident who leads on the spot: shows the code and ticks the list; never writes down the own presence.
    organiser = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现场组织人"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    sign_up_until = models.DateTimeField("报名截止", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("招募人数")
    taken = models.PositiveSmallIntegerField("已报", default=0, editable=False)
    summary = models.CharField("活动小结", max_length=500, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPEN)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="拟定人")
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    finished_at = models.DateTimeField("结束办理时间", null=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束办理人")
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
            # Never rescue or dangerous work for the young (domain guide, 3.6).
            models.CheckConstraint(
                condition=Q(dangerous=False) | Q(status="draft") | (~Q(insurance="") & Q(min_age__gte=18)),
                name="activity_danger_insured",
            ),
            models.CheckConstraint(
                condition=Q(max_age=None) | Q(max_age__gte=F("min_age")), name="activity_ages_in_order"
            ),
            models.CheckConstraint(
                condition=Q(sign_up_until=None) | Q(sign_up_until__lte=F("ends_at")), name="activity_sign_up_until"
            ),
            models.CheckConstraint(
                condition=(~Q(status="cancelled") & Q(cancelled_at=None, cancelled_by=None, cancel_reason=""))
                | (
                    Q(status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")
                ),
                name="activity_cancelled_when",
            ),
            models.CheckConstraint(
                condition=(~Q(status="finished") & Q(finished_at=None, finished_by=None))
                | Q(status="finished", finished_at__isnull=False, finished_by__isnull=False),
                name="activity_finished_when",
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


class FollowUp(models.Model):
    """后续: what came of a salon: a job found, an enterprise begun (mission, 6)."""

    class Kind(models.TextChoices):
        JOB = "job", "就业"
        START_UP = "start_up", "创业"
        OTHER = "other", "其他"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="follow_ups", verbose_name="活动")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    text = models.CharField("情况", max_length=200)
    on = models.DateField("日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="follow_up_says_what")]

    def __str__(self) -> str:
        return self.text
