"""志愿者: what 民政部令第67号 (5) asks to be registered besides the file, with the person's consent (6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from activities.models.activity import Activity
from communities.models import Community, Consent, Resident, User
from core import clock


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def for_staff(self, user: User) -> "VolunteerQuerySet":
        return self.filter(resident__community__in=Community.objects.for_staff(user))

    def current(self) -> "VolunteerQuerySet":
        """Registered today: the consent stands, whoever wrote the row."""
        return self.filter(ended_at=None, consent__withdrawn_at=None)


class Volunteer(models.Model):
    """志愿者登记. Nobody needs it to take part; with it the record can be reported. `number` is the national system's."""

    class Sex(models.TextChoices):
        FEMALE = "female", "女"
        MALE = "male", "男"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="volunteer_files", verbose_name="居民")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+", verbose_name="同意")
    number = models.CharField("志愿者编号", max_length=30, blank=True)
    sex = models.CharField("性别", max_length=10, choices=Sex.choices, blank=True)
    skills = models.CharField("专业技能", max_length=100, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=10, choices=Activity.Kind.choices),
        default=list,
        blank=True,
        verbose_name="服务类别",
    )
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    ended_at = models.DateTimeField("退出时间", null=True, blank=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident"], condition=Q(ended_at=None), name="volunteer_once"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(ended_at=None) & ~Q(number=""), name="volunteer_number_once"
            ),
            # Who withdrew the consent is no longer described.
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(number="", sex="", skills="", kinds=[]), name="volunteer_ended_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.pk}"

    @property
    def wishes(self) -> str:
        """环境整治、助老探访."""
        return "、".join(Activity.Kind(kind).label for kind in self.kinds)
