"""What agreements leave waiting for a staff member: renewing, or ending them in good order."""

from collections.abc import Iterator

from django.urls import reverse

from communities import settings
from communities.models import Community, User
from communities.todo import Waiting, day_end
from core import clock
from partners.models import Agreement


def rows(user: User) -> Iterator[Waiting]:
    """Agreements that end soon, as the list of agreements counts them."""
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    if street is None:
        return
    warned = settings.value_of(settings.AGREEMENT_DAYS, street)
    ending = Agreement.objects.for_staff(user).in_state(Agreement.State.ENDING, clock.today(), warned)
    url = f"{reverse('desk:partners')}?state=ending"
    yield Waiting("partners", "协议快到期，待续签或终止", url, lambda _: ending, "ends_on", day_end)
