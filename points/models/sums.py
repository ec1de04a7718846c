"""Sums of the books: a person's month written with the posting, a community's day folded later by a job (no hot row)."""

from django.db import models

from communities.models import Community
from points.models.books import Account


class Month(models.Model):
    """居民月汇总, by the month of the award, charge or expiry; what was reversed is taken off there."""

    # Written by the same functions as the postings; points_breach compares them.
    wallet = models.ForeignKey(Account, models.PROTECT, related_name="months", db_index=False, db_constraint=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    month = models.DateField("月份")
    earned = models.BigIntegerField("获得")
    spent = models.BigIntegerField("使用")
    expired = models.BigIntegerField("过期")

    class Meta:
        indexes = [models.Index(fields=["community", "month", "-earned"], name="month_leading")]
        constraints = [models.UniqueConstraint(fields=["wallet", "community", "month"], name="month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Flow(models.Model):
    """社区日汇总: what went from one kind of account to another on one day of `community`'s entries; `provider` got or paid it.

    What moved with a resident stands twice: 转出 (`move_out`) where it left, 转入 (`move_in`) where it came; `provider` is the other.
    """

    WAYS = (("move_out", "转出"), ("move_in", "转入"))

    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Community, models.PROTECT, related_name="+")
    day = models.DateField("日期")
    kind = models.CharField("类别", max_length=10)
    source_kind = models.CharField(max_length=10)
    destination_kind = models.CharField(max_length=10)
    amount = models.BigIntegerField("积分")
    postings = models.BigIntegerField("笔数")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "day", "kind", "source_kind", "destination_kind", "provider"], name="flow_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_kind}→{self.destination_kind} {self.amount}"


class Snapshot(models.Model):
    """快照: a community's sums since the beginning, over every entry whose transaction is older than `folded_to`.

    The newest says how far the flows are folded; those of former days are kept as they were at that day's end.
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    day = models.DateField("日期")
    folded_to = models.BigIntegerField("事务号")
    at = models.DateTimeField("时间")
    issued = models.BigIntegerField("发放", default=0)
    taken_back = models.BigIntegerField("收回", default=0)
    spent = models.BigIntegerField("使用", default=0)
    returned = models.BigIntegerField("退回", default=0)
    expired = models.BigIntegerField("过期", default=0)
    moved_out = models.BigIntegerField("转出", default=0)
    moved_in = models.BigIntegerField("转入", default=0)

    class Meta:
        indexes = [models.Index(fields=["community", "-folded_to"], name="snapshot_newest")]
        constraints = [models.UniqueConstraint(fields=["community", "day"], name="snapshot_once")]

    def __str__(self) -> str:
        return f"{self.community} {self.day}"


class BookCheck(models.Model):
    """核对: one run over every promise of the books, and how often each was broken."""

    at = models.DateTimeField("时间")
    promises = models.PositiveIntegerField("核对项")
    breaches = models.PositiveIntegerField("不符")
    seconds = models.FloatField("用时")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.breaches}"
