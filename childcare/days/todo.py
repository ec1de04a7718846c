"""待办 of the days: children that are being looked for, and families whose late collections have reached the limit."""

from collections.abc import Iterator

from django.urls import reverse

from childcare.days import lateness
from childcare.models import Alarm
from communities import duties
from communities.models import User
from communities.todo import Waiting


def rows(user: User) -> Iterator[Waiting]:
    """Each for whom can do it: staff call, heads decide."""
    opened = Alarm.objects.open().filter(place__group__centre__community__in=duties.served_by(user))
    yield Waiting(
        "care_days",
        "有孩子没到班或没接走，请打电话",
        reverse("desk:care-alarms"),
        lambda _: opened,
        leads=("desk:care-alarm", "pk"),
    )
    often = lateness.at_limit(user)
    yield Waiting("care_days", "晚接达到次数，请负责人处理", reverse("desk:care-lates"), lambda _: often)
