"""招募: calls, applications, what was looked up by hand, and the reviewers' marks (domain guide, 7.3)."""

import json
from datetime import timedelta
from hashlib import sha256

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communities.models import Community, User
from core import clock
from partners.models.partners import Paper, Partner

CALL_DAYS = timedelta(days=6)  # from the first to the last day, both included: seven


class CallQuerySet(models.QuerySet["Call"]):
    def for_staff(self, user: User) -> "CallQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def published(self) -> "CallQuerySet":
        return self.exclude(status__in=(Call.Status.DRAFT, Call.Status.WITHDRAWN))


class Call(models.Model):
    """招募公告: what is looked for, until when, and the scoring sheet, which nobody changes once it is published."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        OPEN = "open", "招募中"
        SCORING = "scoring", "评审中"
        RANKED = "ranked", "已排名"
        SETTLED = "settled", "已结束"
        WITHDRAWN = "withdrawn", "已撤销"

    community = models.ForeignKey(Community, models.PROTECT, related_name="calls", verbose_name="社区")
    title = models.CharField("标题", max_length=60)
    text = models.TextField("招募内容", max_length=2000)
    trades = ArrayField(models.CharField(max_length=20), verbose_name="行业", default=list)
    places = models.PositiveSmallIntegerField("名额", default=1)
    opens_on = models.DateField("公告日期")
    closes_on = models.DateField("截止日期")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    made_at = models.DateTimeField("拟稿时间", default=clock.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    published_at = models.DateTimeField("发布时间", null=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=100, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on") + CALL_DAYS), name="call_seven_days"),
            models.CheckConstraint(condition=Q(places__gte=1), name="call_places"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "withdrawn"))
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="call_published_when",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("made_by")), name="call_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def digest(self) -> str:
        """What a page shows of it, so that nobody publishes another call than the one that was read: one query."""
        sheet = list(self.criteria.order_by("order").values_list("name", "weight"))
        said = (self.title, self.text, self.trades, self.places, str(self.opens_on), str(self.closes_on), sheet)
        return sha256(json.dumps(said).encode()).hexdigest()


class Criterion(models.Model):
    """评分项 of a call's scoring sheet; together they weigh 100."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria", verbose_name="招募")
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("评分项", max_length=20)
    weight = models.PositiveSmallIntegerField("满分")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "order"], name="criterion_order"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="criterion_weight"),
        ]

    def __str__(self) -> str:
        return self.name


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    def serving(self) -> "ReviewerQuerySet":
        return self.filter(excused_at=None)


class Reviewer(models.Model):
    """评审人 of a call: at least three, who see nobody's marks until all are in. Who was excused left marks that do not count."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="reviewers", verbose_name="招募")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="评审人")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="指定人")
    at = models.DateTimeField("指定时间", default=clock.now)
    excused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="准予退出的人")
    excused_at = models.DateTimeField("退出时间", null=True)
    excuse = models.CharField("退出原因", max_length=100, blank=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="reviewer_once"),
            models.CheckConstraint(
                condition=Q(excused_at=None, excused_by=None, excuse="")
                | (Q(excused_at__isnull=False, excused_by__isnull=False) & ~Q(excuse="")),
                name="reviewer_excused_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class PartnerApplicationQuerySet(models.QuerySet["Application"]):
    def for_staff(self, user: User) -> "PartnerApplicationQuerySet":
        """What was handed in; a draft is the applicant's own."""
        return self.filter(community__in=Community.objects.for_staff(user)).exclude(status=Application.Status.DRAFT)

    def of(self, account: User) -> "PartnerApplicationQuerySet":
        return self.filter(partner__clerks__account=account, partner__clerks__removed_at=None, partner__clerks__slot=0)

    def held(self, pk: int) -> "Application":
        """The application, locked, with whose it is."""
        locked = self.select_for_update(no_key=True, of=("self",))
        return locked.select_related("partner", "community", "call").get(pk=pk)

    def standing(self) -> "PartnerApplicationQuerySet":
        return self.exclude(status__in=(Application.Status.DECLINED, Application.Status.WITHDRAWN))


class Application(models.Model):
    """报名. With a call it stands against rivals (full path); without one, staff and head decide (short path)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "待资格审查"
        RETURNED = "returned", "待补正"
        CHECKED = "checked", "资格审查通过"
        PROPOSED = "proposed", "拟入选，公示"
        ADMITTED = "admitted", "已入选"
        DECLINED = "declined", "未入选"
        WITHDRAWN = "withdrawn", "已撤回"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="applications", verbose_name="合伙人")
    community = models.ForeignKey(Community, models.PROTECT, related_name="applications", verbose_name="社区")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="applications", verbose_name="招募")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    services = models.CharField("服务内容", max_length=300, blank=True)
    audience = models.CharField("服务对象", max_length=100, blank=True)
    # [{"item": "免费理发", "times": 2, "people": 10, "discount": "8折"}]: the agreement makes rows of them.
    promises = models.JSONField("优惠和公益承诺", default=list)
    room_wanted = models.CharField("所需场地", max_length=200, blank=True)
    safety = models.CharField("安全措施", max_length=300, blank=True)
    insurance = models.CharField("保险", max_length=200, blank=True)
    pledged = models.BooleanField("近三年无严重违法承诺", default=False)
    kinship = models.BooleanField("与工作人员有亲属关系", null=True)
    kinship_note = models.CharField("亲属关系说明", max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填写人")
    at = models.DateTimeField("开始填写时间", default=clock.now)
    submitted_at = models.DateTimeField("报名时间", null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审查人")
    checked_at = models.DateTimeField("审查时间", null=True)
    check_note = models.CharField("审查说明", max_length=200, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="负责人")
    proposed_at = models.DateTimeField("负责人同意时间", null=True)
    rank = models.PositiveSmallIntegerField("名次", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    settled_at = models.DateTimeField("决定时间", null=True)
    settled_note = models.CharField("决定说明", max_length=200, blank=True)

    objects = PartnerApplicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="partner_application_here")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "partner"],
                condition=~Q(status__in=("declined", "withdrawn")),
                name="partner_application_once",
            ),
            models.UniqueConstraint(
                fields=["community", "partner"],
                condition=Q(call=None) & ~Q(status__in=("admitted", "declined", "withdrawn")),
                name="partner_application_short_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "withdrawn"))
                | Q(submitted_at__isnull=False, pledged=True, kinship__isnull=False),
                name="partner_application_submitted_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("checked", "proposed", "admitted")) | Q(checked_by__isnull=False),
                name="partner_application_checked_when",
            ),
            # Whoever judged that it may stand does not choose it.
            models.CheckConstraint(
                condition=~Q(status__in=("proposed", "admitted"))
                | (Q(proposed_by__isnull=False) & ~Q(proposed_by=F("checked_by"))),
                name="partner_application_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("admitted", "declined"))
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="partner_application_settled_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} → {self.community}"


class Lookup(models.Model):
    """查询结果: looked up by a person in a public register; kept with day, person and the number of the screenshot."""

    class Register(models.TextChoices):
        ENTITY = "entity", "国家企业信用信息公示系统"
        ABNORMAL = "abnormal", "经营异常名录"
        SERIOUS = "serious", "严重违法失信名单"
        DEFAULTER = "defaulter", "失信被执行人"
        SOCIAL = "social", "全国社会组织信用信息公示平台"

    application = models.ForeignKey(Application, models.PROTECT, related_name="lookups", verbose_name="报名")
    register = models.CharField("查询项目", max_length=10, choices=Register.choices)
    nothing_found = models.BooleanField("未见异常")
    looked_on = models.DateField("查询日期")
    reference = models.CharField("截图号", max_length=40, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="截图")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="查询人")
    at = models.DateTimeField("登记时间", default=clock.now)

    def __str__(self) -> str:
        return self.get_register_display()


class ReviewQuerySet(models.QuerySet["Review"]):
    def seen_by(self, user: User) -> "ReviewQuerySet":
        """One's own; everybody else's once all are in and the call is ranked, to who works in its community."""
        in_full = Q(application__call__status__in=(Call.Status.RANKED, Call.Status.SETTLED))
        here = Q(application__call__in=Call.objects.for_staff(user))
        return self.filter(Q(reviewer__user=user) | in_full, here)

    def counted(self) -> "ReviewQuerySet":
        return self.filter(reviewer__excused_at=None)


class Review(models.Model):
    """评分: one reviewer's marks of one application, in the order of the criteria. Nobody else's are seen until all are in."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews", verbose_name="报名")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="reviews", verbose_name="评审人")
    marks = ArrayField(models.PositiveSmallIntegerField(), verbose_name="得分")
    total = models.PositiveSmallIntegerField("总分")
    remark = models.CharField("评语", max_length=200, blank=True)
    at = models.DateTimeField("评分时间", default=clock.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_once"),
            models.CheckConstraint(condition=Q(total__lte=100), name="review_total"),
        ]

    def __str__(self) -> str:
        return str(self.total)
