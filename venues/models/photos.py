"""活动室照片: one picture of a room, small enough for a slow phone."""

from django.db import models

from communities.models import User
from core import clock
from venues.models.rooms import Room


class RoomPhoto(models.Model):
    """At most 40 kB of JPEG, written anew by us so that nothing of the camera is left in it (CHECK in venues/sql)."""

    room = models.OneToOneField(Room, models.CASCADE, related_name="photo", verbose_name="活动室")
    jpeg = models.BinaryField("照片")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", default=clock.now)
