"""Where a phone without any file begins: a merchant's phone serves for a partner and is nobody's resident file.

Each app registers a provider in `AppConfig.ready`; signing in asks them when no page was wanted, and says who comes in by a code
alone, before it counts as having been here.
"""

from collections.abc import Callable

from communities.models import User

Provider = Callable[[User], str]
Heed = Callable[[User], object]
_providers: list[Provider] = []
_heeded: list[Heed] = []


def register(provider: Provider) -> None:
    """`provider(account)` is the address of its first page, or "" when the account has nothing there."""
    if provider not in _providers:
        _providers.append(provider)


def heed(act: Heed) -> None:
    """`act(account)` is run for a phone that showed its code and no name: numbers change hands (communities/signin.py)."""
    if act not in _heeded:
        _heeded.append(act)


def came_by_code(account: User) -> None:
    """`account` is about to come in; its `last_login` is still that of the time before."""
    for act in _heeded:
        act(account)


def of(account: User) -> str:
    """The first page of `account`; "" for a phone that is new to the house."""
    return next((there for provider in _providers if (there := provider(account))), "")
