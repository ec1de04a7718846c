"""监护人: which adult with a file of their own answers for which child, and by what paper a colleague saw it."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from communities.models.people import Resident, User
from core import clock

ADULT = 18


def born_after(today: date) -> date:
    """Whoever was born on a later day is not of age on `today`."""
    # Who was born on 29 February comes of age on 1 March.
    return today.replace(year=today.year - ADULT, day=28 if (today.month, today.day) == (2, 29) else today.day)


class GuardianQuerySet(models.QuerySet["Guardian"]):
    def current(self) -> "GuardianQuerySet":
        """Those who answer for somebody who is still under age; it ends by itself on the eighteenth birthday."""
        return self.filter(ended_at=None, child__birth_date__gt=born_after(clock.today()))

    def acting(self, account: User) -> "GuardianQuerySet":
        """For whom `account` acts: its children without an account of their own."""
        return self.current().filter(guardian__account=account, child__account=None)


class Guardian(models.Model):
    """监护关系, registered at the counter with both present. Of the paper only its kind is kept, no copy (domain guide, 13.2)."""

    class Basis(models.TextChoices):
        HOUSEHOLD_BOOK = "household_book", "户口簿"
        BIRTH = "birth", "出生医学证明"
        ADOPTION = "adoption", "收养登记证"
        GUARDIANSHIP = "guardianship", "监护证明或指定监护文书"

    child = models.ForeignKey(Resident, models.PROTECT, related_name="guardians", verbose_name="孩子")
    guardian = models.ForeignKey(Resident, models.PROTECT, related_name="wards", verbose_name="监护人")
    relation = models.CharField("与孩子的关系", max_length=20)
    basis = models.CharField("看过的证明", max_length=20, choices=Basis.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束经办人"
    )

    objects = GuardianQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "guardian"], condition=Q(ended_at=None), name="guardian_once"),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="guardian_is_another"),
            models.CheckConstraint(condition=~Q(basis=""), name="guardian_by_paper"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="guardian_ended_by",
            ),
        ]

    def __str__(self) -> str:
        return self.relation
