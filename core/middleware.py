"""What every request passes: cookies that can be read, and the one place where a refusal becomes a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.pages import refused_page
from core.refusals import Refused


class ReadableCookies:
    """A quoted cookie may hold a zero byte, which PostgreSQL refuses: such a cookie counts as not sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


class RefusalMiddleware:
    """Views hold no try/except: what a verb refuses is answered here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused_page(request, exception) if isinstance(exception, Refused) else None
