"""优待依据 and the search key: what is read by a reviewer and the family alone stands sealed (communities/sealing.py)."""

from django.db import models
from django.db.models import F, Q

from communities.models.people import Resident, User
from communities.models.places import Community
from core import clock


class SearchKey(models.Model):
    """The key of fingerprints, itself sealed: one row. It stays the same when the data keys are changed (docs/keys.md)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sealed = models.BinaryField("密钥（加密）", editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="search_key_one")]

    def __str__(self) -> str:
        return "search key"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def for_staff(self, user: User) -> "EvidenceQuerySet":
        return self.filter(resident__community__in=Community.objects.for_staff(user))

    def to_review(self) -> "EvidenceQuerySet":
        return self.filter(status=Evidence.Status.RECORDED)

    def good_on(self, day: object) -> "EvidenceQuerySet":
        """What counts on `day`: verified, begun, not past its last day; what was ended counts up to then."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=day),
            status__in=[Evidence.Status.VALID, Evidence.Status.ENDED], starts_on__lte=day, ends_on__gte=day,
        )  # fmt: skip


class Evidence(models.Model):
    """优待依据: recorded by one colleague, verified by another. Which category it is stands in `facts`, sealed, and nowhere else:
    too few values for a hash. The family's own existing paper or a look-up; never a certificate of the community's."""

    class Status(models.TextChoices):
        RECORDED = "recorded", "待复核"
        VALID = "valid", "有效"
        DECLINED = "declined", "未通过"
        ENDED = "ended", "已终止"

    class Way(models.TextChoices):
        VIEWED = "viewed", "查看证件原件"
        LOOKED_UP = "looked_up", "工作人员系统查询"

    class Decline(models.TextChoices):
        NOT_FOUND = "not_found", "没有核对上"
        EXPIRED = "expired", "证件已过期"
        UNCLEAR = "unclear", "材料看不清"
        OTHER = "other", "其他，请到窗口了解"

    class End(models.TextChoices):
        CHANGED = "changed", "情况有变化"
        RECHECKED = "rechecked", "复核后不再符合"
        WITHDRAWN = "withdrawn", "家庭撤回"
        REPLACED = "replaced", "已有新的依据"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="evidence", verbose_name="居民")
    # The one that ends when this one is verified.
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals", verbose_name="续期自")
    facts = models.BinaryField("内容（加密）", null=True, editable=False)
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    seen_on = models.DateField("查看日期")
    starts_on = models.DateField("开始")
    ends_on = models.DateField("最后一天")
    recheck_on = models.DateField("复核日期")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.RECORDED)
    recorded_at = models.DateTimeField("登记时间", default=clock.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    decided_at = models.DateTimeField("复核时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    decline = models.CharField("未通过原因", max_length=10, choices=Decline.choices, blank=True)
    # From this day on it counts no more; earlier months are not reclaimed.
    ended_on = models.DateField("终止日期", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="终止人")
    end_reason = models.CharField("终止原因", max_length=10, choices=End.choices, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"], name="evidence_of_resident"),
            models.Index(fields=["recheck_on"], condition=Q(status="valid"), name="evidence_recheck"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["renews"], condition=Q(status="recorded"), name="evidence_renewed_once"),
            models.CheckConstraint(
                condition=Q(facts__isnull=False) | ~Q(status__in=["recorded", "valid"]), name="evidence_keeps_its_facts"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("recorded_by")), name="evidence_two_people"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), recheck_on__lte=F("ends_on")), name="evidence_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="recorded", decided_at=None, decided_by=None)
                | Q(~Q(status="recorded"), decided_at__isnull=False, decided_by__isnull=False),
                name="evidence_decided_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="declined") & ~Q(decline="")) | (~Q(status="declined") & Q(decline="")),
                name="evidence_declined_why",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="ended", ended_at__isnull=False, ended_by__isnull=False, ended_on__isnull=False)
                    & ~Q(end_reason="")
                )
                | Q(~Q(status="ended"), ended_at=None, ended_by=None, ended_on=None, end_reason=""),
                name="evidence_ended_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_status_display()

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.ends_on < clock.today()


class EvidenceImage(models.Model):
    """A picture of the paper, drawn anew and sealed; only until a second person has verified it."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="image", verbose_name="依据")
    sealed = models.BinaryField("图片（加密）", editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", default=clock.now)

    def __str__(self) -> str:
        return f"{self.evidence_id}"
