"""规则: what service is worth, as versions that are never changed, and the record of what each award was priced by."""

from django.db import models
from django.db.models import F, Q

from communities.models import SubDistrict, User
from points.models.books import Account, Entry


class Rule(models.Model):
    """One version of one rule. The row that belongs to no sub-district is the default of all (domain guide, 4.2)."""

    class Basis(models.TextChoices):
        HOUR = "hour", "每小时"
        TIME = "time", "每次"

    class Kind(models.TextChoices):
        TIMED = "timed", "计时"
        UNTIMED = "untimed", "不计时"
        EXEMPT = "exempt", "据实"

    sub_district = models.ForeignKey(
        SubDistrict, models.PROTECT, null=True, related_name="point_rules", verbose_name="街道"
    )
    code = models.CharField("代码", max_length=20)
    name = models.CharField("项目", max_length=40)
    basis = models.CharField("计分方式", max_length=10, choices=Basis.choices)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    points = models.PositiveIntegerField("积分")
    day_points = models.PositiveIntegerField("每日封顶积分", null=True)
    day_times = models.PositiveSmallIntegerField("每日最多次数", null=True)
    month_times = models.PositiveSmallIntegerField("每月最多次数", null=True)
    notice_from = models.PositiveIntegerField("多少积分起须公示", default=100)
    starts_on = models.DateField("生效日期")
    decision = models.CharField("决定依据", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人")
    at = models.DateTimeField("修改时间")

    class Meta:
        indexes = [models.Index(fields=["sub_district", "code", "-starts_on", "-id"], name="rule_in_force")]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="rule_named"),
            models.CheckConstraint(condition=Q(points__lte=1000), name="rule_points"),
            # Timed service is paid by the hour, everything else by the time.
            models.CheckConstraint(
                condition=Q(kind="timed", basis="hour") | (~Q(kind="timed") & Q(basis="time")), name="rule_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.points}积分{self.get_basis_display()}"


class Credit(models.Model):
    """What an award was priced by: rule, service and caps are kept for ever. `asked - given` was cut off by a cap."""

    # Written with its entry by one function, and nothing that it names can be deleted; points_breach compares them. With
    # foreign keys a bulk award costs half as much again.
    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="credit", db_constraint=False)
    wallet = models.ForeignKey(Account, models.PROTECT, related_name="credits", db_index=False, db_constraint=False)
    rule = models.ForeignKey(
        Rule, models.PROTECT, related_name="credits", verbose_name="规则", db_index=False, db_constraint=False
    )
    served_on = models.DateField("服务日期")
    quantity = models.PositiveIntegerField("分钟或次数")
    asked = models.BigIntegerField("应得")
    given = models.BigIntegerField("实得")
    cap_day = models.PositiveIntegerField("每日总封顶", null=True)
    cap_month = models.PositiveIntegerField("每月总封顶", null=True)

    class Meta:
        indexes = [models.Index(fields=["wallet", "served_on"], name="credit_of_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__gte=1, asked__lte=10**9, given__gte=0, given__lte=F("asked")), name="credit_cut"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given}/{self.asked}"
