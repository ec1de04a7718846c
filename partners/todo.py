"""What agreements leave waiting for a staff member: renewing, or ending them in good order."""

from collections.abc import Iterator
from datetime import time

from django.db.models import Count, Min
from django.urls import reverse

from communities import settings
from communities.models import Community, User
from communities.todo import Row
from core import clock
from partners.models import Agreement


def rows(user: User) -> Iterator[Row]:
    """Agreements that end soon, as the list of agreements counts them."""
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    if street is None:
        return
    warned = settings.value_of(settings.AGREEMENT_DAYS, street)
    ending = Agreement.objects.for_staff(user).in_state(Agreement.State.ENDING, clock.today(), warned)
    found = ending.aggregate(count=Count("pk"), first=Min("ends_on"))
    deadline = clock.at(found["first"], time(23, 59)) if found["first"] else None
    yield Row(
        "partners", "协议快到期，待续签或终止", found["count"], f"{reverse('desk:partners')}?state=ending", deadline
    )
