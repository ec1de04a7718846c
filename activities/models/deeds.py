"""小事: 随手拍, 小善举 and 建议: what a resident sends in with a few words, and at most one photo."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models.awards import Award
from communities.models import Community, Grid, Resident, User
from core import clock


class DeedQuerySet(models.QuerySet["Deed"]):
    def for_staff(self, user: User) -> "DeedQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def of(self, resident: Resident) -> "DeedQuerySet":
        return self.filter(resident=resident)

    def waiting(self) -> "DeedQuerySet":
        """Sent, and nobody has answered."""
        return self.filter(status=Deed.Status.SENT)

    def to_close(self) -> "DeedQuerySet":
        """Valid, to be put right, and neither done nor explained for good."""
        return self.filter(status=Deed.Status.ACCEPTED, close_by__isnull=False)

    def with_photo(self) -> "DeedQuerySet":
        """Adds `has_photo`, without reading any picture."""
        return self.annotate(has_photo=Exists(Photo.objects.filter(deed=OuterRef("pk"))))


class Deed(models.Model):
    """One thing sent in. A valid one earns by the rule of its kind; a 随手拍 that was put right earns once more.

    Who sent it is the recorder, who accepts it the second person. Where it was is said in words: no position is kept.
    """

    class Kind(models.TextChoices):
        SNAPSHOT = "snapshot", "随手拍"
        KINDNESS = "kindness", "小善举"
        IDEA = "idea", "建议"

    class Status(models.TextChoices):
        SENT = "sent", "待审核"
        ACCEPTED = "accepted", "有效"
        SOLVED = "solved", "已解决"
        DECLINED = "declined", "未通过"
        MERGED = "merged", "已合并"
        TAKEN_BACK = "taken_back", "已撤回"

    community = models.ForeignKey(Community, models.PROTECT, related_name="deeds", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="deeds", verbose_name="居民")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    text = models.CharField("内容", max_length=300)
    place = models.CharField("地点", max_length=60, blank=True)
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="网格")
    on = models.DateField("日期")
    at = models.DateTimeField("提交时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.SENT)
    answer_by = models.DateTimeField("答复期限")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    answer = models.CharField("答复", max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="合并到"
    )
    close_by = models.DateField("办结期限", null=True)
    solved_at = models.DateTimeField("解决时间", null=True)
    solved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    outcome = models.CharField("处理结果", max_length=200, blank=True)
    award = models.OneToOneField(Award, models.PROTECT, null=True, related_name="+", verbose_name="入账单")
    solved_award = models.OneToOneField(Award, models.PROTECT, null=True, related_name="+", verbose_name="解决入账单")

    objects = DeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "answer_by"], condition=Q(status="sent"), name="deed_waiting"),
            models.Index(fields=["community", "-id"], name="deed_newest"),
            models.Index(fields=["resident", "-id"], name="deed_of"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="deed_says_what"),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "taken_back"], answered_at=None, answered_by=None, award=None)
                | Q(status__in=["accepted", "solved", "declined", "merged"], answered_at__isnull=False, answered_by__isnull=False),
                name="deed_answered_when",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="deed_merged_into",
            ),
            models.CheckConstraint(
                condition=(~Q(status="solved") & Q(solved_at=None, solved_by=None, solved_award=None))
                | Q(status="solved", solved_at__isnull=False, solved_by__isnull=False),
                name="deed_solved_when",
            ),
            models.CheckConstraint(condition=~Q(status="declined") | ~Q(answer=""), name="deed_declined_with_reason"),
            # A suggestion is answered, not repaired.
            models.CheckConstraint(condition=~Q(status="solved") | Q(kind="snapshot"), name="deed_solved_snapshot"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def state(self) -> str:
        """The status in the words of its kind: a suggestion is 已采纳 or 未采纳."""
        of_idea = {"accepted": "已采纳", "declined": "未采纳"} if self.kind == self.Kind.IDEA else {}
        return of_idea.get(self.status, self.get_status_display())

    @property
    def points(self) -> int | None:
        """What it has brought into the books so far; None while nothing was decided. Reads both awards."""
        given = [one.given for one in (self.award, self.solved_award) if one and one.given is not None]
        return sum(given) if given else None


class Photo(models.Model):
    """The one photo of a deed, drawn anew without what the camera wrote into it. Seen by its sender and the staff."""

    deed = models.OneToOneField(Deed, models.CASCADE, primary_key=True, related_name="photo", verbose_name="小事")
    jpeg = models.BinaryField("图片")
    width = models.PositiveSmallIntegerField("宽")
    height = models.PositiveSmallIntegerField("高")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(width__lte=2000, height__lte=2000), name="photo_size"),
        ]

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"
