"""首页卡片: what a family should know first, on the residents' first page. Each app registers a provider in `AppConfig.ready`.

Asked only of who answers for a child, or is one (nightschool/frontpage.py): nobody else's page reads anything for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from communities.models import Resident, User


@dataclass(frozen=True)
class Card:
    """One card: what it says, a line below, and the one way on. `icon` is a name of the icon set."""

    title: str
    sub: str
    label: str
    url: str
    icon: str = "receipt"


Provider = Callable[[Resident, User], list[Card]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """From now on `provider(resident, account)` is asked: for whom the session acts, and who looks; a helper is no guardian."""
    if provider not in _providers:
        _providers.append(provider)


def cards_for(resident: Resident, account: User) -> list[Card]:
    return [card for provider in _providers for card in provider(resident, account)]
