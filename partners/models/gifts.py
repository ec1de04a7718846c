"""礼品: things that points are exchanged for, how many there are, and who takes which (mission, 19; domain guide, 4.5)."""

from django.db import models
from django.db.models import F, Q, Sum

from communities.models import Community, Household, Resident, SubDistrict, User
from core import clock
from partners.models.numbers import new_number, new_token, spoken
from points.models import Entry


class GiftQuerySet(models.QuerySet["Gift"]):
    def for_staff(self, user: User) -> "GiftQuerySet":
        """Those of the reader's communities, and those that the whole sub-district gives."""
        own = Community.objects.for_staff(user)
        return self.filter(Q(community__in=own) | Q(community=None, sub_district__in=own.values("sub_district")))

    def within_reach_of(self, resident: Resident) -> "GiftQuerySet":
        """Open ones of the resident's own community, and of the whole sub-district."""
        street = resident.community.sub_district_id
        own = Q(community=resident.community_id) | Q(community=None, sub_district=street)
        return self.filter(own, closed_at=None)


class Gift(models.Model):
    """礼品. `stock` is what came in, `taken` what is reserved or handed out: both kept by triggers; the CHECK is the promise.

    Without a community every community of the sub-district hands it out. `per_household`: scarce, one a quarter.
    """

    class Group(models.TextChoices):
        ALL = "all", "全体居民"
        COURIERS = "couriers", "仅限小哥"

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="gifts", verbose_name="街道")
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name="社区"
    )
    title = models.CharField("礼品", max_length=40)
    note = models.CharField("说明", max_length=200, blank=True)
    spec = models.CharField("规格", max_length=30, blank=True)
    unit = models.CharField("单位", max_length=6, default="件")
    where = models.CharField("领取地点和时间", max_length=80)
    price = models.PositiveIntegerField("所需积分")
    group = models.CharField("面向", max_length=10, choices=Group.choices, default=Group.ALL)
    a_month = models.PositiveSmallIntegerField("每人每月限兑", null=True, blank=True)
    per_household = models.BooleanField("每户每季度限兑1件", default=False)
    stock = models.PositiveIntegerField("入库", default=0, editable=False)
    taken = models.PositiveIntegerField("已兑", default=0, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间", default=clock.now)
    closed_at = models.DateTimeField("下架时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="下架人")

    objects = GiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("stock")), name="gift_stock"),
            models.CheckConstraint(condition=Q(price__gte=1), name="gift_price"),
            models.CheckConstraint(condition=Q(a_month=None) | Q(a_month__gte=1), name="gift_a_month"),
            models.UniqueConstraint(
                fields=["sub_district", "community", "title"], condition=Q(closed_at=None), nulls_distinct=False, name="gift_title"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="gift_closed_by",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def past(self) -> int:
        """How many lie there past their date. A query, unless the list was read by `batches.with_past`."""
        if "past_on_shelf" in self.__dict__:
            return int(self.__dict__["past_on_shelf"])
        found = self.slips.filter(remaining__gt=0, best_before__lt=clock.today())
        return int(found.aggregate(n=Sum("remaining"))["n"] or 0)

    @property
    def left(self) -> int:
        """What may still be reserved: nobody is promised what is past its date."""
        return max(self.stock - self.taken - self.past, 0)


class Stocking(models.Model):
    """入库 or 出库 without a resident: one line of the stock book for each accepted slip, never changed.

    Those without a slip were written before two people had to sign.
    """

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="stockings", verbose_name="礼品")
    change = models.IntegerField("数量")
    reason = models.CharField("事由", max_length=60)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("时间", default=clock.now)
    slip = models.OneToOneField("StockSlip", models.PROTECT, null=True, related_name="line", verbose_name="出入库单")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(change=0) & ~Q(reason=""), name="stocking_says_what")]

    def __str__(self) -> str:
        return f"{self.change:+d}"


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def for_staff(self, user: User) -> "ExchangeQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "ExchangeQuerySet":
        return self.filter(resident=resident)

    def reserved(self) -> "ExchangeQuerySet":
        return self.filter(status=Exchange.Status.RESERVED)

    def standing(self) -> "ExchangeQuerySet":
        """What counts against the limits: reserved and handed out."""
        return self.exclude(status=Exchange.Status.RETURNED)


class Exchange(models.Model):
    """兑换: charged and put aside at once; handed out by `community` until `collect_by`, else the points return."""

    class Status(models.TextChoices):
        RESERVED = "reserved", "待领取"
        HANDED = "handed", "已领取"
        RETURNED = "returned", "已退回"

    class Way(models.TextChoices):
        PAPER = "paper", "出库单签字"
        SLIP = "slip", "办理单签字"

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="exchanges", verbose_name="礼品")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="exchanges", verbose_name="居民")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="发放社区")
    price = models.PositiveIntegerField("积分")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.RESERVED)
    at = models.DateTimeField("兑换时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    collect_by = models.DateField("领取期限")
    token = models.CharField("二维码", max_length=32, default=new_token, unique=True)
    number = models.CharField("领取码", max_length=8, default=new_number)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", verbose_name="扣分凭证")
    refund = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="退分凭证")
    settled_at = models.DateTimeField("领取或退回时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发放或退回人")
    return_reason = models.CharField("退回原因", max_length=60, blank=True)
    # Of a gift that is scarce: which household takes it in which quarter (its first day).
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="户")
    quarter = models.DateField("季度", null=True)
    batch = models.ForeignKey("StockSlip", models.PROTECT, null=True, related_name="handed", verbose_name="批次")
    way = models.CharField("领取凭据", max_length=10, choices=Way.choices, blank=True)
    # Who received it, when it was not the resident.
    taker = models.CharField("代领人", max_length=20, blank=True)
    relation = models.CharField("与居民关系", max_length=10, blank=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"]),
            models.Index(fields=["community", "-id"]),
            models.Index(fields=["collect_by"], condition=Q(status="reserved"), name="exchange_uncollected"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="reserved", settled_at=None, settled_by=None, refund=None, return_reason="")
                | Q(status="handed", settled_at__isnull=False, settled_by__isnull=False, refund=None, return_reason="")
                | (
                    Q(status="returned", settled_at__isnull=False, settled_by__isnull=False, refund__isnull=False)
                    & ~Q(return_reason="")
                ),
                name="exchange_settled_when",
            ),
            models.CheckConstraint(
                condition=Q(taker="", relation="") | (Q(status="handed") & ~Q(taker="") & ~Q(relation="")),
                name="exchange_taken_by",
            ),
            models.UniqueConstraint(
                fields=["gift", "household", "quarter"],
                condition=Q(household__isnull=False) & ~Q(status="returned"),
                name="exchange_household_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift} {self.get_status_display()}"

    @property
    def spoken_number(self) -> str:
        return spoken(self.number)

    @property
    def issue_number(self) -> str:
        """出库单号; empty until it is handed out."""
        handed = self.status == Exchange.Status.HANDED and self.settled_at
        return f"CK{clock.local(self.settled_at):%Y%m%d}-L{self.pk}" if handed and self.settled_at else ""
