"""报名: who has a seat, and who had one."""

import secrets
from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from communities.models import Community, Resident, User
from core import clock
from nightschool.models.sessions import PLACE, Session
from points.models import Entry, Posting


class Channel(models.TextChoices):
    """报名渠道. Those who come through PHONE and API take no seat that is held for a call or the counter."""

    PHONE = "phone", "手机"
    CALL = "call", "电话"
    DESK = "desk", "窗口"
    API = "api", "接口"


ONLINE = (Channel.PHONE, Channel.API)


def new_token() -> str:
    """128 random bits, for the address in a QR code."""
    return secrets.token_urlsafe(16)


def new_number() -> str:
    """Seven random digits and a check digit (Luhn), for reading aloud at the desk."""
    digits = f"{secrets.randbelow(10**7):07d}"
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits))]
    return f"{digits}{-sum(d - 9 if d > 9 else d for d in doubled) % 10}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_staff(self, user: User) -> "EnrolmentQuerySet":
        """Enrolments in courses of the staff's own communities; the resident may be of another one."""
        return self.filter(course__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "EnrolmentQuerySet":
        return self.filter(resident=resident)

    def seated(self) -> "EnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.SEATED)

    def with_next_session(self, at: datetime) -> "EnrolmentQuerySet":
        """Adds `next_starts_at`, `next_number` and `next_place` (None when the course is over), and `first_starts_at`."""
        sessions = Session.objects.held().filter(course=OuterRef("course")).order_by("starts_at")
        coming = sessions.filter(ends_at__gt=at)
        return self.annotate(
            next_starts_at=Subquery(coming.values("starts_at")[:1]), next_number=Subquery(coming.values("number")[:1]),
            next_place=Subquery(coming.values(place=PLACE)[:1]), first_starts_at=Subquery(sessions.values("starts_at")[:1]),
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
        given_back = ~Q(status=Enrolment.Status.SEATED)
        return self.filter(given_back | ~_class_after(at)).with_next_session(at).order_by("-pk")


def _class_after(at: datetime) -> Exists:
    return Exists(Session.objects.held().filter(course=OuterRef("course"), ends_at__gt=at))


class Enrolment(models.Model):
    """报名: one seat, paid by one ledger entry; cancelled, it is reversed by another.

    Who stays away from the first classes loses the seat (FREED): what was paid stays paid, and nothing else is taken.
    """

    class Status(models.TextChoices):
        SEATED = "seated", "已报名"
        CANCELLED = "cancelled", "已退课"
        FREED = "freed", "缺课让位"

    Channel = Channel

    course = models.ForeignKey("nightschool.Course", models.PROTECT, related_name="enrolments", verbose_name="课程")
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
    # Who was moved here from a class that was merged may think again until then, with everything returned (merging.py).
    free_until = models.DateTimeField("可退课到", null=True, blank=True)
    # 14 to 17: the guardian who agreed (domain guide, 5.3).
    guardian = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监护人"
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["course", "status"]),
            models.Index(fields=["resident", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["course", "resident"], condition=Q(status="seated"), name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(status="seated", cancelled_at=None) | (~Q(status="seated") & Q(cancelled_at__isnull=False)),
                name="enrolment_cancelled_when",
            ),
            models.CheckConstraint(
                condition=Q(price=0, entry=None) | Q(price__gt=0, entry__isnull=False), name="enrolment_paid_by_entry"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["seated", "freed"], refund=None)
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
