"""托管中心, 班 and 托位: where children are looked after, by whom, and who has a place or waits for one."""

from datetime import date, time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock
from partners.models import Partner
from venues.models import BookingSeries, Room

# Whoever is still there after midnight belongs to the day before until then (`childcare_day_of` says the same).
NIGHT = time(6)


def care_day() -> date:
    """The day of care that runs now: until `NIGHT` the day before."""
    now = clock.local(clock.now())
    return now.date() if now.time() >= NIGHT else now.date() - timedelta(days=1)


class CentreQuerySet(models.QuerySet["Centre"]):
    def for_staff(self, user: User) -> "CentreQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of_caregiver(self, user: User, *, lead: bool = False) -> "CentreQuerySet":
        """The centres where `user` is on the staff list today under a record check that counts on the day of care, which lasts
        until `NIGHT`; with `lead` those that they head. Whoever's is missing, not clear or overdue works with no child and reads
        of none (未成年人保护法 62)."""
        mine = Q(staffers__account=user, staffers__left_on=None, staffers__record_due__gte=care_day())
        here = self.filter(mine & Q(staffers__is_lead=True) if lead else mine)
        held = user.duties.current().filter(role="caregiver").values("community")
        return here.filter(community__in=held).distinct()

    def open_on(self, day: object) -> "CentreQuerySet":
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)


class Centre(models.Model):
    """托管中心: run by a partner under agreement (`operator`). `licensed` is how many children its papers allow at once."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="care_centres", verbose_name="社区")
    operator = models.ForeignKey(Partner, models.PROTECT, related_name="care_centres", verbose_name="运营单位")
    name = models.CharField("名称", max_length=40)
    address = models.CharField("地址", max_length=80)
    phone = models.CharField("电话", max_length=20, blank=True)
    licensed = models.PositiveSmallIntegerField("核定人数")
    opened_on = models.DateField("开办日期", default=clock.today)
    closed_on = models.DateField("停办日期", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = CentreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="centre_name"),
            models.CheckConstraint(condition=Q(licensed__gte=1, licensed__lte=2000), name="centre_licensed"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="centre_closed_after_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupQuerySet(models.QuerySet["Group"]):
    def for_staff(self, user: User) -> "GroupQuerySet":
        return self.filter(centre__community__in=Community.objects.for_staff(user))

    def of_caregiver(self, user: User) -> "GroupQuerySet":
        return self.filter(centre__in=Centre.objects.of_caregiver(user))

    def running_on(self, day: object) -> "GroupQuerySet":
        return self.filter(status=Group.Status.OPEN, first_on__lte=day, last_on__gte=day)


class Group(models.Model):
    """班: the same children on the same weekdays in one room. `taken` is counted by trigger: who has a place, and open offers."""

    class Kind(models.TextChoices):
        AFTER_SCHOOL = "after_school", "放学后"
        HOLIDAY = "holiday", "寒暑假"
        DROP_IN = "drop_in", "临时"

    class Status(models.TextChoices):
        DRAFT = "draft", "筹备中"
        OPEN = "open", "开放"
        CLOSED = "closed", "已结束"

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="groups", verbose_name="托管中心")
    name = models.CharField("班名", max_length=40)
    kind = models.CharField("班次", max_length=20, choices=Kind.choices)
    room = models.ForeignKey(Room, models.PROTECT, related_name="care_groups", verbose_name="活动室")
    series = models.ForeignKey(BookingSeries, models.PROTECT, null=True, related_name="+", verbose_name="占用")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="星期")  # 0 is Monday
    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    first_on = models.DateField("从")
    last_on = models.DateField("到")
    seats = models.PositiveSmallIntegerField("座位数")
    # The least of area / 4 m², seats and licence (domain guide, 6.3) when it was opened.
    capacity = models.PositiveSmallIntegerField("名额", default=0)
    taken = models.PositiveSmallIntegerField("已占名额", default=0, editable=False)
    # By how many days a week a child comes: {"5": 60000, "3": 42000}, in fen a month; of 临时 {"1": 4000}, in fen a day.
    fees = models.JSONField("收费（分）", default=dict)
    grades = models.CharField("适合年级", max_length=40, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    opened_at = models.DateTimeField("开放时间", null=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开放人")
    closed_at = models.DateTimeField("结束时间", null=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "name", "first_on"], name="group_name"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="group_places"),
            models.CheckConstraint(condition=Q(capacity__lte=F("seats")), name="group_capacity_seats"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"), ends__gt=F("starts")), name="group_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", opened_at=None, opened_by=None)
                | Q(~Q(status="draft"), opened_at__isnull=False, opened_by__isnull=False),
                name="group_opened_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="closed") & Q(closed_at__isnull=False)) | (~Q(status="closed") & Q(closed_at=None)),
                name="group_closed_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    def for_staff(self, user: User) -> "PlaceQuerySet":
        return self.filter(group__centre__community__in=Community.objects.for_staff(user))

    def of_caregiver(self, user: User) -> "PlaceQuerySet":
        return self.filter(group__in=Group.objects.of_caregiver(user))

    def held(self) -> "PlaceQuerySet":
        return self.filter(status=Place.Status.HELD)

    def held_on(self, day: object) -> "PlaceQuerySet":
        """Whose place covers `day`: those who still have it, and those whose place ended later."""
        covers = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(covers, status__in=[Place.Status.HELD, Place.Status.ENDED], starts_on__lte=day)

    def waiting(self) -> "PlaceQuerySet":
        """The line in its order: the tier that the published rules give, then who asked first."""
        return self.filter(status=Place.Status.WAITING).order_by("-tier", "joined_at", "pk")


class Place(models.Model):
    """托位: one child in one group, from asking to the last day. `tier` is 1 for who goes first by any of the published rules,
    else 0: which rule it was, is not kept (a reader could tell hardship from it)."""

    class Status(models.TextChoices):
        WAITING = "waiting", "候补中"
        OFFERED = "offered", "待家长确认"
        HELD = "held", "在托"
        ENDED = "ended", "已离开"
        WITHDRAWN = "withdrawn", "已放弃"

    class EndReason(models.TextChoices):
        GUARDIAN = "guardian", "家长提出"
        GRADUATED = "graduated", "班次结束"
        MOVED = "moved", "转班"
        LATE = "late", "多次晚接"
        CONSENT = "consent", "撤回同意"
        EXPIRED = "expired", "超时未确认"
        CENTRE = "centre", "中心停办"
        UNFIT = "unfit", "轮到时不符合条件"

    group = models.ForeignKey(Group, models.PROTECT, related_name="places", verbose_name="班")
    child = models.ForeignKey(Resident, models.PROTECT, related_name="care_places", verbose_name="孩子")
    # Who asked and whose points pay; a guardian of the child.
    payer = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="付费监护人")
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    plan = ArrayField(models.PositiveSmallIntegerField(), verbose_name="每周哪几天")  # 0 is Monday
    lunch = models.BooleanField("用餐", default=False)
    nap = models.BooleanField("午休", default=False)
    alone = models.BooleanField("可自行离开", default=False)
    tier = models.PositiveSmallIntegerField("优先", default=0)
    joined_at = models.DateTimeField("登记时间", default=clock.now)
    offered_until = models.DateTimeField("确认期限", null=True)
    starts_on = models.DateField("开始日期", null=True)
    ends_on = models.DateField("最后一天", null=True)
    ended_at = models.DateTimeField("变动时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="变动经办人")
    end_reason = models.CharField("原因", max_length=10, choices=EndReason.choices, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["group", "-tier", "joined_at"], condition=Q(status="waiting"), name="place_line"),
            models.Index(fields=["child", "-id"], name="place_of_child"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "child"], condition=Q(status__in=["waiting", "offered", "held"]), name="place_once"
            ),
            models.CheckConstraint(condition=~Q(child=F("payer")), name="place_payer_is_another"),
            models.CheckConstraint(condition=Q(tier__lte=1), name="place_tier"),
            models.CheckConstraint(
                condition=(Q(status="offered") & Q(offered_until__isnull=False))
                | (~Q(status="offered") & Q(offered_until=None)),
                name="place_offered_until",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["held", "ended"]) | Q(starts_on__isnull=False), name="place_starts_when"
            ),
            models.CheckConstraint(
                # Who knows the last day beforehand keeps the place until then, with the reason.
                condition=(
                    Q(status__in=["ended", "withdrawn"], ended_at__isnull=False, ended_by__isnull=False)
                    & ~Q(end_reason="")
                )
                | Q(status__in=["waiting", "offered"], ended_at=None, ended_by=None, end_reason="")
                | Q(status="held", ended_at=None, ends_on__isnull=False)
                | Q(status="held", ended_at=None, ends_on=None, ended_by=None, end_reason=""),
                name="place_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="place_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(status="ended") | Q(ends_on__isnull=False), name="place_last_day"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.get_status_display()}"
