"""社区合伙人 and what was agreed with them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from communities.models import Community, SubDistrict, User
from core import clock


class PartnerQuerySet(models.QuerySet["Partner"]):
    def for_staff(self, user: User) -> "PartnerQuerySet":
        return self.filter(pk__in=Agreement.objects.for_staff(user).values("partner"))

    def shown(self, on: date) -> "PartnerQuerySet":
        """Partners with an agreement in force: what everybody may see."""
        return self.filter(pk__in=Agreement.objects.in_force(on).values("partner"))


class Partner(models.Model):
    """合伙人: a merchant, a social organisation, a public unit or an able person."""

    class Kind(models.TextChoices):
        MERCHANT = "merchant", "商企"
        ORGANISATION = "organisation", "社会组织"
        UNIT = "unit", "共建单位"
        PERSON = "person", "能人"

    class Trade(models.TextChoices):
        HOUSEKEEPING = "housekeeping", "家政"
        ELDER_CARE = "elder_care", "养老"
        MEDICAL = "medical", "医疗"
        LIVING = "living", "生活服务"
        CULTURE = "culture", "文化教育"
        CHILDCARE = "childcare", "托育托管"

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="partners", verbose_name="街道")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    trade = models.CharField("行业", max_length=20, choices=Trade.choices)
    summary = models.CharField("服务内容", max_length=300)
    address = models.CharField("地址", max_length=100, blank=True)
    hours = models.CharField("服务时间", max_length=60, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sub_district", "name"], name="partner_name")]

    def __str__(self) -> str:
        return self.name


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def for_staff(self, user: User) -> "AgreementQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def in_force(self, on: date) -> "AgreementQuerySet":
        """`ends_on` is the last day; `ended_on` the first one on which an agreement ended early no longer holds."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), starts_on__lte=on, ends_on__gte=on)

    def in_state(self, state: str, on: date, warned: int) -> "AgreementQuerySet":
        """Those whose `state_on(on, warned)` is `state`; `warned` days before the end they count as ending."""
        return self.filter(Agreement.standing(on, warned)[Agreement.State(state)])


class Agreement(models.Model):
    """协议: one community, one partner, a term and a text."""

    class State(models.TextChoices):
        COMING = "coming", "未开始"
        RUNNING = "running", "生效"
        ENDING = "ending", "即将到期"
        OVER = "over", "已到期"
        ENDED = "ended", "已终止"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="agreements", verbose_name="社区")
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=60)
    text = models.TextField("正文")
    promise = models.CharField("公益承诺", max_length=300)
    signed_on = models.DateField("签订日期")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("到期日期")
    ended_on = models.DateField("提前终止日期", null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间", default=clock.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ends_on"], condition=Q(ended_on=None), name="agreement_running")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="agreement_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on"), ended_on__lte=F("ends_on")),
                name="agreement_ended_within_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} × {self.community}"

    @classmethod
    def standing(cls, on: date, warned: int) -> dict[State, Q]:
        """The condition of each state, the same as `state_on` says."""
        soon = on + timedelta(days=warned)
        return {
            cls.State.COMING: Q(ended_on=None, starts_on__gt=on),
            cls.State.RUNNING: Q(ended_on=None, starts_on__lte=on, ends_on__gt=soon),
            cls.State.ENDING: Q(ended_on=None, starts_on__lte=on, ends_on__gte=on, ends_on__lte=soon),
            cls.State.OVER: Q(ended_on=None, starts_on__lte=on, ends_on__lt=on),
            cls.State.ENDED: Q(ended_on__isnull=False),
        }

    def state_on(self, day: date, warned: int) -> State:
        """How the agreement stands; `warned` days before the end it counts as ending."""
        if self.ended_on:
            return self.State.ENDED
        if day < self.starts_on:
            return self.State.COMING
        if day > self.ends_on:
            return self.State.OVER
        return self.State.ENDING if self.ends_on <= day + timedelta(days=warned) else self.State.RUNNING
