"""原号码: which files were a colleague's by the number, so that nobody changes a number in order to decide."""

from django.db import models

from communities.models.people import Resident, User
from core import clock


class FormerNumber(models.Model):
    """`resident` stopped being the file of `user`'s own number; written by triggers alone (communities/sql/0004_numbers.sql)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="former_numbers", verbose_name="工作人员")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="居民")
    at = models.DateTimeField("换号时间", default=clock.now)

    def __str__(self) -> str:
        return f"{self.user_id} {self.resident_id}"
