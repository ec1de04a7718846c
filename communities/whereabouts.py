"""Where the present request comes from, for the logs of changes and looks. Log lines do not hold it."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from communities.limits import address_of

_address: ContextVar[str] = ContextVar("address", default="")


def address() -> str:
    """The network address of this request, as our own proxy saw it; empty outside of one (tasks, the shell)."""
    return _address.get()


class RememberAddress:
    """Middleware: known for as long as the request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _address.set(address_of(request))
        try:
            return self.get_response(request)
        finally:
            _address.reset(token)
