"""街道, 社区, 小区."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core import clock

if TYPE_CHECKING:
    from communities.models.people import User


class SubDistrict(models.Model):
    """街道: sees all of its communities."""

    name = models.CharField("街道", max_length=40, unique=True)
    district = models.CharField("区县", max_length=40)
    phone = models.CharField("服务电话", max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class CommunityQuerySet(models.QuerySet["Community"]):
    def for_staff(self, user: "User") -> "CommunityQuerySet":
        """The communities where `user` works today; a sub-district duty reaches all of its communities.

        Not for finance, supervisors, auditors and system admins: they open nobody's file (domain guide, 21).
        """
        return self._reached(Q(role__in=("head", "worker", "street_admin", "client")), user)

    def for_books(self, user: "User") -> "CommunityQuerySet":
        """The communities whose sums `user` may read, finance and supervisors included: 对账 names nobody."""
        return self._reached(~Q(role__in=("auditor", "system_admin", "caregiver")), user)

    def for_audit(self, user: "User") -> "CommunityQuerySet":
        """The communities whose logs `user` may read: who changed what, who looked at whom."""
        return self._reached(Q(role="auditor"), user)

    def _reached(self, role: Q, user: "User") -> "CommunityQuerySet":
        today = clock.today()
        held = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
        duties = user.duties.filter(held, role)
        return self.filter(
            Q(pk__in=duties.exclude(community=None).values("community"))
            | Q(sub_district__in=duties.exclude(sub_district=None).values("sub_district"))
        )

    def joinable(self) -> "CommunityQuerySet":
        """The communities that new residents may choose."""
        return self.filter(open_to_residents=True).order_by("sub_district_id", "pk")


class Community(models.Model):
    """社区: the tenant. Every row that staff may see belongs to exactly one."""

    sub_district = models.ForeignKey(SubDistrict, models.PROTECT, related_name="communities", verbose_name="街道")
    name = models.CharField("社区", max_length=40)
    phone = models.CharField("服务电话", max_length=20, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    # 社区码, with which certificates are numbered; the number of the row until somebody enters the official one.
    code = models.CharField("社区码", max_length=12, blank=True)
    open_to_residents = models.BooleanField("开放居民登记", default=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sub_district", "name"], name="community_name")]

    def __str__(self) -> str:
        return self.name


class Estate(models.Model):
    """小区: the address is asked to this depth and no deeper."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="estates", verbose_name="社区")
    name = models.CharField("小区", max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="estate_name")]

    def __str__(self) -> str:
        return self.name


class Grid(models.Model):
    """网格: a cell of a community, looked after by one worker (网格员)."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="grids", verbose_name="社区")
    name = models.CharField("网格", max_length=40)
    keeper = models.ForeignKey(
        "communities.User", models.PROTECT, null=True, blank=True, related_name="grids", verbose_name="网格员"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="grid_name")]

    def __str__(self) -> str:
        return self.name
