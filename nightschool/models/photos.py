"""课程图片: one picture of a course, small enough for a slow phone."""

from django.db import models

from communities.models import User
from core import clock
from nightschool.models.courses import Course


class CoursePhoto(models.Model):
    """At most 40 kB of JPEG, written anew by us so that nothing of the camera is left in it (CHECK in nightschool/sql)."""

    course = models.OneToOneField(Course, models.CASCADE, related_name="photo", verbose_name="课程")
    jpeg = models.BinaryField("图片")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", default=clock.now)
