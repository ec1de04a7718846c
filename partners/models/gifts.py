"""礼品: things that points are exchanged for, how many there are, and who takes which (mission, 19; domain guide, 4.5)."""

import secrets

from django.db import models
from django.db.models import F, Q

from communities.models import Community, Resident, SubDistrict, User
from core import clock
from points.models import Entry


def new_token() -> str:
    """128 random bits: what the QR code of an exchange says."""
    return secrets.token_hex(16)


def new_number() -> str:
    """Seven digits and one that finds a slip of the tongue, for reading aloud at the desk."""
    digits = f"{secrets.randbelow(10**7):07d}"
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits))]
    return f"{digits}{-sum(d - 9 if d > 9 else d for d in doubled) % 10}"


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

    Without a community every community of the sub-district hands it out.
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
    where = models.CharField("领取地点和时间", max_length=80)
    price = models.PositiveIntegerField("所需积分")
    group = models.CharField("面向", max_length=10, choices=Group.choices, default=Group.ALL)
    a_month = models.PositiveSmallIntegerField("每人每月限兑", null=True, blank=True)
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
    def left(self) -> int:
        return self.stock - self.taken


class Stocking(models.Model):
    """入库 or 出库 without a resident (损耗, 盘亏): one line each, never changed. The stock book of issue 7 grows from here."""

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="stockings", verbose_name="礼品")
    change = models.IntegerField("数量")
    reason = models.CharField("事由", max_length=60)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("时间", default=clock.now)

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
        ]

    def __str__(self) -> str:
        return f"{self.gift} {self.get_status_display()}"

    @property
    def spoken_number(self) -> str:
        """4821 0736: in fours, for reading aloud."""
        return f"{self.number[:4]} {self.number[4:]}"
