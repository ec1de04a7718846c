"""Accounts, entries, postings, lots and draws."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now  # noqa: TID251  only for booked_at, which no caller can set

from communities.models import Community, Resident, User


class Account(models.Model):
    """账户. Only wallets store a balance; pots are summed on read, so that no community has a hot row."""

    class Kind(models.TextChoices):
        WALLET = "wallet", "居民积分"
        ISSUER = "issuer", "发放"
        INCOME = "income", "兑换收入"
        RELIEF = "relief", "优待补贴"
        EXPIRED = "expired", "过期"
        PARTNER = "partner", "合伙人"
        TRANSIT = "transit", "迁移"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    resident = models.OneToOneField(Resident, models.PROTECT, null=True, related_name="wallet", verbose_name="居民")
    community = models.ForeignKey(Community, models.PROTECT, null=True, related_name="pots", verbose_name="社区")
    balance = models.BigIntegerField("余额", null=True)
    # Of the account of one partner at one community: which, as a number that says nothing here.
    party = models.BigIntegerField("合伙人编号", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="wallet_never_below_zero"),
            models.CheckConstraint(
                condition=Q(kind="wallet", resident__isnull=False, community=None, balance__isnull=False)
                | (~Q(kind="wallet") & Q(resident=None, community__isnull=False, balance=None)),
                name="account_shape",
            ),
            models.CheckConstraint(condition=Q(party=None) | Q(kind="partner"), name="account_party_is_partner"),
            models.UniqueConstraint(
                fields=["community", "kind"], condition=~Q(kind="wallet") & Q(party=None), name="pot_once"
            ),
            models.UniqueConstraint(
                fields=["community", "party"], condition=Q(party__isnull=False), name="partner_pot_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Entry(models.Model):
    """凭证: one business event, booked at most once for ever."""

    class Kind(models.TextChoices):
        AWARD = "award", "获得"
        CHARGE = "charge", "使用"
        REVERSAL = "reversal", "退回"
        EXPIRY = "expiry", "过期"
        ADJUSTMENT = "adjustment", "调整"
        SETTLEMENT = "settlement", "抵扣"
        MOVE = "move", "迁移"
        REDEMPTION = "redemption", "核销"

    key = models.CharField("凭证号", max_length=200)
    digest = models.BinaryField("摘要")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    # No index of its own: both indexes below begin with the community.
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区", db_index=False)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人", db_index=False)
    reason = models.CharField("事由", max_length=200)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="冲正")
    settles = models.ForeignKey(
        "Debt", models.PROTECT, null=True, related_name="settlements", verbose_name="待抵扣", db_index=False
    )
    payer = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="家庭积分使用人", db_index=False
    )
    # Of a move: whose points went from one community's books to another's. No posting touches the wallet itself (ADR 0015).
    wallet = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="moves", verbose_name="迁移的账户", db_index=False
    )
    booked_at = models.DateTimeField("记账时间", db_default=Now())
    # The transaction that wrote it: what is folded is decided by this, because ids commit out of order (points/folding.py).
    xid = models.BigIntegerField("事务号", default=0)

    class Meta:
        indexes = [
            models.Index(fields=["community", "at"]),
            models.Index(fields=["community", "xid"], name="entry_to_fold"),
            models.Index(fields=["settles"], condition=Q(settles__isnull=False), name="entry_settles"),
        ]
        constraints = [
            # Not unique=True, which would add a second index for LIKE that every entry would pay for.
            models.UniqueConstraint(fields=["key"], name="entry_key"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(reason=""), name="entry_says_why"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses=None)),
                name="entry_reversal_names_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind="settlement", settles__isnull=False) | (~Q(kind="settlement") & Q(settles=None)),
                name="entry_settlement_names_debt",
            ),
            models.CheckConstraint(condition=Q(payer=None) | Q(kind="charge"), name="entry_payer_of_charge"),
            models.CheckConstraint(
                condition=Q(kind="move", wallet__isnull=False) | (~Q(kind="move") & Q(wallet=None)),
                name="entry_move_names_wallet",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """One move: from source to destination. Balanced by its shape; the wallet's side keeps the running balance."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    source = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    destination = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField("积分")
    source_balance = models.BigIntegerField(null=True)
    destination_balance = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index("source", F("id").desc(), include=["amount"], name="posting_out"),
            models.Index("destination", F("id").desc(), include=["amount"], name="posting_in"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=10**9), name="posting_amount"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="posting_two_accounts"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Lot(models.Model):
    """批次: what one award gave, how much of it is left, and the last day on which it can be spent."""

    wallet = models.ForeignKey(Account, models.PROTECT, related_name="lots")
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="lot")
    earned = models.BigIntegerField("获得")
    remaining = models.BigIntegerField("剩余")
    expires_on = models.DateField("最后可用日")

    class Meta:
        indexes = [
            models.Index(fields=["wallet", "expires_on", "id"], condition=Q(remaining__gt=0), name="lot_spendable"),
            models.Index(fields=["expires_on", "wallet"], condition=Q(remaining__gt=0), name="lot_expiring"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(remaining__gte=0, remaining__lte=F("earned")), name="lot_remaining"),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.earned}"


class Draw(models.Model):
    """Which lot gave how much to a posting that leaves its wallet, or got it back from one that returns."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="draws")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="draws")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "lot"], name="draw_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="draw_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
