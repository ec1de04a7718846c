"""今天: what takes place today, on the first page of the desk. Each app registers a provider in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from communities.models import User


@dataclass(frozen=True)
class Line:
    """One thing of today; `acts` are (what, address)."""

    title: str
    sub: str
    acts: list[tuple[str, str]] = field(default_factory=list)


Provider = Callable[[User], list[Line]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """From now on `provider(user)` is asked; it must see only what `user` may see."""
    if provider not in _providers:
        _providers.append(provider)


def lines_for(user: User) -> list[Line]:
    return [line for provider in _providers for line in provider(user)]
