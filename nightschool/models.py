"""夜校: courses, their sessions, and who has a seat."""

import secrets
from datetime import date, datetime, time

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from communities.models import Community, Resident, User
from core import clock
from partners.models import Partner
from points.models import Entry, Lot, Posting
from venues.models import Room


def new_token() -> str:
    """128 random bits, for the address in a QR code."""
    return secrets.token_urlsafe(16)


def new_number() -> str:
    """Seven random digits and a check digit (Luhn), for reading aloud at the desk."""
    digits = f"{secrets.randbelow(10**7):07d}"
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits))]
    return f"{digits}{-sum(d - 9 if d > 9 else d for d in doubled) % 10}"


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
        """Courses that take sign-ups at `at` and still have a seat."""
        return self.filter(status=Course.Status.OPEN, opens_at__lte=at, closes_at__gt=at, taken__lt=F("capacity"))

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
        sessions = Session.objects.filter(course=OuterRef("pk")).order_by("starts_at")
        return self.annotate(starts=ArraySubquery(sessions.values("starts_at")))

    def with_class_of_the_day(self, at: datetime) -> "CourseQuerySet":
        """Adds `today_at` and `today_number` of the class that is still to come, or not yet over, on `at`'s day."""
        sessions = Session.objects.of_the_day(at).filter(course=OuterRef("pk")).order_by("starts_at")
        return self.annotate(
            today_at=Subquery(sessions.values("starts_at")[:1]), today_number=Subquery(sessions.values("number")[:1])
        )

    def with_timetable(self) -> "CourseQuerySet":
        """Adds `starts_at`, `ends_at` (first and last session) and `lessons`."""
        return self.annotate(
            starts_at=Min("sessions__starts_at"), ends_at=Max("sessions__ends_at"), lessons=Count("sessions")
        )

    def with_view_of(self, resident: Resident | None, at: datetime) -> "CourseQuerySet":
        """Adds what decides for `resident`: `first_starts_at`, `seat_id`, `spendable`; one query for the whole look."""
        seated = Enrolment.objects.seated().filter(course=OuterRef("pk"), resident=resident)
        lots = Lot.objects.filter(wallet__resident=resident, remaining__gt=0, expires_on__gte=clock.local(at).date())
        first = Session.objects.filter(course=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
        total = lots.order_by().values("wallet").annotate(total=Sum("remaining")).values("total")
        return self.annotate(
            first_starts_at=Subquery(first), seat_id=Subquery(seated.values("pk")[:1]),
            spendable=Coalesce(Subquery(total), 0),
        )  # fmt: skip


class Course(models.Model):
    """课程. `taken` is kept by a trigger on the enrolments; the CHECK is the promise (nightschool/sql)."""

    class Category(models.TextChoices):
        FLOWERS = "flowers", "花艺"
        BODY = "body", "形体"
        ARTS = "arts", "艺术"
        SKILLS = "skills", "技能"
        HEALTH = "health", "健康"

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
    term = models.CharField("期次", max_length=20)
    teacher = models.CharField("老师", max_length=40)
    summary = models.CharField("简介", max_length=300, blank=True)
    bring = models.CharField("自备物品", max_length=100, blank=True)
    safety = models.CharField("安全提示", max_length=100, blank=True)
    for_beginners = models.BooleanField("零基础", default=True)
    min_age = models.PositiveSmallIntegerField("最低年龄", default=18)
    max_age = models.PositiveSmallIntegerField("最高年龄", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("名额")
    taken = models.PositiveSmallIntegerField("已报", default=0, editable=False)
    price = models.PositiveIntegerField("所需积分")
    opens_at = models.DateTimeField("报名开始")
    closes_at = models.DateTimeField("报名截止")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    cancelled_at = models.DateTimeField("停办时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停办办理人"
    )
    cancel_reason = models.CharField("停办原因", max_length=60, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "closes_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("capacity")), name="course_seats"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="course_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at=None)),
                name="course_cancelled_when",
            ),
        ]

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
        return self.capacity - self.taken

    @property
    def nearly_full(self) -> bool:
        """名额紧张: at most five seats, or at most a fifth of them."""
        return 0 < self.seats_left <= max(5, self.capacity // 5)


class SessionQuerySet(models.QuerySet["Session"]):
    def starting(self, after: datetime, until: datetime) -> "SessionQuerySet":
        return self.filter(starts_at__gt=after, starts_at__lte=until, course__status=Course.Status.OPEN)

    def of_the_day(self, at: datetime) -> "SessionQuerySet":
        """Classes of `at`'s day in Shanghai that are not yet over."""
        day = clock.local(at).date()
        return self.filter(
            starts_at__gte=clock.at(day, time()), starts_at__lt=clock.midnight_after(day), ends_at__gt=at
        )


class Session(models.Model):
    """课次."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="sessions", verbose_name="课程")
    number = models.PositiveSmallIntegerField("第几课")
    topic = models.CharField("内容", max_length=40, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="session_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
        ]

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


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_staff(self, user: User) -> "EnrolmentQuerySet":
        """Enrolments in courses of the staff's own communities; the resident may be of another one."""
        return self.filter(course__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "EnrolmentQuerySet":
        return self.filter(resident=resident)

    def seated(self) -> "EnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.SEATED)

    def with_next_session(self, at: datetime) -> "EnrolmentQuerySet":
        """Adds `next_starts_at` and `next_number` (None when the course is over), and `first_starts_at`."""
        sessions = Session.objects.filter(course=OuterRef("course")).order_by("starts_at")
        coming = sessions.filter(ends_at__gt=at)
        return self.annotate(
            next_starts_at=Subquery(coming.values("starts_at")[:1]), next_number=Subquery(coming.values("number")[:1]),
            first_starts_at=Subquery(sessions.values("starts_at")[:1]),
        )  # fmt: skip

    def with_payment(self) -> "EnrolmentQuerySet":
        """Adds `by_purse` (家庭积分 paid) and `balance_after`: what stood in the own wallet right after paying from it."""
        paid = Posting.objects.filter(entry=OuterRef("entry"), source__resident=OuterRef("resident"))
        return self.annotate(
            balance_after=Subquery(paid.values("source_balance")[:1]), by_purse=Q(entry__payer__isnull=False)
        )

    def coming(self, at: datetime) -> "EnrolmentQuerySet":
        """Seats whose course has a class to come, the next class first."""
        return self.seated().filter(_class_after(at)).with_next_session(at).order_by(F("next_starts_at"), "pk")

    def over(self, at: datetime) -> "EnrolmentQuerySet":
        """Given back, or of a course whose last class is over; the newest first."""
        given_back = Q(status=Enrolment.Status.CANCELLED)
        return self.filter(given_back | ~_class_after(at)).with_next_session(at).order_by("-pk")


def _class_after(at: datetime) -> Exists:
    return Exists(Session.objects.filter(course=OuterRef("course"), ends_at__gt=at))


class Enrolment(models.Model):
    """报名: one seat, paid by one ledger entry; cancelled, it is reversed by another."""

    class Status(models.TextChoices):
        SEATED = "seated", "已报名"
        CANCELLED = "cancelled", "已退课"

    class Channel(models.TextChoices):
        PHONE = "phone", "手机"
        DESK = "desk", "窗口"
        API = "api", "接口"

    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments", verbose_name="课程")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="enrolments", verbose_name="居民")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.SEATED)
    channel = models.CharField("报名渠道", max_length=10, choices=Channel.choices)
    price = models.PositiveIntegerField("积分")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("报名时间", default=clock.now)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="扣分凭证")
    refund = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="退分凭证")
    cancelled_at = models.DateTimeField("退课时间", null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退课办理人")
    cancel_reason = models.CharField("退课原因", max_length=100, blank=True)
    token = models.CharField("二维码", max_length=32, unique=True, default=new_token)
    number = models.CharField("报名码", max_length=8, default=new_number)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["course", "status"]),
            models.Index(fields=["resident", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["course", "resident"], condition=Q(status="seated"), name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(status="seated", cancelled_at=None) | Q(status="cancelled", cancelled_at__isnull=False),
                name="enrolment_cancelled_when",
            ),
            models.CheckConstraint(
                condition=Q(price=0, entry=None) | Q(price__gt=0, entry__isnull=False), name="enrolment_paid_by_entry"
            ),
            models.CheckConstraint(
                condition=Q(status="seated", refund=None)
                | Q(status="cancelled", price=0, refund=None)
                | Q(status="cancelled", price__gt=0, refund__isnull=False),
                name="enrolment_refunded_by_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.get_status_display()}"

    @property
    def spoken_number(self) -> str:
        """4826 1573."""
        return f"{self.number[:4]} {self.number[4:]}"

    @property
    def serial(self) -> str:
        """YX20251125-000318."""
        return f"YX{clock.local(self.at):%Y%m%d}-{self.pk:06d}"
