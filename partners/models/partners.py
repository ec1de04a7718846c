"""社区合伙人: who they are, whose phones serve for them, their licences, and the pictures they handed in."""

from datetime import date

from django.db import models
from django.db.models import Q

from communities.models import Community, SubDistrict, User
from core import clock

CREDIT_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"


def in_force(on: date, of: str = "") -> Q:
    """The condition that an agreement is signed and holds on `on`; `of` is the path to it (`agreements__`)."""
    not_ended = Q(**{f"{of}ended_on": None}) | Q(**{f"{of}ended_on__gt": on})
    return not_ended & Q(**{f"{of}status": "signed", f"{of}starts_on__lte": on, f"{of}ends_on__gte": on})


class PartnerQuerySet(models.QuerySet["Partner"]):
    def for_staff(self, user: User) -> "PartnerQuerySet":
        """Those that have agreed with, or handed in an application to, a community of the reader."""
        own = Community.objects.for_staff(user)
        handed_in = Q(applications__community__in=own, applications__submitted_at__isnull=False)
        return self.filter(pk__in=Partner.objects.filter(Q(agreements__community__in=own) | handed_in).values("pk"))

    def shown(self, on: date) -> "PartnerQuerySet":
        """Partners with an agreement in force: what everybody may see."""
        return self.filter(pk__in=Partner.objects.filter(in_force(on, "agreements__")).values("pk"))

    def served_by(self, account: User) -> "PartnerQuerySet":
        """Those for whom the phone of `account` serves, as owner or in the shop."""
        return self.filter(clerks__account=account, clerks__removed_at=None)


class Partner(models.Model):
    """合伙人: a merchant, a social organisation, a public unit, an able person. A candidate until it is admitted."""

    class Kind(models.TextChoices):
        MERCHANT = "merchant", "商企"
        ORGANISATION = "organisation", "社会组织"
        UNIT = "unit", "共建单位"
        PERSON = "person", "能人"
        HOST = "host", "主理人"

    class Trade(models.TextChoices):
        HOUSEKEEPING = "housekeeping", "家政"
        ELDER_CARE = "elder_care", "养老"
        MEDICAL = "medical", "医疗"
        LIVING = "living", "生活服务"
        CULTURE = "culture", "文化教育"
        CHILDCARE = "childcare", "托育托管"
        CATERING = "catering", "餐饮"
        RETAIL = "retail", "零售"
        REPAIR = "repair", "维修"
        BEAUTY = "beauty", "美容美发"
        LAW = "law", "法律"
        SPORT = "sport", "体育"
        LOGISTICS = "logistics", "物流"

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="partners", verbose_name="街道")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    trade = models.CharField("行业", max_length=20, choices=Trade.choices)
    summary = models.CharField("服务内容", max_length=300)
    address = models.CharField("地址", max_length=100, blank=True)
    hours = models.CharField("服务时间", max_length=60, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    # What the street asks a candidate for and shows nobody else (domain guide, 7.3).
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    legal_person = models.CharField("法定代表人或经营者", max_length=40, blank=True)
    registered_address = models.CharField("注册地址", max_length=100, blank=True)
    scope = models.CharField("经营范围", max_length=300, blank=True)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    admitted_at = models.DateTimeField("成为合伙人的时间", null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            # Of candidates two may bear one name; who is admitted is one.
            models.UniqueConstraint(
                fields=["sub_district", "name"], condition=Q(admitted_at__isnull=False), name="partner_name"
            ),
            models.UniqueConstraint(
                fields=["sub_district", "credit_code"],
                condition=Q(admitted_at__isnull=False) & ~Q(credit_code=""),
                name="partner_credit_code_once",
            ),
            models.CheckConstraint(
                condition=Q(credit_code="") | Q(credit_code__regex=CREDIT_CODE), name="partner_credit_code_form"
            ),
            # Of a person there is none; a host may be one.
            models.CheckConstraint(condition=~Q(kind="person") | Q(credit_code=""), name="partner_person_no_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_natural(self) -> bool:
        """A person, who has no code and no licence of a firm: 能人, or a 主理人 without one."""
        return self.kind == self.Kind.PERSON or (self.kind == self.Kind.HOST and not self.credit_code)


class ClerkQuerySet(models.QuerySet["Clerk"]):
    def current(self) -> "ClerkQuerySet":
        return self.filter(removed_at=None)


class Clerk(models.Model):
    """店员手机: a phone that serves for a partner. Slot 0 is the owner's, 1 to 5 the shop's: so the database counts to five."""

    OWNER, MOST = 0, 5

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="clerks", verbose_name="合伙人")
    account = models.ForeignKey(User, models.PROTECT, related_name="clerkships", verbose_name="账号")
    slot = models.PositiveSmallIntegerField("序号")
    label = models.CharField("称呼", max_length=20)
    added_at = models.DateTimeField("添加时间", default=clock.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="添加人")
    removed_at = models.DateTimeField("移除时间", null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="移除人")

    objects = ClerkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account"], condition=Q(removed_at=None), name="clerk_of_account")]
        constraints = [
            models.UniqueConstraint(fields=["partner", "slot"], condition=Q(removed_at=None), name="clerk_slot_once"),
            models.UniqueConstraint(
                fields=["partner", "account"], condition=Q(removed_at=None), name="clerk_account_once"
            ),
            models.CheckConstraint(condition=Q(slot__lte=5), name="clerk_slots"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="clerk_removed_when",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_owner(self) -> bool:
        return self.slot == self.OWNER


class Paper(models.Model):
    """附件: a picture that was handed in, drawn anew (communities/photos.py). `sha256` is of the JPEG as it is kept."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="papers", verbose_name="合伙人")
    title = models.CharField("名称", max_length=40)
    jpeg = models.BinaryField("图片")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", default=clock.now)

    def __str__(self) -> str:
        return self.title


class LicenceQuerySet(models.QuerySet["Licence"]):
    def current(self) -> "LicenceQuerySet":
        """What was replaced or taken off is history. Of a kind the checked one, and a newer one that waits for its check."""
        return self.filter(ended_at=None)

    def unchecked(self) -> "LicenceQuerySet":
        return self.current().filter(checked_at=None)

    def lapsed(self, on: date) -> "LicenceQuerySet":
        """Required ones whose last day has passed: the partner's offers are hidden meanwhile."""
        return self.current().filter(required=True, valid_until__lt=on)


class Licence(models.Model):
    """证照. `valid_until` is the last day; without one it holds for good. A colleague looks at the original: `checked_by`."""

    class Kind(models.TextChoices):
        BUSINESS = "business", "营业执照"
        REGISTRATION = "registration", "社会组织登记证书"
        FOOD = "food", "食品经营许可证或备案"
        MEDICAL = "medical", "医疗机构执业许可证"
        ELDER_CARE = "elder_care", "养老机构备案回执"
        HOUSEKEEPING = "housekeeping", "家政人员身份、健康证明"
        CHILDCARE = "childcare", "托管备案"
        FIRE = "fire", "消防验收或检查意见"
        HYGIENE = "hygiene", "公共场所卫生许可证"
        SCHOOL = "school", "办学许可证"
        PERSONAL = "personal", "个人职业资格证书"
        INSURANCE = "insurance", "责任保险"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="licences", verbose_name="合伙人")
    kind = models.CharField("证照", max_length=20, choices=Kind.choices)
    number = models.CharField("证号", max_length=40)
    issuer = models.CharField("发证机关", max_length=60)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    required = models.BooleanField("必备", default=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="附件")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核对人")
    checked_at = models.DateTimeField("核对时间", null=True)
    ended_at = models.DateTimeField("停用时间", null=True)
    down_reason = models.CharField("退回原因", max_length=100, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["valid_until"], condition=Q(ended_at=None), name="licence_ending")]
        constraints = [
            # A newer one takes the place of the checked one when a colleague has seen it, not when somebody sends it in.
            models.UniqueConstraint(
                fields=["partner", "kind"], condition=Q(ended_at=None, checked_at__isnull=False), name="licence_once"
            ),
            models.UniqueConstraint(
                fields=["partner", "kind"], condition=Q(ended_at=None, checked_at=None), name="licence_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None) | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="licence_checked_when",
            ),
            models.CheckConstraint(
                condition=Q(down_reason="") | Q(ended_at__isnull=False, checked_at=None), name="licence_turned_down"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
