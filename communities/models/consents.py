"""同意: which text somebody agreed to, for what, and until when (domain guide, 13.1: one row per purpose)."""

from django.db import models
from django.db.models import Q

from communities.models.people import Resident, User
from core import clock


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One purpose, one version of its text: agreed to by an account at its door, or by (or for) one resident."""

    class Purpose(models.TextChoices):
        PERSONAL_DATA = "personal_data", "个人信息处理规则"
        HOUSEHOLD = "household", "加入家庭（户）"
        HELPER = "helper", "亲友代办"
        NOTICE = "notice", "公示姓名"
        PHOTO = "photo", "照片使用"
        PARTNER = "partner", "提供给合伙人"
        HEALTH = "health", "健康信息"
        HARDSHIP = "hardship", "优待身份信息"
        MINOR_VOLUNTEER = "minor_volunteer", "未成年人参加志愿服务"
        VOLUNTEER = "volunteer", "志愿者登记"
        COURSES = "courses", "家人代报夜校"
        MINOR_COURSES = "minor_courses", "未成年人参加夜校"
        CHILD_DATA = "child_data", "儿童个人信息规则"
        CARE = "care", "托管服务协议和家长须知"
        CARE_HEALTH = "care_health", "孩子的健康告知"
        CARE_PICKUP = "care_pickup", "接送授权"
        CARE_PHOTO = "care_photo", "孩子的影像使用"
        CARE_ALONE = "care_alone", "孩子自行离开"
        CARE_RELIEF = "care_relief", "托管优待减免"

    class Way(models.TextChoices):
        TAP = "tap", "本人点击"
        SIGNATURE = "signature", "纸质签字"
        COUNTER = "counter", "窗口代录"

    account = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="consents", verbose_name="账号"
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="consents", verbose_name="居民"
    )
    purpose = models.CharField("用途", max_length=20, choices=Purpose.choices)
    version = models.CharField("规则版本", max_length=20)
    way = models.CharField("方式", max_length=10, choices=Way.choices, default=Way.TAP)
    # Of somebody under age: the adult with a file of their own who agreed for them at the counter.
    guardian = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监护人"
    )
    given_at = models.DateTimeField("同意时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回经办人"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "purpose", "version"], condition=Q(account__isnull=False), name="consent_once"
            ),
            models.UniqueConstraint(
                fields=["resident", "purpose"], condition=Q(resident__isnull=False, withdrawn_at=None),
                name="consent_standing_once",
            ),
            models.CheckConstraint(
                condition=Q(account=None, resident__isnull=False) | Q(account__isnull=False, resident=None),
                name="consent_of_one",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_withdrawn_by",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"
