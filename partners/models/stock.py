"""物资台账: what came in, who accepted it, what its batches have left, and what was counted (domain guide, 4.5)."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from communities.models import Community, SubDistrict, User
from core import clock
from partners.models.gifts import Gift

IN = ("bought", "donated", "opening")
OUT = ("lost", "scrapped", "missing")


class StockSlipQuerySet(models.QuerySet["StockSlip"]):
    def for_staff(self, user: User) -> "StockSlipQuerySet":
        return self.filter(gift__in=Gift.objects.for_staff(user))

    def waiting(self) -> "StockSlipQuerySet":
        return self.filter(status=StockSlip.Status.WAITING)

    def on_shelf(self) -> "StockSlipQuerySet":
        """Batches with something left, the first to go out first."""
        left = self.filter(status=StockSlip.Status.ACCEPTED, batch=None, remaining__gt=0)
        return left.order_by(F("best_before").asc(nulls_last=True), "pk")

    def good_on(self, day: date) -> "StockSlipQuerySet":
        """What is not past its date; the date itself is still good."""
        return self.filter(Q(best_before=None) | Q(best_before__gte=day))

    def past(self, day: date) -> "StockSlipQuerySet":
        return self.filter(best_before__lt=day)


class StockSlip(models.Model):
    """出入库单: counts when a second person has accepted it. What came in is a batch; anything else is of a `batch`.

    `remaining` is what is left of a batch, kept by triggers. `opening` is what was there before batches were kept.
    """

    class Kind(models.TextChoices):
        BOUGHT = "bought", "采购"
        DONATED = "donated", "捐赠"
        OPENING = "opening", "期初"
        LOST = "lost", "损耗"
        SCRAPPED = "scrapped", "报废"
        FOUND = "found", "盘盈"
        MISSING = "missing", "盘亏"

    class Status(models.TextChoices):
        WAITING = "waiting", "待验收"
        ACCEPTED = "accepted", "已验收"
        REFUSED = "refused", "未通过"

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="slips", verbose_name="礼品")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    change = models.IntegerField("数量")
    batch = models.ForeignKey("self", models.PROTECT, null=True, related_name="later", verbose_name="批次")
    supplier = models.CharField("供应商或捐赠人", max_length=60, blank=True)
    receipt = models.CharField("票据号", max_length=40, blank=True)
    unit_cents = models.PositiveIntegerField("单价（分）", null=True)
    best_before = models.DateField("保质期至", null=True)
    reason = models.CharField("事由", max_length=60, blank=True)
    remaining = models.IntegerField("结存", default=0, editable=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.WAITING)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("经手时间", default=clock.now)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="验收人")
    settled_at = models.DateTimeField("验收时间", null=True)
    refused_why = models.CharField("未通过原因", max_length=60, blank=True)

    objects = StockSlipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["gift", "best_before"], condition=Q(remaining__gt=0), name="batch_on_shelf"),
            models.Index(fields=["gift", "-id"], name="slips_of_gift"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(remaining__gte=0), name="batch_remaining"),
            models.CheckConstraint(
                condition=Q(kind__in=IN, batch=None, change__gte=1)
                | Q(kind__in=OUT, batch__isnull=False, change__lte=-1, best_before=None)
                | Q(kind="found", batch__isnull=False, change__gte=1, best_before=None),
                name="slip_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", settled_by=None, settled_at=None, refused_why="")
                | Q(status="accepted", settled_by__isnull=False, settled_at__isnull=False, refused_why="")
                | Q(status="refused", settled_by__isnull=False, settled_at__isnull=False) & ~Q(refused_why=""),
                name="slip_settled_when",
            ),
            # Who wrote it may take it back, and never lets it count.
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(kind="opening") | ~Q(settled_by=F("by")), name="slip_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{abs(self.change)}{self.gift.unit}"

    @property
    def yuan(self) -> str:
        """What one costs; empty where nobody wrote it down."""
        return "" if self.unit_cents is None else f"{self.unit_cents // 100}.{self.unit_cents % 100:02d}"

    @property
    def number(self) -> str:
        """入库单号 or 出库单号."""
        return f"{'RK' if self.change > 0 else 'CK'}{clock.local(self.at):%Y%m%d}-{self.pk}"


class StockCountQuerySet(models.QuerySet["StockCount"]):
    def for_staff(self, user: User) -> "StockCountQuerySet":
        own = Community.objects.for_staff(user)
        return self.filter(Q(community__in=own) | Q(community=None, sub_district__in=own.values("sub_district")))


class StockCount(models.Model):
    """盘点: counted by one person, confirmed by another; what differs becomes a slip, 盘盈 or 盘亏. Of a month."""

    class Status(models.TextChoices):
        ENTERED = "entered", "待复核"
        CONFIRMED = "confirmed", "已复核"
        DROPPED = "dropped", "已作废"

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(Community, models.PROTECT, null=True, related_name="+", verbose_name="社区")
    month = models.DateField("月份")  # its first day
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ENTERED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="盘点人")
    at = models.DateTimeField("盘点时间", default=clock.now)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    settled_at = models.DateTimeField("复核时间", null=True)

    objects = StockCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sub_district", "community"], condition=Q(status="entered"), nulls_distinct=False, name="count_open_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="count_month"),
            models.CheckConstraint(
                condition=Q(status="entered", settled_by=None, settled_at=None)
                | ~Q(status="entered") & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="count_settled_when",
            ),
            models.CheckConstraint(condition=~Q(status="confirmed") | ~Q(settled_by=F("by")), name="count_two_people"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%Y年%-m月}盘点"


class CountLine(models.Model):
    """One batch of a count: what the book said at that moment, and what stood there. `slip` is the difference."""

    count = models.ForeignKey(StockCount, models.PROTECT, related_name="lines", verbose_name="盘点")
    batch = models.ForeignKey(StockSlip, models.PROTECT, related_name="+", verbose_name="批次")
    booked = models.PositiveIntegerField("账面")
    counted = models.PositiveIntegerField("实盘")
    slip = models.OneToOneField(StockSlip, models.PROTECT, null=True, related_name="counted", verbose_name="差异单")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["count", "batch"], name="count_line_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.counted}"

    @property
    def difference(self) -> int:
        return self.counted - self.booked
