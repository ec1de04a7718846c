"""候补: the line of a course. Nobody in it is charged; a seat that comes free is offered to the first, who pays by accepting."""

from datetime import datetime

from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from communities.models import Community, Resident, User
from core import clock, words
from nightschool.models.enrolments import Channel, Enrolment


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def for_staff(self, user: User) -> "WaitingQuerySet":
        return self.filter(course__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "WaitingQuerySet":
        return self.filter(resident=resident)

    def in_line(self) -> "WaitingQuerySet":
        """Those who wait, the first first."""
        return self.filter(status=Waiting.Status.WAITING).order_by("place", "pk")

    def offered(self) -> "WaitingQuerySet":
        """Those for whom a seat is kept while they make up their minds."""
        return self.filter(status=Waiting.Status.OFFERED)

    def standing(self) -> "WaitingQuerySet":
        return self.filter(status__in=[Waiting.Status.WAITING, Waiting.Status.OFFERED])

    def with_ahead(self) -> "WaitingQuerySet":
        """Adds `ahead`: how many stand before; 0 for who does not wait (any more)."""
        before = Waiting.objects.filter(course=OuterRef("course"), status="waiting", place__lt=OuterRef("place"))
        many = before.order_by().values("course").annotate(many=Count("pk")).values("many")
        mine = Case(When(status="waiting", then=Subquery(many)), output_field=IntegerField())
        return self.annotate(ahead=Coalesce(mine, 0))

    def lapsed(self, at: datetime) -> "WaitingQuerySet":
        """Offers whose time is over."""
        return self.offered().filter(offer_until__lte=at).order_by("offer_until", "pk")


class Waiting(models.Model):
    """候补. An open offer counts among the seats (`Course.taken`, kept by a trigger), so that nobody else takes it.

    `place` says who is before whom: given under the lock of the line, and changed by staff alone, with a reason (`LineMove`).
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "候补中"
        OFFERED = "offered", "待确认"
        ACCEPTED = "accepted", "已补上"
        DECLINED = "declined", "已放弃"
        LAPSED = "lapsed", "超时未确认"
        LEFT = "left", "已退出"
        OVER = "over", "未轮到"

    course = models.ForeignKey("nightschool.Course", models.PROTECT, related_name="line", verbose_name="课程")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="居民")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.WAITING)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    place = models.PositiveIntegerField("次序")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("加入时间", default=clock.now)
    guardian = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监护人"
    )
    offered_at = models.DateTimeField("轮到时间", null=True)
    offer_until = models.DateTimeField("确认截止", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, null=True, related_name="waited", verbose_name="报名")

    objects = WaitingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["course", "place", "id"], name="waiting_line", condition=Q(status="waiting")),
            models.Index(fields=["offer_until"], name="waiting_offers", condition=Q(status="offered")),
            models.Index(fields=["resident", "-id"], name="waiting_of_resident"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "resident"], condition=Q(status__in=["waiting", "offered"]), name="waiting_once"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", offered_at=None, offer_until=None)
                | (Q(status__in=["offered", "accepted", "declined", "lapsed"]) & Q(offered_at__isnull=False, offer_until__isnull=False))
                | Q(status__in=["left", "over"]),
                name="waiting_offered_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "offered"], ended_at=None)
                | (~Q(status__in=["waiting", "offered"]) & Q(ended_at__isnull=False)),
                name="waiting_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", enrolment__isnull=False) | (~Q(status="accepted") & Q(enrolment=None)),
                name="waiting_accepted_seat",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.course} {self.get_status_display()}"

    @property
    def asks_by(self) -> str:
        """请在12月2日（周二）19:00前确认; nothing without an offer."""
        return f"请在{words.moment(self.offer_until)}前确认，过时名额就给下一位。" if self.offer_until else ""

    @property
    def occasion(self) -> str:
        """The occasion of its offer's messages."""
        return f"waiting:{self.pk}:offer"


class LineMove(models.Model):
    """候补调整: staff changed the order by hand. Everybody who stood behind sees it on the own page; nothing is deleted."""

    course = models.ForeignKey("nightschool.Course", models.PROTECT, related_name="line_moves", verbose_name="课程")
    waiting = models.ForeignKey(Waiting, models.PROTECT, related_name="moves", verbose_name="候补")
    before = models.PositiveSmallIntegerField("原第几位")
    after = models.PositiveSmallIntegerField("现第几位")
    reason = models.CharField("原因", max_length=60)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="line_move_reason")]
