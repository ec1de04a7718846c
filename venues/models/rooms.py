"""阵地: a room, when it is open, and the secret address of a calendar."""

import secrets

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock


def new_address() -> str:
    """256 random bits: whoever knows the address reads the calendar, so nobody may guess it."""
    return secrets.token_urlsafe(32)


class RoomQuerySet(models.QuerySet["Room"]):
    def for_staff(self, user: User) -> "RoomQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def in_use(self) -> "RoomQuerySet":
        """Those that are not closed for good."""
        return self.exclude(standing=Room.Standing.CLOSED)

    def shared_with(self, resident: Resident) -> "RoomQuerySet":
        """Rooms that a resident may ask for: shared ones of the sub-district."""
        return self.in_use().filter(shared=True, community__sub_district=resident.community.sub_district_id)


class Room(models.Model):
    """One room with what an inspection and a user ask (domain guide, 12). `standing` is what the community says of it."""

    class Standing(models.TextChoices):
        IDLE = "idle", "闲置"
        USED = "used", "在用"
        CLOSED = "closed", "停用"

    community = models.ForeignKey(Community, models.PROTECT, related_name="rooms", verbose_name="社区")
    name = models.CharField("名称", max_length=40)
    place = models.CharField("位置", max_length=80)
    floor = models.CharField("楼层", max_length=20, blank=True)
    area = models.DecimalField("面积（平方米）", max_digits=6, decimal_places=1, null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("容纳人数（消防核定）", validators=[MaxValueValidator(2000)])
    facilities = models.CharField("设施", max_length=200, blank=True)
    accessible = models.BooleanField("无障碍", default=False)
    access_note = models.CharField("无障碍说明", max_length=100, blank=True)
    holder = models.CharField("产权或管理单位", max_length=60, blank=True)
    keeper = models.CharField("钥匙保管", max_length=40, blank=True)
    # The resident among them who looks at the room before and after use, on the own phone.
    keyholder = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="钥匙保管居民"
    )
    safety_person = models.CharField("安全责任人", max_length=40, blank=True)
    safety_phone = models.CharField("安全责任人电话", max_length=20, blank=True)
    standing = models.CharField("状态", max_length=10, choices=Standing.choices, default=Standing.USED)
    shared = models.BooleanField("居民可以预订", default=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="room_name"),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gt=0), name="room_area"),
            models.CheckConstraint(condition=~Q(standing="closed", shared=True), name="room_closed_not_shared"),
        ]

    def __str__(self) -> str:
        return f"{self.place}{self.name}"


class OpeningHours(models.Model):
    """开放时间: on one weekday (0 is Monday), by Shanghai's clock. A room without any follows the setting of the sub-district."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="hours", verbose_name="活动室")
    weekday = models.PositiveSmallIntegerField("星期")
    opens = models.TimeField("开门")
    closes = models.TimeField("关门")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "weekday", "opens"], name="opening_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="opening_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}—{self.closes:%H:%M}"


class EarlierHours(models.Model):
    """以前的开放时间: what the opening hours of a room were until a day, itself not included; use rates of days gone by ask.

    `spans`: [[0, "08:30", "21:00"], …]; empty: those of the sub-district.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="earlier_hours", verbose_name="活动室")
    spans = models.JSONField("开放时间", default=list)
    until = models.DateField("到")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "until"], name="earlier_hours_once_a_day")]

    def __str__(self) -> str:
        return f"{self.room} -{self.until}"


class CalendarAddress(models.Model):
    """日历订阅: a secret address of the calendar of one room or of one resident; a new one makes the old one worthless."""

    room = models.ForeignKey(Room, models.CASCADE, null=True, related_name="addresses", verbose_name="活动室")
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="+", verbose_name="居民")
    token = models.CharField("地址", max_length=64, unique=True, default=new_address)
    made_at = models.DateTimeField("生成时间", default=clock.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="生成人")
    revoked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(room=None, resident__isnull=False) | Q(room__isnull=False, resident=None),
                name="calendar_of_one",
            ),
            models.UniqueConstraint(fields=["room"], condition=Q(revoked_at=None), name="calendar_once_a_room"),
            models.UniqueConstraint(fields=["resident"], condition=Q(revoked_at=None), name="calendar_once_a_person"),
        ]
