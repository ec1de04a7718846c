"""Where a phone without any file begins: a merchant's phone serves for a partner and is nobody's resident file.

Each app registers a provider in `AppConfig.ready`; signing in asks them when no page was wanted.
"""

from collections.abc import Callable

from communities.models import User

Provider = Callable[[User], str]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(account)` is the address of its first page, or "" when the account has nothing there."""
    if provider not in _providers:
        _providers.append(provider)


def of(account: User) -> str:
    """The first page of `account`; "" for a phone that is new to the house."""
    return next((there for provider in _providers if (there := provider(account))), "")
