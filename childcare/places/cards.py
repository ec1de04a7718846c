"""首页卡片: a place that is offered goes to the next one when its time is over, so its family reads of it first."""

from django.urls import reverse

from childcare.places import mine
from communities.frontcards import Card
from communities.models import Resident, User
from core import words


def cards(resident: Resident, account: User) -> list[Card]:
    """One for each open offer; the account answers it, whoever the session acts for. One query."""
    return [
        Card(f"{one.child.name}的托位轮到了", f"请在{words.moment(one.offered_until)}前确认", "去确认", reverse("childcare:place", args=[one.pk]), "hourglass")
        for one in mine.open_offers(account)
        if one.offered_until
    ]  # fmt: skip
