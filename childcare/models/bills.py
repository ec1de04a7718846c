"""托管账单: a month of one child, line by line. Amounts in fen, whole points; nothing is edited, what was wrong stands in the next one."""

from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from childcare.models.handover import speaking_guardians
from childcare.models.places import Centre, Place
from communities.models import Community, Evidence, Guardian, Resident, User
from core import clock
from points.models import Entry


class BillQuerySet(models.QuerySet["Bill"]):
    def for_staff(self, user: User) -> "BillQuerySet":
        return self.filter(centre__community__in=Community.objects.for_staff(user))

    def for_books(self, user: User) -> "BillQuerySet":
        """Finance reads the sums as well, without names."""
        return self.filter(centre__community__in=Community.objects.for_books(user))

    def of_caregiver(self, user: User) -> "BillQuerySet":
        """The lead's: of the centres that they head."""
        return self.filter(centre__in=Centre.objects.of_caregiver(user, lead=True))

    def of_account(self, account: User) -> "BillQuerySet":
        """Of the children for whom the account's guardians speak today, whoever of the two pays; a helper is none. A guardian
        whom a bar names sees what they are to pay themselves, and nothing else."""
        whose = {"guardian__account": account, "guardian__status": "confirmed"}
        paid = Q(payer__account=account, child__in=Guardian.objects.current().filter(**whose).values("child"))
        return self.filter(Q(child__in=speaking_guardians().filter(**whose).values("child")) | paid)

    def open(self) -> "BillQuerySet":
        return self.filter(status=Bill.Status.DRAWN)

    def owing(self) -> "BillQuerySet":
        return self.filter(status=Bill.Status.FROZEN)


class Bill(models.Model):
    """账单. DRAWN: points may be used and taken back; FROZEN: payable; PAID. Lines explain themselves; `evidence` names no category.

    Of a reduced bill fee and reduction are one figure, `fee_cents`: laid side by side they would say the percentage, and with
    the published table the category. How it was worked out stands sealed in `split` (billing/splitting.py)."""

    class Status(models.TextChoices):
        DRAWN = "drawn", "待确认"
        FROZEN = "frozen", "待缴费"
        PAID = "paid", "已缴清"

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="bills", verbose_name="托管中心")
    child = models.ForeignKey(Resident, models.PROTECT, related_name="care_bills", verbose_name="孩子")
    payer = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="付费监护人")
    month = models.DateField("月份")  # its first day
    fee_cents = models.BigIntegerField("托管费（分）", default=0)  # the standard fee less the reduction
    relieved = models.BooleanField("优待减免", default=False)
    split = models.BinaryField("减免明细（加密）", null=True, editable=False)
    adjust_cents = models.BigIntegerField("更正（分）", default=0)  # signed: below zero is in the family's favour
    cap_cents = models.BigIntegerField("最多可抵（分）", default=0)
    points = models.BigIntegerField("使用积分", default=0)
    relief = models.BigIntegerField("优待补贴积分", default=0)
    offset_cents = models.BigIntegerField("积分抵扣（分）", default=0)
    due_cents = models.BigIntegerField("应付（分）", default=0)
    paid_cents = models.BigIntegerField("已缴（分）", default=0)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", verbose_name="减免依据")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAWN)
    drawn_at = models.DateTimeField("出单时间", default=clock.now)
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="出单人")
    frozen_at = models.DateTimeField("确认时间", null=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    paid_at = models.DateTimeField("缴清时间", null=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["centre", "-month", "-id"], name="bill_newest"),
            models.Index(fields=["payer", "-month"], name="bill_of_payer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["centre", "child", "month"], name="care_bill_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="care_bill_month"),
            models.CheckConstraint(
                condition=Q(due_cents=F("fee_cents") + F("adjust_cents") - F("offset_cents")), name="care_bill_adds_up"
            ),
            models.CheckConstraint(condition=Q(due_cents__gte=0, paid_cents__gte=0), name="care_bill_never_below_zero"),
            models.CheckConstraint(
                condition=Q(relieved=False, split=None, evidence=None, relief=0, fee_cents__gte=0)
                | Q(relieved=True, split__isnull=False, evidence__isnull=False, fee_cents__gte=0),
                name="care_bill_reduction",
            ),
            models.CheckConstraint(
                condition=Q(offset_cents__gte=0, offset_cents__lte=F("cap_cents"), cap_cents__gte=0), name="care_bill_cap"
            ),
            models.CheckConstraint(
                condition=Q(points=0, relief=0, offset_cents=0) | Q(points__gt=0, relief__gte=0, offset_cents__gt=0),
                name="care_bill_points",
            ),
            models.CheckConstraint(
                condition=Q(status="drawn", frozen_at=None, frozen_by=None, paid_at=None)
                | Q(status="frozen", frozen_at__isnull=False, frozen_by__isnull=False, paid_at=None)
                | Q(status="paid", frozen_at__isnull=False, frozen_by__isnull=False, paid_at__isnull=False),
                name="care_bill_frozen_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class BillLine(models.Model):
    """明细: one sentence and one signed amount; `why` explains the line to the family in words without any category."""

    class Kind(models.TextChoices):
        FEE = "fee", "托管费"  # of a reduced bill one line, less the reduction
        ADJUSTMENT = "adjustment", "更正"
        POINTS = "points", "积分抵扣"

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="lines", verbose_name="账单")
    order = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="托位")
    words = models.CharField("内容", max_length=80)
    why = models.CharField("说明", max_length=160)
    amount_cents = models.BigIntegerField("金额（分）")
    adjustment = models.ForeignKey(
        "BillAdjustment", models.PROTECT, null=True, related_name="lines", verbose_name="更正"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "order"], name="care_bill_line_order"),
            models.CheckConstraint(
                condition=Q(kind="adjustment", adjustment__isnull=False) | (~Q(kind="adjustment") & Q(adjustment=None)),
                name="care_bill_line_adjusts",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Offset(models.Model):
    """积分抵扣: one ledger entry (`care-offset:<pk>`) for one bill; taken back as long as the bill is not frozen."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="offsets", verbose_name="账单")
    points = models.BigIntegerField("积分")
    relief = models.BigIntegerField("优待补贴积分", default=0)
    cents = models.BigIntegerField("金额（分）")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="care_offset", verbose_name="凭证")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("抵扣时间", default=clock.now)
    undone_at = models.DateTimeField("撤回时间", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤回人")
    undo_entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="退回凭证")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill"], condition=Q(undone_at=None), name="care_offset_once"),
            models.CheckConstraint(condition=Q(points__gt=0, relief__gte=0, cents__gt=0), name="care_offset_amount"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_entry=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False, undo_entry__isnull=False),
                name="care_offset_undone_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points}"


class BillAdjustmentQuerySet(models.QuerySet["BillAdjustment"]):
    def for_staff(self, user: User) -> "BillAdjustmentQuerySet":
        return self.filter(bill__centre__community__in=Community.objects.for_staff(user))

    def to_decide(self) -> "BillAdjustmentQuerySet":
        return self.filter(approved_at=None, declined_at=None)

    def approved(self) -> "BillAdjustmentQuerySet":
        return self.filter(approved_at__isnull=False)

    def with_taken(self, *, but: date | None = None) -> "BillAdjustmentQuerySet":
        """`taken`: what bills hold of each, those of the month `but` left out; `given`: what was given back of it, in money and
        in points. Fen."""
        lines = BillLine.objects.filter(adjustment=OuterRef("pk"))
        if but is not None:
            lines = lines.exclude(bill__month=but)
        sums = lines.order_by().values("adjustment").annotate(sum=Sum("amount_cents")).values("sum")
        back = Refund.objects.filter(adjustment=OuterRef("pk"))
        given = back.annotate(cents=F("amount_cents") + F("offset_cents")).values("cents")
        return self.annotate(
            taken=Coalesce(Subquery(sums, models.BigIntegerField()), 0),
            given=Coalesce(Subquery(given, models.BigIntegerField()), 0),
        )


class BillAdjustment(models.Model):
    """账单更正 of a frozen bill: proposed by one, approved by another, and a line of the next bill; what is more than that bill
    is worth waits for the one after (its lines say what was taken in)."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="adjustments", verbose_name="更正的账单")
    amount_cents = models.BigIntegerField("金额（分）")
    reason = models.CharField("原因", max_length=100)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    at = models.DateTimeField("提出时间", default=clock.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    declined_at = models.DateTimeField("未同意时间", null=True)
    declined_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="未同意的人")

    objects = BillAdjustmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0) & ~Q(reason=""), name="care_adjustment_says_what"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("by"))),
                name="care_adjustment_two_people",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None, declined_by=None)
                | Q(declined_at__isnull=False, declined_by__isnull=False, approved_at=None),
                name="care_adjustment_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Payment(models.Model):
    """缴费: money that the operator took, with the number of its receipt. Nothing is paid online."""

    class Way(models.TextChoices):
        CASH = "cash", "现金"
        TRANSFER = "transfer", "转账"
        CARD = "card", "刷卡"

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments", verbose_name="账单")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name="托管中心")
    amount_cents = models.BigIntegerField("金额（分）")
    receipt = models.CharField("收据号", max_length=40)
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    paid_on = models.DateField("缴费日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    void_reason = models.CharField("作废原因", max_length=60, blank=True)

    class Meta:
        constraints = [
            # A payment that was written down wrongly is voided, and its receipt is written down again.
            models.UniqueConstraint(
                fields=["centre", "receipt"], condition=Q(voided_at=None), name="care_receipt_once"
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0) & ~Q(receipt=""), name="care_payment_whole"),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="care_payment_voided",
            ),
            models.CheckConstraint(condition=~Q(voided_by=F("by")), name="care_payment_voided_by_another"),
        ]

    def __str__(self) -> str:
        return self.receipt


class Refund(models.Model):
    """退费: what a child that has left had paid too much, given back once: in money, against a receipt, what money had paid, and
    beyond that own points, by the ledger (`offset_cents` is what they had paid, the subsidy beside them included). Its
    correction says why. `entry` reverses the offset (`care-refund:<pk>`), `rest_entry` uses anew what stays used of it
    (`care-refund-rest:<pk>`), if anything does."""

    class Way(models.TextChoices):
        CASH = "cash", "现金"
        TRANSFER = "transfer", "转账"
        CARD = "card", "刷卡"
        POINTS = "points", "积分"  # no money, and no receipt

    adjustment = models.OneToOneField(BillAdjustment, models.PROTECT, related_name="refund", verbose_name="更正")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name="托管中心")
    amount_cents = models.BigIntegerField("金额（分）")
    points = models.BigIntegerField("退回积分", default=0)
    offset_cents = models.BigIntegerField("退回的积分抵过的金额（分）", default=0)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="care_refund", verbose_name="退回凭证")
    rest_entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, related_name="care_refund_rest", verbose_name="余下抵扣的凭证"
    )
    receipt = models.CharField("收据号", max_length=40, blank=True)
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    paid_on = models.DateField("退费日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "receipt"], condition=~Q(receipt=""), name="care_refund_receipt_once"
            ),
            models.CheckConstraint(
                condition=(Q(amount_cents__gt=0) & ~Q(receipt="") & ~Q(way="points"))
                | Q(amount_cents=0, receipt="", way="points", points__gt=0),
                name="care_refund_whole",
            ),
            models.CheckConstraint(
                condition=Q(points=0, offset_cents=0, entry=None, rest_entry=None)
                | Q(points__gt=0, offset_cents__gt=0, entry__isnull=False),
                name="care_refund_points",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt or f"{self.points}"
