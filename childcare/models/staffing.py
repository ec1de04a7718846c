"""托管员工: who works at a centre, when the police record was asked for, and who is on duty on a day."""

from django.db import models
from django.db.models import F, Q

from childcare.models.places import Centre
from communities.models import Community, User
from core import clock


class StafferQuerySet(models.QuerySet["Staffer"]):
    def for_staff(self, user: User) -> "StafferQuerySet":
        return self.filter(centre__community__in=Community.objects.for_staff(user))

    def current(self) -> "StafferQuerySet":
        return self.filter(left_on=None)


class Staffer(models.Model):
    """员工 of the operator. With an `account` (duty 托管老师) they sign in; `record_due` is kept by trigger from the checks."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="staffers", verbose_name="托管中心")
    account = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="care_posts", verbose_name="登录账号"
    )
    name = models.CharField("姓名", max_length=40)
    is_lead = models.BooleanField("中心负责人", default=False)
    contract = models.CharField("协议", max_length=10, choices=[("labour", "劳动合同"), ("volunteer", "志愿协议")])
    health_until = models.DateField("健康证有效期至", null=True, blank=True)
    first_aid_on = models.DateField("急救培训日期", null=True, blank=True)
    hired_on = models.DateField("入职日期", default=clock.today)
    left_on = models.DateField("离职日期", null=True, blank=True)
    # The last day on which the newest clear record check counts (12 months, 未成年人保护法 62); None: none was made, or an answer
    # that is not clear stands.
    record_due = models.DateField("下次查询日期", null=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = StafferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "account"], condition=Q(left_on=None, account__isnull=False), name="staffer_account_once"
            ),
            models.CheckConstraint(condition=Q(left_on=None) | Q(left_on__gte=F("hired_on")), name="staffer_left_after"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class RecordCheck(models.Model):
    """违法犯罪记录查询: asked of the police before hiring and every year. Of the answer only whether it was clear is kept.

    What was written by mistake is taken back by another person, with the reason, and stays; it is never edited.
    """

    staffer = models.ForeignKey(Staffer, models.PROTECT, related_name="checks", verbose_name="员工")
    checked_on = models.DateField("查询日期")
    clear = models.BooleanField("无记录")
    until = models.DateField("有效期至")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    void_reason = models.CharField("作废原因", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staffer", "checked_on"], condition=Q(voided_at=None), name="record_check_once"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="") & ~Q(voided_by=F("by"))),
                name="record_check_voided_by_another",
            ),
            models.CheckConstraint(condition=Q(until__gte=F("checked_on")), name="record_check_until"),
        ]

    def __str__(self) -> str:
        return f"{self.checked_on}"


class Turn(models.Model):
    """当班: who is on duty at a centre on a day. A trigger lets nobody in whose record check is missing, bad or overdue."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="turns", verbose_name="托管中心")
    staffer = models.ForeignKey(Staffer, models.PROTECT, related_name="turns", verbose_name="员工")
    day = models.DateField("日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="安排人")
    at = models.DateTimeField("安排时间", default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staffer", "day"], name="turn_once")]
        indexes = [models.Index(fields=["centre", "day"], name="turn_of_day")]

    def __str__(self) -> str:
        return f"{self.day}"
