"""托管报名 and 托管档案: what a family tells the centre. Health and what a draft says stand sealed (communities/sealing.py)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from childcare.models.handover import Barred
from childcare.models.places import Centre, Group, Place
from communities.models import Community, Resident, User
from core import clock


class CareEnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_staff(self, user: User) -> "CareEnrolmentQuerySet":
        return self.filter(centre__community__in=Community.objects.for_staff(user)).exclude(
            status=Enrolment.Status.DRAFT
        )

    def at_counter(self, user: User) -> "CareEnrolmentQuerySet":
        """Drafts of guardians of the own communities: a colleague opens one with the guardian there (enrolment/drafting.py)."""
        here = Community.objects.for_staff(user)
        return self.filter(centre__community__in=here, guardian__community__in=here, status=Enrolment.Status.DRAFT)

    def of(self, guardian: Resident) -> "CareEnrolmentQuerySet":
        """Their own; once it is about a child for whom a bar keeps them from speaking, nothing of it is shown."""
        stopped = Barred.objects.standing().filter(child=OuterRef("child"), resident=guardian)
        return self.filter(~Exists(stopped), guardian=guardian)

    def to_decide(self) -> "CareEnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.SUBMITTED)


class Enrolment(models.Model):
    """托管报名: kept between its steps. `draft` is sealed JSON and emptied when it is decided or given up."""

    class Status(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "待社区核对"
        ACCEPTED = "accepted", "已通过"
        DECLINED = "declined", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"
        LAPSED = "lapsed", "超期退回"

    class Decline(models.TextChoices):
        PAPERS = "papers", "证件没有核对上"
        GUARDIAN = "guardian", "监护关系没有核对上"
        AGE = "age", "不符合本中心年龄"
        DUPLICATE = "duplicate", "重复报名"
        OTHER = "other", "其他，请到窗口了解"

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="enrolments", verbose_name="托管中心")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="班")
    guardian = models.ForeignKey(Resident, models.PROTECT, related_name="care_enrolments", verbose_name="监护人")
    # Known from the start when the child has a file; else opened when a colleague has seen the papers.
    child = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="孩子")
    draft = models.BinaryField("填写内容（加密）", null=True, editable=False)
    step = models.PositiveSmallIntegerField("填到第几步", default=0)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    started_at = models.DateTimeField("开始填写", default=clock.now)
    saved_at = models.DateTimeField("最近保存", default=clock.now)
    submitted_at = models.DateTimeField("提交时间", null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填写人")
    decided_at = models.DateTimeField("核对时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核对人")
    decline = models.CharField("未通过原因", max_length=10, choices=Decline.choices, blank=True)
    place = models.OneToOneField(Place, models.PROTECT, null=True, related_name="enrolment", verbose_name="托位")

    objects = CareEnrolmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["centre", "submitted_at"], condition=Q(status="submitted"), name="enrolment_todo")
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(status__in=["draft", "submitted"]) & Q(draft__isnull=False))
                | (~Q(status__in=["draft", "submitted"]) & Q(draft=None)),
                name="care_enrolment_draft_kept",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(status="withdrawn") | Q(submitted_at__isnull=False), name="care_enrolment_submitted"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["accepted", "declined"], decided_at__isnull=False, decided_by__isnull=False)
                | Q(~Q(status__in=["accepted", "declined"]), decided_at=None, decided_by=None),
                name="care_enrolment_decided_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="declined") & ~Q(decline="")) | (~Q(status="declined") & Q(decline="")),
                name="care_enrolment_declined_why",
            ),
            models.CheckConstraint(condition=~Q(status="accepted") | Q(child__isnull=False), name="care_enrolment_child"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"托管报名{self.pk}"


class CareFileQuerySet(models.QuerySet["CareFile"]):
    def for_staff(self, user: User) -> "CareFileQuerySet":
        return self.filter(child__community__in=Community.objects.for_staff(user))


class CareFile(models.Model):
    """托管档案: one per child. `health` is sealed JSON (childcare/carefiles/health.py says its fields); no ethnic group, no copy of papers."""

    child = models.OneToOneField(Resident, models.PROTECT, related_name="care_file", verbose_name="孩子")
    sex = models.CharField("性别", max_length=1, choices=[("m", "男"), ("f", "女")], blank=True)
    school = models.CharField("学校", max_length=40, blank=True)
    grade = models.PositiveSmallIntegerField("年级", null=True, blank=True)  # 1 to 12; 0 before school
    school_class = models.CharField("班级", max_length=20, blank=True)
    workplace = models.CharField("监护人工作单位", max_length=60, blank=True)
    health = models.BinaryField("健康情况（加密）", null=True, editable=False)
    updated_at = models.DateTimeField("更新时间", default=clock.now)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更新人")
    left_on = models.DateField("离开托管的日期", null=True, blank=True)

    objects = CareFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grade=None) | Q(grade__lte=12), name="care_file_grade"),
        ]

    def __str__(self) -> str:
        return f"托管档案{self.pk}"


class Contact(models.Model):
    """紧急联系人, in the order in which they are called."""

    child = models.ForeignKey(Resident, models.PROTECT, related_name="care_contacts", verbose_name="孩子")
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("姓名", max_length=40)
    relation = models.CharField("关系", max_length=20)
    phone = models.CharField("电话", max_length=20)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "order"], name="care_contact_order"),
            models.CheckConstraint(condition=Q(order__gte=1, order__lte=4), name="care_contact_few"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(phone=""), name="care_contact_whole"),
        ]

    def __str__(self) -> str:
        return self.relation


class Carer(models.Model):
    """委托照护人: who looks after a child whose parents are away, by a written entrustment (未成年人保护法 22, 23)."""

    child = models.ForeignKey(Resident, models.PROTECT, related_name="carers", verbose_name="孩子")
    name = models.CharField("姓名", max_length=40)
    relation = models.CharField("关系", max_length=20)
    phone = models.CharField("电话", max_length=20)
    # Keyed hash of the name, as of a pick-up person: by it the database refuses whom a bar names.
    name_key = models.CharField(max_length=64, editable=False)
    entrusted_on = models.DateField("书面委托日期")
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="查看委托书的人")
    at = models.DateTimeField("登记时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束经办人")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(ended_at=None), name="carer_once"),
            models.CheckConstraint(condition=Q(name_key__regex=r"^[0-9a-f]{64}$"), name="carer_name_key"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="carer_ended_by",
            ),
        ]

    def __str__(self) -> str:
        return self.relation
