"""履约: what was delivered of what was promised, complaints, suspension, leaving, visits and evaluations (domain guide, 7.5)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock
from partners.models.agreements import Agreement, Promise
from partners.models.numbers import new_token
from partners.models.partners import Paper, Partner


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def for_staff(self, user: User) -> "DeliveryQuerySet":
        return self.filter(promise__agreement__community__in=Community.objects.for_staff(user))

    def confirmed(self) -> "DeliveryQuerySet":
        return self.filter(status=Delivery.Status.CONFIRMED)


class Delivery(models.Model):
    """履约记录: said by the partner or a colleague, confirmed by another one or by residents who were there (`token`)."""

    class Status(models.TextChoices):
        REPORTED = "reported", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未认可"

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="deliveries", verbose_name="承诺")
    on = models.DateField("日期")
    times = models.PositiveSmallIntegerField("次数", default=1)
    people = models.PositiveIntegerField("服务人数")
    minutes = models.PositiveIntegerField("服务分钟")
    note = models.CharField("说明", max_length=200)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="照片")
    token = models.CharField("确认码", max_length=32, default=new_token, unique=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.REPORTED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填报人")
    at = models.DateTimeField("填报时间", default=clock.now)
    # By nobody when residents confirmed it.
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    settled_at = models.DateTimeField("确认时间", null=True)
    settled_note = models.CharField("确认说明", max_length=100, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["promise", "on"], name="delivery_of_promise")]
        constraints = [
            models.CheckConstraint(condition=Q(times__gte=1, times__lte=31), name="delivery_times"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=10080), name="delivery_minutes"),
            models.CheckConstraint(
                condition=Q(status="reported", settled_at=None, settled_by=None)
                | Q(status="confirmed", settled_at__isnull=False)
                | Q(status="declined", settled_at__isnull=False, settled_by__isnull=False),
                name="delivery_settled_when",
            ),
            models.CheckConstraint(condition=Q(settled_by=None) | ~Q(settled_by=F("by")), name="delivery_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.promise} {self.on}"


class Rating(models.Model):
    """评价: one to five stars from a resident who used a voucher or was there; shown as an average of five or more."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="ratings", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="partner_ratings", verbose_name="居民")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="ratings", verbose_name="履约记录")
    voucher = models.OneToOneField("Voucher", models.PROTECT, null=True, related_name="rating", verbose_name="服务券")
    stars = models.PositiveSmallIntegerField("星")
    remark = models.CharField("意见", max_length=100, blank=True)
    at = models.DateTimeField("评价时间", default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["partner", "community", "at"], name="rating_of_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "resident"], condition=Q(delivery__isnull=False), name="rating_of_delivery_once"
            ),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_stars"),
            models.CheckConstraint(
                condition=Q(delivery__isnull=False, voucher=None) | Q(delivery=None, voucher__isnull=False),
                name="rating_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.stars)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def for_staff(self, user: User) -> "ComplaintQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def open(self) -> "ComplaintQuerySet":
        return self.exclude(status=Complaint.Status.ANSWERED)


class Complaint(models.Model):
    """投诉: taken in within one working day, answered within five, opened again once. The partner never learns by whom."""

    class Status(models.TextChoices):
        FILED = "filed", "待受理"
        ACCEPTED = "accepted", "办理中"
        ANSWERED = "answered", "已答复"

    class Kind(models.TextChoices):
        QUALITY = "quality", "服务质量"
        MANNER = "manner", "服务态度"
        PROMISE = "promise", "承诺没有兑现"
        VOUCHER = "voucher", "服务券不能用"
        FEES = "fees", "收费"
        SAFETY = "safety", "安全卫生"
        SELLING = "selling", "推销或索要个人信息"
        OTHER = "other", "其他"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="complaints", verbose_name="合伙人")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="complaints", verbose_name="居民")
    text = models.CharField("投诉内容", max_length=500)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.FILED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    at = models.DateTimeField("投诉时间", default=clock.now)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="受理人")
    accepted_at = models.DateTimeField("受理时间", null=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    upheld = models.BooleanField("属实", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    answered_at = models.DateTimeField("答复时间", null=True)
    reopened_at = models.DateTimeField("重新提出时间", null=True)
    reopened_text = models.CharField("重新提出的理由", max_length=500, blank=True)
    first_answer = models.CharField("第一次答复", max_length=500, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="complaint_of_community")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="filed", accepted_at=None) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="complaint_accepted_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="complaint_answered_when",
            ),
        ]

    def __str__(self) -> str:
        return f"投诉{self.pk}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def of(self, partner: int, community: int) -> "SuspensionQuerySet":
        """Under whichever agreement of the two: one that is renewed, or ends, lifts nothing."""
        return self.filter(agreement__partner=partner, agreement__community=community)

    def standing(self) -> "SuspensionQuerySet":
        return self.filter(lifted_at=None)


class Suspension(models.Model):
    """暂停: while one is not lifted, the partner's offers are hidden and its vouchers wait."""

    class Cause(models.TextChoices):
        ACCIDENT = "accident", "发生事故"
        LICENCE = "licence", "证照失效"
        OFFENCE = "offence", "严重违法"
        DATA = "data", "滥用居民信息"
        HARM = "harm", "侵害老人或儿童"
        FALSE_USE = "false_use", "虚假核销"
        EVALUATION = "evaluation", "考核整改"
        OTHER = "other", "其他"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="suspensions", verbose_name="协议")
    cause = models.CharField("原因", max_length=12, choices=Cause.choices)
    reason = models.CharField("情况", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="决定人")
    at = models.DateTimeField("暂停时间", default=clock.now)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="恢复人")
    lifted_at = models.DateTimeField("恢复时间", null=True)
    lift_reason = models.CharField("恢复原因", max_length=200, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement"], condition=Q(lifted_at=None), name="suspended_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="suspension_lifted_when",
            ),
        ]

    def __str__(self) -> str:
        return self.get_cause_display()


class Leaving(models.Model):
    """退出: told, ten working days to answer, decided by the 评议小组, wound up. One open procedure for an agreement."""

    class Status(models.TextChoices):
        TOLD = "told", "已告知，待申辩"
        DECIDED = "decided", "决定退出"
        KEPT = "kept", "决定保留"
        DONE = "done", "已退出"

    class Vouchers(models.TextChoices):
        KEEP = "keep", "继续可用30天"
        RETURN = "return", "全部退回积分"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="leavings", verbose_name="协议")
    reason = models.CharField("原因", max_length=300)
    own_wish = models.BooleanField("合伙人主动退出", default=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.TOLD)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发起人")
    at = models.DateTimeField("告知时间", default=clock.now)
    answer_by = models.DateField("申辩期限")
    answer = models.CharField("申辩", max_length=1000, blank=True)
    answered_at = models.DateTimeField("申辩时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定登记人")
    decided_at = models.DateTimeField("决定时间", null=True)
    minutes = models.CharField("评议小组决定", max_length=500, blank=True)
    vouchers = models.CharField("已发的券", max_length=10, choices=Vouchers.choices, default=Vouchers.KEEP)
    vouchers_until = models.DateField("券可用到", null=True)
    sign_removed_on = models.DateField("标牌收回日期", null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    done_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(status__in=("told", "decided")), name="leaving_once"
            ),
            models.CheckConstraint(
                condition=Q(status="told", decided_at=None)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(minutes="")),
                name="leaving_decided_when",
            ),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="leaving_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} 退出"


class ShopVisit(models.Model):
    """进店走访: 门前五包, each of five duties from 0 to 20. Off until the sub-district switches it on."""

    DUTIES = ("包卫生", "包绿化", "包秩序", "包设施", "包文明")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="shop_visits", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    on = models.DateField("日期")
    scores = ArrayField(models.PositiveSmallIntegerField(), size=5, verbose_name="得分")
    pledged = models.BooleanField("已签承诺书", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="走访人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["partner", "-on"], name="shop_visit_newest")]

    def __str__(self) -> str:
        return f"{self.partner} {self.on}"


class Evaluation(models.Model):
    """季度考核: 承诺完成40, 居民满意30, 投诉处理15, 安全与证照15. Off until the sub-district switches it on."""

    class Band(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        GOOD = "good", "良好"
        MEND = "mend", "整改"
        LEAVE = "leave", "退出程序"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="evaluations", verbose_name="协议")
    quarter = models.DateField("季度首日")
    completion = models.DecimalField("承诺完成", max_digits=4, decimal_places=1)
    satisfaction = models.DecimalField("居民满意", max_digits=4, decimal_places=1)
    complaints = models.DecimalField("投诉处理", max_digits=4, decimal_places=1)
    safety = models.DecimalField("安全与证照", max_digits=4, decimal_places=1)
    total = models.DecimalField("总分", max_digits=4, decimal_places=1)
    band = models.CharField("等次", max_length=10, choices=Band.choices)
    note = models.CharField("说明", max_length=300, blank=True)
    mend_by = models.DateField("整改期限", null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="考核人")
    at = models.DateTimeField("考核时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "quarter"], name="evaluation_once"),
            models.CheckConstraint(
                condition=Q(total=F("completion") + F("satisfaction") + F("complaints") + F("safety")),
                name="evaluation_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.total}"
