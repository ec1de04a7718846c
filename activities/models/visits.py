"""走访: who was called on at the door, and what came of it (mission, 25)."""

from django.db import models
from django.db.models import Q

from communities.models import Community, Estate, Grid, Resident, User
from core import clock


class VisitQuerySet(models.QuerySet["Visit"]):
    def for_staff(self, user: User) -> "VisitQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))


class Visit(models.Model):
    """One visit to a resident or to a place; only what is needed to follow it up."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="visits", verbose_name="社区")
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="网格")
    estate = models.ForeignKey(Estate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="小区")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="居民")
    text = models.CharField("走访情况", max_length=300)
    follow_up = models.CharField("要跟进的事", max_length=200, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    on = models.DateField("走访日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="走访人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="visit_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="visit_says_what"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(follow_up="")),
                name="visit_settled_by",
            ),
        ]

    def __str__(self) -> str:
        return self.text
