"""结算: a partner's month at one community, drawn from the ledger, signed by both, then frozen (domain guide, 8)."""

from django.db import models
from django.db.models import F, Q

from communities.models import Community, Duty, User
from core import clock
from partners.models.agreements import Agreement
from partners.models.offers import Offer
from partners.models.partners import Partner


class StatementQuerySet(models.QuerySet["Statement"]):
    def for_staff(self, user: User) -> "StatementQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def for_books(self, user: User) -> "StatementQuerySet":
        """Those of the communities whose books the reader may read: staff and finance."""
        return self.filter(community__in=Community.objects.for_books(user))

    def for_finance(self, user: User) -> "StatementQuerySet":
        """Those that `user` pays: of the communities where they are finance today."""
        held = user.duties.current().filter(role=Duty.Role.FINANCE)
        return self.filter(
            Q(community__in=held.values("community")) | Q(community__sub_district__in=held.values("sub_district"))
        )

    def to_confirm(self) -> "StatementQuerySet":
        """What waits for the partner's word; those with an objection wait for the community's."""
        return self.filter(Q(disputed="") | ~Q(answer=""), status=Statement.Status.DRAWN)

    def disputed_still(self) -> "StatementQuerySet":
        return self.filter(status=Statement.Status.DRAWN, answer="").exclude(disputed="")

    def to_pay(self) -> "StatementQuerySet":
        """What is owed by the community; what the partner owes is carried into the next statement."""
        return self.filter(status=Statement.Status.FROZEN, net_cents__gt=0)

    def frozen(self) -> "StatementQuerySet":
        return self.filter(status__in=(Statement.Status.FROZEN, Statement.Status.PAID))


class Statement(models.Model):
    """结算单. Amounts in fen. Frozen when the community has signed after the partner: nothing of it changes then but payment."""

    class Status(models.TextChoices):
        DRAWN = "drawn", "待合伙人确认"
        AGREED = "agreed", "待社区审核"
        FROZEN = "frozen", "已确认"
        PAID = "paid", "已支付"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="statements", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="statements", verbose_name="社区")
    month = models.DateField("月份")  # its first day
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAWN)
    count = models.IntegerField("券数", default=0)
    points = models.BigIntegerField("积分", default=0)
    payable_cents = models.BigIntegerField("应付（分）", default=0)
    deduct_cents = models.BigIntegerField("抵减（分）", default=0)
    net_cents = models.BigIntegerField("实付（分）", default=0)
    drawn_at = models.DateTimeField("出单时间", default=clock.now)
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="出单人")
    disputed = models.CharField("合伙人异议", max_length=300, blank=True)
    answer = models.CharField("社区答复", max_length=300, blank=True)
    agreed_at = models.DateTimeField("合伙人确认时间", null=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="合伙人确认人")
    frozen_at = models.DateTimeField("社区确认时间", null=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="社区确认人")
    invoice = models.CharField("发票号", max_length=40, blank=True)
    paid_on = models.DateField("支付日期", null=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="支付登记人")

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "community", "month"], name="statement_once"),
            models.CheckConstraint(
                condition=Q(net_cents=F("payable_cents") - F("deduct_cents")), name="statement_adds_up"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month"),
            models.CheckConstraint(
                condition=Q(status="drawn", agreed_at=None, frozen_at=None, paid_on=None)
                | Q(status="agreed", agreed_at__isnull=False, agreed_by__isnull=False, frozen_at=None, paid_on=None)
                | Q(status="frozen", agreed_at__isnull=False, frozen_at__isnull=False, frozen_by__isnull=False, paid_on=None)
                | Q(status="paid", agreed_at__isnull=False, frozen_at__isnull=False, frozen_by__isnull=False, paid_on__isnull=False),
                name="statement_signed_when",
            ),
            models.CheckConstraint(
                condition=Q(frozen_by=None) | ~Q(frozen_by=F("agreed_by")), name="statement_two_sides"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.partner} {self.month:%Y-%m}"

    @property
    def on_paper(self) -> bool:
        """Whether the owner signed the printed one, which a colleague wrote down."""
        return self.agreed_by is not None and self.agreed_by.is_desk_user

    @property
    def drawing(self) -> str:
        """Names this drawing of it: who agrees has read the same one."""
        return self.drawn_at.isoformat()


class StatementLine(models.Model):
    """结算明细: uses and undone uses by offer, agreement and unit; what was not kept; corrections of earlier months."""

    class Kind(models.TextChoices):
        USED = "used", "核销"
        UNDONE = "undone", "撤销"
        DEDUCTED = "deducted", "抵减"
        CORRECTED = "corrected", "更正"

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines", verbose_name="结算单")
    order = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="+", verbose_name="协议")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="+", verbose_name="服务项目")
    words = models.CharField("内容", max_length=120)
    count = models.IntegerField("数量", default=0)
    points = models.BigIntegerField("积分", default=0)
    unit_cents = models.BigIntegerField("单价（分）", default=0)
    amount_cents = models.BigIntegerField("金额（分）", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "order"], name="statement_line_order")]

    def __str__(self) -> str:
        return self.words

    @property
    def pieces(self) -> str:
        """3张, or 2次 of what was promised; the kind says which way it counts."""
        return f"{abs(self.count)}{'次' if self.kind == self.Kind.DEDUCTED else '张'}" if self.count else ""


class Correction(models.Model):
    """结算更正: of a frozen statement, in fen, proposed by one and approved by another; stands in the next one."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="corrections", verbose_name="更正的结算单")
    amount_cents = models.BigIntegerField("金额（分）")
    reason = models.CharField("原因", max_length=100)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    at = models.DateTimeField("提出时间", default=clock.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    line = models.OneToOneField(
        StatementLine, models.SET_NULL, null=True, related_name="correction", verbose_name="入账明细"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0) & ~Q(reason=""), name="settling_correction_says_what"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("by"))),
                name="settling_correction_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
