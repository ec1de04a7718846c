"""课程: terms and courses. Classes: sessions.py; seats: enrolments.py; the line: line.py."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from communities.models import Community, Resident, SubDistrict, User
from core import clock
from nightschool.models.applications import Application
from nightschool.models.attendance import PriorityLoss
from nightschool.models.enrolments import Enrolment
from nightschool.models.line import Waiting
from nightschool.models.sessions import PLACE, Session
from partners.models import Partner
from points.models import Lot
from venues.models import Room


class Term(models.Model):
    """期次: a term of the sub-district. Its hours of sign-up are what a new course begins with; a course may have others."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="terms", verbose_name="街道")
    name = models.CharField("期次", max_length=20)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    opens_at = models.DateTimeField("报名开始", null=True, blank=True)
    closes_at = models.DateTimeField("报名截止", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sub_district", "name"], name="term_name"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="term_in_order"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")), name="term_closes_after_opening"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


HELD = ~Q(sessions__status=Session.Status.CANCELLED)


class CourseQuerySet(models.QuerySet["Course"]):
    def for_staff(self, user: User) -> "CourseQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def shown(self) -> "CourseQuerySet":
        """What residents may see."""
        return self.exclude(status=Course.Status.DRAFT)

    def upcoming(self, at: datetime) -> "CourseQuerySet":
        """Shown courses whose sign-up has not closed, the soonest first."""
        return self.shown().filter(status=Course.Status.OPEN, closes_at__gt=at).order_by(F("starts_at"), "pk")

    def open_now(self, at: datetime) -> "CourseQuerySet":
        """Courses whose sign-up is open at `at`; one where the first to come has the seat, with a seat that can be had online."""
        left = Q(taken__lt=F("capacity"), online__lt=F("capacity") - F("held")) | ~Q(mode=Course.Mode.FIRST)
        return self.filter(left, status=Course.Status.OPEN, opens_at__lte=at, closes_at__gt=at)

    def too_few(self, at: datetime) -> "CourseQuerySet":
        """Courses whose sign-up has ended with fewer people than they take, while a class is still to come.

        One that is still to be drawn or approved waits for that first.
        """
        ahead = Exists(Session.objects.held().filter(course=OuterRef("pk"), starts_at__gt=at))
        undecided = Exists(Application.objects.open().filter(course=OuterRef("pk")))
        return self.filter(ahead, ~undecided, status=Course.Status.OPEN, closes_at__lte=at, taken__lt=F("least"))

    def within_reach_of(self, resident: Resident | None) -> "CourseQuerySet":
        """Courses of the resident's sub-district; a visitor sees those of all communities that residents may join."""
        if resident is None:
            return self.filter(community__open_to_residents=True)
        return self.filter(community__sub_district=resident.community.sub_district_id)

    def with_own(self, resident: Resident | None) -> "CourseQuerySet":
        """Adds `is_own`: whether the resident's own community gives the course."""
        return self.annotate(is_own=Q(community=resident.community_id) if resident else Value(False))

    def with_starts(self) -> "CourseQuerySet":
        """Adds `starts`: when each class begins, in order."""
        sessions = Session.objects.held().filter(course=OuterRef("pk")).order_by("starts_at")
        return self.annotate(starts=ArraySubquery(sessions.values("starts_at")))

    def with_class_of_the_day(self, at: datetime) -> "CourseQuerySet":
        """Adds `today_at`, `today_number` and `today_place` of the class that is still to come, or not yet over, on `at`'s day."""
        sessions = Session.objects.of_the_day(at).filter(course=OuterRef("pk")).order_by("starts_at")
        return self.annotate(
            today_at=Subquery(sessions.values("starts_at")[:1]), today_number=Subquery(sessions.values("number")[:1]),
            today_place=Subquery(sessions.values(place=PLACE)[:1]),
        )  # fmt: skip

    def with_timetable(self) -> "CourseQuerySet":
        """Adds `starts_at`, `ends_at` (first and last session) and `lessons`."""
        return self.annotate(
            starts_at=Min("sessions__starts_at", filter=HELD),
            ends_at=Max("sessions__ends_at", filter=HELD),
            lessons=Count("sessions", filter=HELD),
        )

    def with_view_of(self, resident: Resident | None, at: datetime) -> "CourseQuerySet":
        """Adds what decides for `resident`: see `nightschool.seen.ForResident`; one query for the whole look."""
        seated = Enrolment.objects.seated().filter(course=OuterRef("pk"), resident=resident)
        lots = Lot.objects.filter(wallet__resident=resident, remaining__gt=0, expires_on__gte=clock.local(at).date())
        first = Session.objects.held().filter(course=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
        total = lots.order_by().values("wallet").annotate(total=Sum("remaining")).values("total")
        line = Waiting.objects.filter(course=OuterRef("pk"))
        mine = line.standing().filter(resident=resident).values("status")[:1]
        return self.annotate(
            first_starts_at=Subquery(first), seat_id=Subquery(seated.values("pk")[:1]),
            spendable=Coalesce(Subquery(total), 0), waits=Exists(line.in_line()), waiting=Coalesce(Subquery(mine), Value("")),
            elsewhere=_elsewhere(resident, at), late=_late(resident, at),
        )  # fmt: skip


def _elsewhere(resident: Resident | None, at: datetime) -> Q:
    """Has a seat of the same term in another course that runs, while one each is the rule."""
    others = Enrolment.objects.seated().filter(resident=resident, course__term=OuterRef("term"), course__status="open")
    return Q(Exists(others.exclude(course=OuterRef("pk"))), one_each_until__isnull=False, one_each_until__gt=at)


def _late(resident: Resident | None, at: datetime) -> Q:
    """Has lost the head start (three unexcused absences in a term), while there is one."""
    day = clock.local(at).date()
    lost = PriorityLoss.objects.filter(resident=resident, lifted_at=None, begins__lte=day, until__gte=day)
    return Q(Exists(lost), head_start_until__isnull=False, head_start_until__gt=at)


class Course(models.Model):
    """课程. `taken` is kept by a trigger on the enrolments; the CHECK is the promise (nightschool/sql)."""

    class Category(models.TextChoices):
        FLOWERS = "flowers", "花艺"
        BODY = "body", "形体"
        ARTS = "arts", "艺术"
        SKILLS = "skills", "技能"
        HEALTH = "health", "健康"
        DIGITAL = "digital", "数字生活"
        BUSINESS = "business", "创业"

    class Mode(models.TextChoices):
        FIRST = "first", "先到先得"
        DRAW = "draw", "抽签"
        APPROVAL = "approval", "社区审核"

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        OPEN = "open", "开放"
        CANCELLED = "cancelled", "已停办"

    community = models.ForeignKey(Community, models.PROTECT, related_name="courses", verbose_name="社区")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+", verbose_name="教室")
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name="提供方"
    )
    title = models.CharField("课程", max_length=40)
    category = models.CharField("类别", max_length=10, choices=Category.choices)
    term = models.ForeignKey(Term, models.PROTECT, related_name="courses", verbose_name="期次")
    teacher = models.CharField("老师", max_length=40)
    # The teacher who is a resident keeps the list on the own phone; one of a partner is known by name.
    taught_by = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="授课居民"
    )
    summary = models.CharField("简介", max_length=300, blank=True)
    audience = models.CharField(
        "适合人群", max_length=60, blank=True, help_text="如“想学插花的居民，坐着上课”。年龄在下面填。"
    )
    bring = models.CharField("自备物品", max_length=100, blank=True)
    safety = models.CharField("安全提示", max_length=100, blank=True)
    fee = models.CharField(
        "材料费", max_length=60, blank=True, help_text="没有就不填；有的话写明多少钱、交给谁、用在哪里。"
    )
    for_beginners = models.BooleanField("零基础", default=True)
    min_age = models.PositiveSmallIntegerField("最低年龄", default=18)
    max_age = models.PositiveSmallIntegerField("最高年龄", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("名额")
    least = models.PositiveSmallIntegerField("最少开班人数", default=0)
    # Seats and open offers; those of them that were taken online; both kept by triggers (nightschool/sql).
    taken = models.PositiveSmallIntegerField("已报", default=0, editable=False)
    online = models.PositiveSmallIntegerField("网上已报", default=0, editable=False)
    held = models.PositiveSmallIntegerField("为电话和窗口预留", default=0)
    held_until = models.DateTimeField("预留到", null=True, blank=True)
    mode = models.CharField("报名方式", max_length=10, choices=Mode.choices, default=Mode.FIRST)
    # Fixed when the course opens, from the settings of that day. Until then: the own community alone (if `own_first`), and
    # nobody who lost the head start (PriorityLoss).
    head_start_until = models.DateTimeField("优先报名到", null=True, blank=True)
    own_first = models.BooleanField("优先时段只限本社区居民", default=False)
    one_each_until = models.DateTimeField("每人限报一门到", null=True, blank=True)
    price = models.PositiveIntegerField("所需积分")
    opens_at = models.DateTimeField("报名开始")
    closes_at = models.DateTimeField("报名截止")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    cancelled_at = models.DateTimeField("停办时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停办办理人"
    )
    cancel_reason = models.CharField("停办原因", max_length=60, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入课程"
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="沿用自"
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "closes_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("capacity")), name="course_seats"),
            # What is taken online leaves alone what is held for a call or the counter. PostgreSQL asks in the order of the
            # names: where both are broken the course is full, and that is what people read.
            models.CheckConstraint(
                condition=Q(online__lte=F("taken")) & Q(online__lte=F("capacity") - F("held")),
                name="course_seats_online",
            ),
            models.CheckConstraint(condition=Q(held=0) | Q(held_until__isnull=False), name="course_held_until"),
            models.CheckConstraint(condition=Q(least__lte=F("capacity")), name="course_least"),
            models.CheckConstraint(condition=Q(merged_into=None) | Q(status="cancelled"), name="course_merged_is_cancelled"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="course_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at=None)),
                name="course_cancelled_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def sub_district_id(self) -> int:
        return self.community.sub_district_id

    @property
    def is_seated(self) -> bool:
        """Whether the resident of `with_view_of` has a seat; KeyError for a course that was read without it."""
        return self.__dict__["seat_id"] is not None

    @property
    def seats_left(self) -> int:
        """What can be had online: what is held for a call or the counter is not among it."""
        return min(self.capacity - self.taken, self.capacity - self.held - self.online)

    @property
    def nearly_full(self) -> bool:
        """名额紧张: at most five seats, or at most a fifth of them."""
        return 0 < self.seats_left <= max(5, self.capacity // 5)
