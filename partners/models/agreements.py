"""协议: what one community and one partner agreed, its promises and rooms, and the signatures under one hash."""

from datetime import date, timedelta
from hashlib import sha256

from django.db import models
from django.db.models import F, Q

from communities.models import Community, SubDistrict, User
from core import clock
from partners.models.joining import Application
from partners.models.partners import Paper, Partner, in_force
from venues.models import BookingSeries, Room


class TemplateQuerySet(models.QuerySet["Template"]):
    def for_staff(self, user: User) -> "TemplateQuerySet":
        return self.filter(sub_district__in=Community.objects.for_staff(user).values("sub_district"))

    def current(self) -> "TemplateQuerySet":
        """Of each title the newest version that was approved."""
        approved = self.exclude(approved_at=None)
        newest = Template.objects.exclude(approved_at=None).order_by("sub_district", "title", "-version")
        return approved.filter(pk__in=newest.distinct("sub_district", "title").values("pk"))


class Template(models.Model):
    """协议范本: a version is never changed; the newest one that a head approved is drafted from."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="templates", verbose_name="街道")
    title = models.CharField("名称", max_length=40)
    version = models.PositiveSmallIntegerField("版本")
    text = models.TextField("正文")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    made_at = models.DateTimeField("拟稿时间", default=clock.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sub_district", "title", "version"], name="template_version"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("made_by"))),
                name="template_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}第{self.version}版"

    @property
    def digest(self) -> str:
        """What a page shows of it, so that nobody approves another text than the one that was read."""
        return sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def for_staff(self, user: User) -> "AgreementQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def in_force(self, on: date) -> "AgreementQuerySet":
        """`ends_on` is the last day; `ended_on` the first one on which an agreement ended early no longer holds."""
        return self.filter(in_force(on))

    def working(self, on: date) -> "AgreementQuerySet":
        """In force and not suspended under any agreement of the two: what offers and vouchers stand on."""
        suspended = Agreement.objects.filter(suspensions__isnull=False, suspensions__lifted_at=None)
        theirs = suspended.filter(partner=models.OuterRef("partner"), community=models.OuterRef("community"))
        return self.in_force(on).filter(~models.Exists(theirs))

    def in_state(self, state: str, on: date, warned: int) -> "AgreementQuerySet":
        """Those whose `state_on(on, warned)` is `state`; `warned` days before the end they count as ending."""
        return self.filter(Agreement.standing(on, warned)[Agreement.State(state)])


class Agreement(models.Model):
    """协议: one community, one partner, a term and a text. Once signed, nothing of it changes but its end (partners/sql).

    `document` is the whole of it as one text, `sha256` its fingerprint: what both sides signed.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        SIGNING = "signing", "待签"
        SIGNED = "signed", "已签"
        VOID = "void", "作废"

    class Mode(models.TextChoices):
        GIFT = "gift", "商户让利"
        SUBSIDY = "subsidy", "社区补贴"
        MIXED = "mixed", "混合"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SIGNING = "signing", "待签"
        COMING = "coming", "未开始"
        RUNNING = "running", "生效"
        ENDING = "ending", "即将到期"
        OVER = "over", "已到期"
        ENDED = "ended", "已终止"
        VOID = "void", "作废"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="agreements", verbose_name="社区")
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=60)
    text = models.TextField("正文")
    promise = models.CharField("公益承诺", max_length=300)
    signed_on = models.DateField("签订日期", null=True, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("到期日期")
    ended_on = models.DateField("提前终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=100, blank=True)
    # Both sides are said to agree: it ends when a second person says so as well (agreements/ending.py).
    ending_on = models.DateField("双方同意的终止日期", null=True)
    ending_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="终止登记人")
    status = models.CharField("办理状态", max_length=10, choices=Status.choices, default=Status.SIGNED)
    mode = models.CharField("结算方式", max_length=10, choices=Mode.choices, default=Mode.GIFT)
    # Of an offer's worth the community pays so many hundredths to the partner.
    percent = models.PositiveSmallIntegerField("社区补贴比例", default=0)
    pairing = models.BooleanField("结对共建", default=False)
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+", verbose_name="范本")
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, related_name="agreements", verbose_name="报名"
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="续签或变更自"
    )
    document = models.TextField("签署文本", blank=True)
    sha256 = models.CharField("文本摘要", max_length=64, blank=True)
    sent_at = models.DateTimeField("送签时间", null=True)
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
            models.CheckConstraint(
                condition=Q(ending_on=None, ending_by=None)
                | Q(status="signed", ending_on__isnull=False, ending_by__isnull=False),
                name="agreement_ending_by",
            ),
            models.CheckConstraint(
                condition=Q(mode="gift", percent=0) | Q(mode="subsidy", percent=100)
                | Q(mode="mixed", percent__gte=1, percent__lte=99),
                name="agreement_mode",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", signed_on=None, document="", sha256="", ended_on=None)
                # Written down from paper it bears the day that stands there, and waits for the head.
                | (Q(status="signing", ended_on=None) & ~Q(document="") & ~Q(sha256=""))
                | Q(status="void", signed_on=None, ended_on=None)
                | (Q(status="signed", signed_on__isnull=False) & ~Q(document="") & ~Q(sha256="")),
                name="agreement_signed_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.partner} × {self.community}"

    @classmethod
    def standing(cls, on: date, warned: int) -> dict[State, Q]:
        """The condition of each state, the same as `state_on` says."""
        soon = on + timedelta(days=warned)
        held = Q(status=cls.Status.SIGNED, ended_on=None)
        return {
            **{state: Q(status=state.value) for state in (cls.State.DRAFT, cls.State.SIGNING, cls.State.VOID)},
            cls.State.COMING: held & Q(starts_on__gt=on),
            cls.State.RUNNING: held & Q(starts_on__lte=on, ends_on__gt=soon),
            cls.State.ENDING: held & Q(starts_on__lte=on, ends_on__gte=on, ends_on__lte=soon),
            cls.State.OVER: held & Q(starts_on__lte=on, ends_on__lt=on),
            cls.State.ENDED: Q(ended_on__isnull=False),
        }

    def state_on(self, day: date, warned: int) -> State:
        """How the agreement stands; `warned` days before the end it counts as ending."""
        if self.status != self.Status.SIGNED:
            return self.State(self.status)
        if self.ended_on:
            return self.State.ENDED
        if day < self.starts_on:
            return self.State.COMING
        if day > self.ends_on:
            return self.State.OVER
        return self.State.ENDING if self.ends_on <= day + timedelta(days=warned) else self.State.RUNNING


class Promise(models.Model):
    """承诺: one quantified line of an agreement. `deduct_cents` is what a time that was not kept costs at the settlement."""

    class Duty(models.TextChoices):
        GOVERNANCE = "governance", "社区治理"
        SERVICE = "service", "便民服务"
        CULTURE = "culture", "文化建设"

    class Focus(models.TextChoices):
        OLD_AND_YOUNG = "old_and_young", "一老一小"
        SURROUNDINGS = "surroundings", "环境提升"
        NEIGHBOURS = "neighbours", "邻里文化"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="promises", verbose_name="协议")
    order = models.PositiveSmallIntegerField("顺序")
    item = models.CharField("项目", max_length=60)
    duty = models.CharField("职责", max_length=12, choices=Duty.choices, default=Duty.SERVICE)
    focus = models.CharField("重点", max_length=15, choices=Focus.choices, default=Focus.OLD_AND_YOUNG)
    times = models.PositiveSmallIntegerField("每月次数")
    people = models.PositiveIntegerField("每次人数", default=0)
    discount = models.CharField("优惠", max_length=60, blank=True)
    deduct_cents = models.PositiveIntegerField("未完成每次抵减（分）", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "order"], name="promise_order"),
            models.CheckConstraint(condition=Q(times__gte=1, times__lte=200), name="promise_times"),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def deduct_yuan(self) -> str:
        """12.5: what staff and the merchant read."""
        return f"{self.deduct_cents / 100:g}"


class RoomGrant(models.Model):
    """提供的场地: a room and how many hours a month; the series in its book, once it is there."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="grants", verbose_name="协议")
    room = models.ForeignKey(Room, models.PROTECT, related_name="grants", verbose_name="活动室")
    hours = models.PositiveSmallIntegerField("每月小时")
    when = models.CharField("时段", max_length=60)
    fees = models.CharField("费用", max_length=60, blank=True)
    series = models.OneToOneField(
        BookingSeries, models.PROTECT, null=True, related_name="grant", verbose_name="预订系列"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=700), name="room_grant_hours")]

    def __str__(self) -> str:
        return f"{self.room}"


class Attachment(models.Model):
    """协议附件: which papers belong to the signed text, in order; a scan of the paper copy comes after it (`scan`)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="attachments", verbose_name="协议")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name="附件")
    order = models.PositiveSmallIntegerField("顺序")
    scan = models.BooleanField("签字扫描件", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "order"], name="attachment_order")]

    def __str__(self) -> str:
        return str(self.order)


class Signature(models.Model):
    """签署: who signed for which side, when, from where, and what (`sha256`). Never changed (partners/sql)."""

    class Side(models.TextChoices):
        COMMUNITY = "community", "甲方（社区）"
        PARTNER = "partner", "乙方（合伙人）"

    class Way(models.TextChoices):
        TYPED = "typed", "键入姓名"
        DRAWN = "drawn", "手写签名"
        PAPER = "paper", "纸质签字"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures", verbose_name="协议")
    side = models.CharField("签署方", max_length=10, choices=Side.choices)
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    name = models.CharField("签名", max_length=40)
    drawing = models.TextField("手写笔迹", blank=True)  # the d of an SVG path, in a box of 600 × 200
    phone = models.CharField("验证码手机尾号", max_length=4, blank=True)
    address = models.CharField("网络地址", max_length=50, blank=True)
    sha256 = models.CharField("文本摘要", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理账号")
    at = models.DateTimeField("签署时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="signature_once"),
            models.CheckConstraint(
                condition=(Q(way="paper") | ~Q(phone="")) & (Q(way="drawn") | Q(drawing="")), name="signature_way"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CeremonyQuerySet(models.QuerySet["Ceremony"]):
    def for_staff(self, user: User) -> "CeremonyQuerySet":
        return self.filter(sub_district__in=Community.objects.for_staff(user).values("sub_district"))


class Ceremony(models.Model):
    """签约仪式: a signing event that everybody may see, with the agreements that were signed there."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="ceremonies", verbose_name="街道")
    title = models.CharField("名称", max_length=60)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=60)
    words = models.CharField("介绍", max_length=300, blank=True)
    agreements = models.ManyToManyField(Agreement, related_name="ceremonies", verbose_name="签订的协议")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = CeremonyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title
