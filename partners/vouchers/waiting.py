"""待办 of uses: flags that nobody has looked at, in the order in which they came."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Waiting
from partners.models import Redemption


def rows(user: User) -> Iterator[Waiting]:
    """Counted as the list shows them; there is no deadline, and no use is stopped meanwhile."""
    mine = Redemption.objects.for_staff(user).flagged().filter(looked_at=None)
    yield Waiting(
        "vouchers",
        "核销有异常提示，待查看",
        f"{reverse('desk:uses')}?flagged=open",
        lambda _: mine,
        leads=("desk:use", "pk"),
    )
