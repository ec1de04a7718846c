"""亲友代办 and 积分卡: how somebody without a phone is served by family, and known at the counter."""

from django.db import models
from django.db.models import Q

from communities.models.consents import Consent
from communities.models.people import Resident, User
from communities.models.places import Community
from core import clock


class HelperQuerySet(models.QuerySet["Helper"]):
    def current(self) -> "HelperQuerySet":
        """Those who may act: withdrawing the consent shuts the door at once, whoever writes the row."""
        return self.filter(ended_at=None, consent__withdrawn_at=None)


class Helper(models.Model):
    """亲友: whose phone may act for `resident`, who agreed to it. Ends with either's word, and with the consent."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="helpers", verbose_name="居民")
    account = models.ForeignKey(User, models.PROTECT, related_name="helps", verbose_name="代办人账号")
    name = models.CharField("代办人姓名", max_length=40)
    relation = models.CharField("与居民的关系", max_length=20)
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="helpers", verbose_name="居民的同意")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束经办人"
    )

    objects = HelperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "account"], condition=Q(ended_at=None), name="helper_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="helper_ended_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """积分卡: paper with a QR of 128 random bits and a number for reading aloud; nothing on it says who it is but the mask."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="cards", verbose_name="居民")
    token = models.CharField("令牌", max_length=32, unique=True)
    number = models.CharField("卡号", max_length=8, unique=True)
    pin = models.CharField("密码（散列）", max_length=128, blank=True)
    issued_at = models.DateTimeField("发卡时间", default=clock.now)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发卡人")
    ended_at = models.DateTimeField("作废时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作废经办人"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident"], condition=Q(ended_at=None), name="card_one_at_a_time"),
            models.CheckConstraint(condition=Q(number__regex=r"^\d{8}$"), name="card_number_digits"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="card_ended_by",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SlipQuerySet(models.QuerySet["Slip"]):
    def for_staff(self, user: User) -> "SlipQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))


class Slip(models.Model):
    """办理单: one act at the counter, for whom, by whom, what came of it, and how the resident said yes. Printed twice.

    `about` names what was done in the app that did it (enrolment:42); `said` holds the lines of the paper.
    """

    class Proof(models.TextChoices):
        SIGNATURE = "signature", "签字"
        PIN = "pin", "卡密码"
        CALL = "call", "电话核对"

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="slips", verbose_name="居民")
    act = models.CharField("事项", max_length=40)
    about = models.CharField("所办", max_length=40)
    said = models.CharField("办理结果", max_length=300)
    proof = models.CharField("确认方式", max_length=10, choices=Proof.choices, default=Proof.SIGNATURE)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("办理时间", default=clock.now)

    objects = SlipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="slip_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="") & ~Q(said="") & Q(about__regex=r"^[a-z]+:\d+$"), name="slip_says_what_was_done"
            ),
            models.UniqueConstraint(fields=["about", "act"], name="slip_once"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """BL20261125-000318, as it stands on the paper."""
        return f"BL{clock.local(self.at):%Y%m%d}-{self.pk:06d}"

    @property
    def lines(self) -> list[str]:
        return self.said.split("\n")
