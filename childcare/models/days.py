"""每天: who was expected, who came, who was called, who left; and the calls when a child is missing or not collected."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from childcare.models.places import Group, Place
from communities.models import Community, Resident, User
from core import clock


class Attendance(models.Model):
    """到班: one child on one day. `state_sealed` is what the morning look said of body and mood, sealed: it is health."""

    class Absence(models.TextChoices):
        LEAVE = "leave", "家长请假"
        SICK = "sick", "因病"
        SCHOOL = "school", "学校安排"
        UNEXCUSED = "unexcused", "无故未到"

    place = models.ForeignKey(Place, models.PROTECT, related_name="attendances", verbose_name="托位")
    day = models.DateField("日期")
    arrived_at = models.DateTimeField("到班时间", null=True)
    brought_by = models.CharField("送达人", max_length=20, blank=True)
    state_sealed = models.BinaryField("晨午检（加密）", null=True, editable=False)
    left_at = models.DateTimeField("离开时间", null=True)  # written with the hand-over, by trigger
    absence = models.CharField("缺勤", max_length=10, choices=Absence.choices, blank=True)
    absent_at = models.DateTimeField("缺勤登记时间", null=True)
    on_paper = models.BooleanField("纸质补录", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["day"], name="attendance_of_day")]
        constraints = [
            models.UniqueConstraint(fields=["place", "day"], name="care_attendance_once"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=False, absence="", absent_at=None)
                | (Q(arrived_at=None, left_at=None, absent_at__isnull=False) & ~Q(absence="")),
                name="care_attendance_one_of_two",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=models.F("arrived_at")), name="care_attendance_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class RollCall(models.Model):
    """点名: at each move, who was there. A child that should be there and is not is called out loud at once."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="roll_calls", verbose_name="班")
    day = models.DateField("日期")
    at = models.DateTimeField("点名时间", default=clock.now)
    occasion = models.CharField("场合", max_length=20)
    present = ArrayField(models.BigIntegerField(), verbose_name="在的托位")
    missing = ArrayField(models.BigIntegerField(), verbose_name="不在的托位")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="点名人")

    class Meta:
        indexes = [models.Index(fields=["group", "-day", "-at"], name="roll_call_newest")]

    def __str__(self) -> str:
        return self.occasion


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def for_staff(self, user: User) -> "AlarmQuerySet":
        return self.filter(place__group__centre__community__in=Community.objects.for_staff(user))

    def open(self) -> "AlarmQuerySet":
        return self.filter(closed_at=None)


class Alarm(models.Model):
    """未到 or 未接: opened by the sweep 15 minutes after, closed when the child is safe, and open again when it was not."""

    class Kind(models.TextChoices):
        NOT_ARRIVED = "not_arrived", "未到班"
        NOT_COLLECTED = "not_collected", "未接走"

    place = models.ForeignKey(Place, models.PROTECT, related_name="alarms", verbose_name="托位")
    day = models.DateField("日期")
    kind = models.CharField("类别", max_length=15, choices=Kind.choices)
    opened_at = models.DateTimeField("开始时间")
    step = models.PositiveSmallIntegerField("打到第几位", default=0)  # 0 guardians, 1 contacts, 2 head
    held_until = models.DateTimeField("等到", null=True)  # somebody is on the way: then the calls go on
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束人")
    outcome = models.CharField("结果", max_length=60, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "day", "kind"], name="alarm_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False, held_until=None) & ~Q(outcome="")),
                name="alarm_closed_when",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Call(models.Model):
    """电话记录 of an alarm: whom (`key` is the person, chain.py; two may bear one label), with what result."""

    class Result(models.TextChoices):
        REACHED = "reached", "已接通"
        NO_ANSWER = "no_answer", "无人接听"
        WRONG = "wrong", "号码不对"

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="calls", verbose_name="呼叫")
    key = models.CharField(max_length=24, editable=False)
    whom = models.CharField("打给", max_length=40)  # 监护人（母亲）, 紧急联系人1（祖父）
    result = models.CharField("结果", max_length=10, choices=Result.choices)
    note = models.CharField("说明", max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拨打人")
    at = models.DateTimeField("时间", default=clock.now)

    def __str__(self) -> str:
        return self.whom


class LeaveNote(models.Model):
    """请假: said by a guardian (`said_by`), also by way of staff; taken back until the day is over."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="leave_notes", verbose_name="托位")
    day = models.DateField("日期")
    reason = models.CharField("原因", max_length=10, choices=Attendance.Absence.choices, default="leave")
    said_by = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="+", verbose_name="请假的监护人")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    at = models.DateTimeField("提出时间", default=clock.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "day"], condition=Q(withdrawn_at=None), name="leave_note_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class LateMark(models.Model):
    """晚接: one line for each late collection; three cost the place (setting), and may be excused by a head with a reason."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="late_marks", verbose_name="托位")
    child = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="孩子")
    day = models.DateField("日期")
    minutes = models.PositiveSmallIntegerField("晚接分钟")
    excused_at = models.DateTimeField("不计时间", null=True)
    excused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="不计经办人")
    excuse = models.CharField("不计原因", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "day"], name="late_mark_once"),
            models.CheckConstraint(
                condition=Q(excused_at=None, excused_by=None, excuse="")
                | (Q(excused_at__isnull=False, excused_by__isnull=False) & ~Q(excuse="")),
                name="late_mark_excused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
