"""阵地: the rooms that the community gives."""

from django.db import models

from communities.models import Community


class Room(models.Model):
    community = models.ForeignKey(Community, models.PROTECT, related_name="rooms", verbose_name="社区")
    name = models.CharField("名称", max_length=40)
    place = models.CharField("位置", max_length=80)
    capacity = models.PositiveSmallIntegerField("容纳人数")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="room_name")]

    def __str__(self) -> str:
        return f"{self.place}{self.name}"
