"""预订: who has a room from when to when, the series it belongs to, and the hand-over of the room."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from communities.models.spans import Span
from core import clock
from venues.models.rooms import Room


class Use(models.TextChoices):
    """用途. What may give way to what, `venues.priority` says."""

    RESIDENT = "resident", "居民自用"
    TEAM = "team", "团队活动"
    PARTNER = "partner", "合伙人服务"
    SCHOOL = "school", "夜校"
    ACTIVITY = "activity", "社区活动"
    MEETING = "meeting", "社区会议"
    CARE = "care", "托管"
    CLOSED = "closed", "检修停用"


class BookingSeries(models.Model):
    """系列预订: the same hours week after week; the days that were left out stay visible, each with its reason."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="series", verbose_name="活动室")
    use = models.CharField("用途", max_length=10, choices=Use.choices)
    title = models.CharField("事由", max_length=60)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="星期")
    starts = models.TimeField("开始")
    minutes = models.PositiveSmallIntegerField("时长（分钟）")
    first = models.DateField("从")
    last = models.DateField("到")
    skipped = models.JSONField("跳过的日期", default=list)  # [["2026-10-01", "国庆节"], …]
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    made_at = models.DateTimeField("办理时间", default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="booking_series_in_order"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=900), name="booking_series_minutes"),
        ]

    def __str__(self) -> str:
        return self.title


class BookingQuerySet(models.QuerySet["Booking"]):
    def for_staff(self, user: User) -> "BookingQuerySet":
        return self.filter(room__community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "BookingQuerySet":
        return self.filter(resident=resident)

    def holding(self) -> "BookingQuerySet":
        """Those that keep everybody else out."""
        return self.filter(status=Booking.Status.BOOKED)

    def meeting(self, begin: datetime, end: datetime) -> "BookingQuerySet":
        """Those that touch the time from `begin` to `end`, the gap after each included."""
        return self.filter(starts_at__lt=end, blocked_until__gt=begin)


class Booking(models.Model):
    """预订. `blocked_until` is the end with the time to tidy up and change over; two of one room never overlap (EXCLUDE).

    A class, an activity or a childcare time that is in a room holds one: so childcare and adults never share a room.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", "已预订"
        CANCELLED = "cancelled", "已取消"
        DISPLACED = "displaced", "已调整"
        RELEASED = "released", "未确认已释放"
        NO_SHOW = "no_show", "预订未到"

    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings", verbose_name="活动室")
    series = models.ForeignKey(
        BookingSeries, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name="系列"
    )
    use = models.CharField("用途", max_length=10, choices=Use.choices)
    title = models.CharField("事由", max_length=60)
    unit = models.CharField("使用单位", max_length=60, blank=True)
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="room_bookings", verbose_name="预订居民"
    )
    people = models.PositiveSmallIntegerField("人数", null=True, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    blocked_until = models.DateTimeField("占用到", editable=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.BOOKED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("预订时间", default=clock.now)
    reconfirmed_at = models.DateTimeField("再次确认时间", null=True)
    ended_at = models.DateTimeField("变动时间", null=True)  # cancelled, displaced, released or marked as not come
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="变动办理人")
    end_reason = models.CharField("变动原因", max_length=60, blank=True)
    displaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="让给")
    excused_at = models.DateTimeField("未到不计时间", null=True)
    excused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="不计办理人")
    excuse = models.CharField("不计原因", max_length=60, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["room", "starts_at"], name="booking_of_room"),
            models.Index(
                fields=["resident", "-starts_at"], name="booking_of_resident", condition=Q(resident__isnull=False)
            ),
            models.Index(fields=["starts_at"], name="booking_ahead", condition=Q(status="booked")),
        ]
        constraints = [
            ExclusionConstraint(
                name="booking_no_overlap",
                expressions=[("room", RangeOperators.EQUAL), (Span("starts_at", "blocked_until"), RangeOperators.OVERLAPS)],
                condition=Q(status="booked"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), blocked_until__gte=F("ends_at")), name="booking_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="booked", ended_at=None, ended_by=None, end_reason="")
                | (~Q(status="booked") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="booking_ended_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="displaced") & Q(displaced_by__isnull=False)) | (~Q(status="displaced") & Q(displaced_by=None)),
                name="booking_displaced_by",
            ),
            models.CheckConstraint(
                condition=Q(excused_at=None, excused_by=None, excuse="")
                | (Q(status="no_show", excused_at__isnull=False, excused_by__isnull=False) & ~Q(excuse="")),
                name="booking_excused_when",
            ),
            models.CheckConstraint(condition=~Q(use="resident") | Q(resident__isnull=False), name="booking_resident_named"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class RoomCheckQuerySet(models.QuerySet["RoomCheck"]):
    def for_staff(self, user: User) -> "RoomCheckQuerySet":
        return self.filter(booking__room__community__in=Community.objects.for_staff(user))

    def finished(self) -> "RoomCheckQuerySet":
        return self.exclude(finished_at=None)


class RoomCheck(models.Model):
    """交接记录: what the room was like at the beginning and at the end, each written down by a person.

    Whoever came to the end alone says nothing of the beginning: it stays empty.
    """

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="room_check", verbose_name="预订")
    began_at = models.DateTimeField("开始检查时间", null=True)
    began_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开始检查人")
    began_well = models.BooleanField("开始时完好", null=True)
    began_note = models.CharField("开始时情况", max_length=100, blank=True)
    finished_at = models.DateTimeField("结束检查时间", null=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束检查人")
    water_off = models.BooleanField("水已关", null=True)
    power_off = models.BooleanField("电已断", null=True)
    locked = models.BooleanField("门窗已锁", null=True)
    damage = models.CharField("损坏", max_length=200, blank=True)
    signed = models.CharField("使用人签字", max_length=40, blank=True)

    objects = RoomCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(began_at=None, began_by=None, began_well=None, began_note="", finished_at__isnull=False)
                | Q(began_at__isnull=False, began_by__isnull=False, began_well__isnull=False),
                name="room_check_begun_whole",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_by=None)
                | Q(
                    finished_at__isnull=False, finished_by__isnull=False, water_off__isnull=False,
                    power_off__isnull=False, locked__isnull=False,
                ),
                name="room_check_finished_whole",
            ),
            models.CheckConstraint(
                condition=Q(began_at=None) | Q(finished_at=None) | Q(finished_at__gte=F("began_at")),
                name="room_check_in_order",
            ),
        ]  # fmt: skip

    @property
    def in_order(self) -> bool:
        """Water, power and doors as they should be, and nothing broken."""
        return bool(self.water_off and self.power_off and self.locked and not self.damage)
