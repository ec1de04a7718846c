"""Residents' pages about themselves."""

from django.http import HttpRequest, HttpResponse

from core.pages import page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or the browser keeps no cookies."""
    return page(request, "403_csrf.html", status=403)
