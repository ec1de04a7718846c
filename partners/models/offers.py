"""服务券: what a partner offers for points, when it can be had, and the vouchers that residents hold."""

from datetime import date, time
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, User
from core import clock, words
from partners.models.agreements import Agreement
from partners.models.numbers import new_number, new_token, spoken
from partners.models.partners import Clerk, Licence, Partner
from points.models import Entry


class OfferQuerySet(models.QuerySet["Offer"]):
    def for_staff(self, user: User) -> "OfferQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, partner: Partner) -> "OfferQuerySet":
        return self.filter(partner=partner)

    def within_reach_of(self, resident: Resident) -> "OfferQuerySet":
        """Those of the resident's sub-district: a partner of the next community serves everybody in it."""
        return self.filter(community__sub_district=resident.community.sub_district_id)

    def on_show(self, on: date) -> "OfferQuerySet":
        """Approved, within their days, of a partner whose agreement works and whose required licences hold."""
        working = Agreement.objects.working(on)
        lapsed = Licence.objects.lapsed(on)
        return self.filter(
            models.Exists(working.filter(partner=models.OuterRef("partner"), community=models.OuterRef("community"))),
            ~models.Exists(lapsed.filter(partner=models.OuterRef("partner"))),
            status=Offer.Status.OPEN, starts_on__lte=on, ends_on__gte=on,
        )  # fmt: skip


class Offer(models.Model):
    """服务项目. `taken` counts the vouchers that stand, by trigger; without `stock` there is no end to it.

    `worth_cents` is what the service costs otherwise, in fen: finance and settlement alone see it in yuan.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "待修改"
        OPEN = "open", "已上架"
        CLOSED = "closed", "已下架"

    class Group(models.TextChoices):
        ALL = "all", "全体居民"
        COURIERS = "couriers", "仅限小哥"
        ELDERS = "elders", "60周岁以上"

    class Period(models.TextChoices):
        EVER = "ever", "累计"
        MONTH = "month", "每月"
        QUARTER = "quarter", "每季度"

    class Booking(models.TextChoices):
        NONE = "none", "不用预约"
        SHOP = "shop", "预约到店"
        HOME = "home", "预约上门"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="offers", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="offers", verbose_name="社区")
    title = models.CharField("名称", max_length=40)
    note = models.CharField("说明", max_length=300, blank=True)
    price = models.PositiveIntegerField("所需积分")
    worth_cents = models.PositiveIntegerField("原价（分）")
    stock = models.PositiveIntegerField("总数", null=True, blank=True)
    taken = models.PositiveIntegerField("已兑", default=0, editable=False)
    per_person = models.PositiveSmallIntegerField("每人限兑", null=True, blank=True)
    per_household = models.PositiveSmallIntegerField("每户限兑", null=True, blank=True)
    period = models.CharField("限兑周期", max_length=10, choices=Period.choices, default=Period.MONTH)
    group = models.CharField("面向", max_length=10, choices=Group.choices, default=Group.ALL)
    starts_on = models.DateField("上架日期")
    ends_on = models.DateField("下架日期")
    valid_days = models.PositiveSmallIntegerField("有效天数", default=30)
    booking = models.CharField("预约", max_length=10, choices=Booking.choices, default=Booking.NONE)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填写人")
    made_at = models.DateTimeField("填写时间", default=clock.now)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    review_note = models.CharField("审核说明", max_length=200, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="下架人")
    closed_at = models.DateTimeField("下架时间", null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "status"], name="offer_of_community")]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__gte=0) & (Q(stock=None) | Q(taken__lte=F("stock"))), name="offer_stock"
            ),
            models.CheckConstraint(condition=Q(price__gte=1, price__lte=100000), name="offer_price"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="offer_days"),
            models.CheckConstraint(condition=Q(valid_days__gte=1, valid_days__lte=365), name="offer_valid_days"),
            models.CheckConstraint(
                condition=(Q(per_person=None) | Q(per_person__gte=1)) & (Q(per_household=None) | Q(per_household__gte=1)),
                name="offer_limits",
            ),
            models.CheckConstraint(
                condition=~Q(status="open")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(reviewed_by=F("made_by"))),
                name="offer_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(status="closed") & Q(closed_at=None, closed_by=None)),
                name="offer_closed_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> int | None:
        """How many there still are; None: as many as are wanted."""
        return None if self.stock is None else self.stock - self.taken

    @property
    def worth_yuan(self) -> Decimal:
        return Decimal(self.worth_cents) / 100


class Slot(models.Model):
    """预约时段 of an offer; `taken` counts the appointments that stand, by trigger."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="slots", verbose_name="服务项目")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    places = models.PositiveSmallIntegerField("可约人数", default=1)
    taken = models.PositiveSmallIntegerField("已约", default=0, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="添加人")

    class Meta:
        indexes = [models.Index(fields=["offer", "starts_at"], name="slot_of_offer")]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("places")), name="slot_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_in_order"),
            models.UniqueConstraint(fields=["offer", "starts_at"], name="slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.offer} {self.starts_at:%F %R}"

    @property
    def when(self) -> str:
        """12月2日（周二）19:00—20:30."""
        return words.day(clock.local(self.starts_at).date()) + words.span(self.starts_at, self.ends_at)


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def for_staff(self, user: User) -> "VoucherQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "VoucherQuerySet":
        return self.filter(resident=resident)

    def issued(self) -> "VoucherQuerySet":
        return self.filter(status=Voucher.Status.ISSUED)

    def standing(self) -> "VoucherQuerySet":
        """What counts against stock and limits: everything that was not given back."""
        return self.exclude(status=Voucher.Status.RETURNED)


class Voucher(models.Model):
    """服务券: charged at once, good at one partner until `valid_until` (its last day), used once.

    `price` went from the resident's wallet (or the household's) to the income of the offer's community; using it moves
    the same points on to the partner's account there (`Redemption`).
    """

    class Status(models.TextChoices):
        ISSUED = "issued", "待使用"
        USED = "used", "已使用"
        EXPIRED = "expired", "已过期"
        RETURNED = "returned", "已退回"
        FROZEN = "frozen", "已冻结"

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="vouchers", verbose_name="服务项目")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="vouchers", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="vouchers", verbose_name="居民")
    price = models.PositiveIntegerField("积分")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ISSUED)
    at = models.DateTimeField("兑换时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    valid_until = models.DateField("有效期至")
    token = models.CharField("二维码", max_length=32, default=new_token, unique=True)
    number = models.CharField("券码", max_length=8, default=new_number)
    # Printed for somebody without a phone: whoever reads the number aloud says the second check too.
    printed = models.BooleanField("纸质券", default=False)
    device = models.CharField("兑换设备", max_length=64, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", verbose_name="扣分凭证")
    refund = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="退分凭证")
    settled_at = models.DateTimeField("退回、过期或冻结时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理退回、冻结的人")
    settled_reason = models.CharField("原因", max_length=100, blank=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"], name="voucher_of_resident"),
            models.Index(fields=["community", "-id"], name="voucher_of_community"),
            models.Index(fields=["offer", "resident"], name="voucher_of_offer"),
            models.Index(fields=["valid_until"], condition=Q(status="issued"), name="voucher_ending"),
        ]
        constraints = [
            # What is read aloud at one partner's counter names one voucher there.
            models.UniqueConstraint(
                fields=["partner", "number"], condition=Q(status__in=("issued", "frozen")), name="voucher_number_once"
            ),
            models.CheckConstraint(
                condition=(Q(status="returned", refund__isnull=False) & ~Q(settled_reason=""))
                | (~Q(status="returned") & Q(refund=None)),
                name="voucher_refunded_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("issued", "used"), settled_at=None)
                | Q(status__in=("expired", "returned", "frozen"), settled_at__isnull=False),
                name="voucher_settled_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer} {self.get_status_display()}"

    @property
    def spoken_number(self) -> str:
        return spoken(self.number)


class Appointment(models.Model):
    """预约: asked for with the voucher, answered by the partner within a day (setting), or the points return.

    The address is sealed (communities/sealing.py) and opened to the partner for a home visit alone, while it stands.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "待商家确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未能安排"
        CANCELLED = "cancelled", "已取消"

    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="appointment", verbose_name="服务券")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="appointments", verbose_name="时段")
    address = models.BinaryField("上门地址", null=True)
    wish = models.CharField("需要说明的", max_length=100, blank=True)
    answer_by = models.DateTimeField("答复期限")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ASKED)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    reason = models.CharField("原因", max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["answer_by"], condition=Q(status="asked"), name="appointment_unanswered")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="asked", answered_at=None) | (~Q(status="asked") & Q(answered_at__isnull=False)),
                name="appointment_answered_when",
            )
        ]

    def __str__(self) -> str:
        return self.get_status_display()


class RedemptionQuerySet(models.QuerySet["Redemption"]):
    def for_staff(self, user: User) -> "RedemptionQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def standing(self) -> "RedemptionQuerySet":
        return self.filter(undone_at=None)

    def flagged(self) -> "RedemptionQuerySet":
        """Those that somebody should look at (partners/vouchers/flags.py)."""
        return self.exclude(flags=[])

    def on_day(self, day: date) -> "RedemptionQuerySet":
        return self.filter(at__gte=clock.at(day, time()), at__lt=clock.midnight_after(day))


class Redemption(models.Model):
    """核销: one use of a voucher. What it pays is fixed by the agreement in force on `served_on`; undone once at most."""

    class Way(models.TextChoices):
        SCAN = "scan", "扫码"
        NUMBER = "number", "报券码"
        PAPER = "paper", "纸质券"
        DESK = "desk", "社区代录"

    class Flag(models.TextChoices):
        BURST = "burst", "短时间多张"
        NIGHT = "night", "非营业时间"
        SAME_DEVICE = "same_device", "与居民同一部手机"
        HOUSEHOLD = "household", "同一户多张"
        FAST = "fast", "兑换后马上核销"

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="redemptions", verbose_name="服务券")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="redemptions", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="redemptions", verbose_name="协议")
    points = models.PositiveIntegerField("积分")
    unit_cents = models.PositiveIntegerField("应付（分）")
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    at = models.DateTimeField("核销时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="核销人")
    clerk = models.ForeignKey(Clerk, models.PROTECT, null=True, related_name="redemptions", verbose_name="店员手机")
    served_on = models.DateField("服务日期")  # another day than `at` when staff enter it for a shop that was offline
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", verbose_name="核销凭证")
    undo_entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="撤销凭证")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")
    undo_reason = models.CharField("撤销原因", max_length=100, blank=True)
    flags = ArrayField(models.CharField(max_length=12), verbose_name="异常提示", default=list)
    looked_at = models.DateTimeField("查看异常时间", null=True)
    looked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="查看异常的人")
    looked_note = models.CharField("查看结论", max_length=100, blank=True)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "-at"], name="redemption_of_partner"),
            models.Index(fields=["community", "-at"], name="redemption_of_community"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["voucher"], condition=Q(undone_at=None), name="redeemed_once"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undo_entry=None, undone_by=None, undo_reason="")
                | (Q(undone_at__isnull=False, undo_entry__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
                name="redemption_undone_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.get_way_display()}"

    @property
    def flag_labels(self) -> list[str]:
        return [self.Flag(flag).label for flag in self.flags]
