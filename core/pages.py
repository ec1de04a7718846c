"""`page()`: the one way to answer with HTML. A refusal shows the same form again, with what was typed."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from core.refusals import Refused

SIZES = {"standard", "elder"}
Again = Callable[[Refused], HttpResponse]


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `x.html`, or `x_fragment.html` when htmx asks; the page includes the fragment, so there is one truth."""
    if request.headers.get("HX-Request"):
        template = template.replace(".html", "_fragment.html")
    return render(request, template, context, status=status)


def on_refusal(request: HttpRequest, again: Again) -> None:
    """Remember how this view shows itself again when a verb refuses."""
    request._shown_again = again  # type: ignore[attr-defined]


def form_page(
    request: HttpRequest, template: str, form: forms.BaseForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Show `form`; a later refusal of this request shows it again with the refusal above the fields."""
    return page(request, template, {**(context or {}), "form": form}, status=400 if form.errors else 200)


def keep_form(request: HttpRequest, template: str, form: forms.BaseForm, context: dict[str, Any] | None = None) -> None:
    """If a verb refuses, show `form` again with what was typed and the refusal as its message."""

    def again(refused: Refused) -> HttpResponse:
        form.add_error(None, refused.message)
        return page(request, template, {**(context or {}), "form": form}, status=refused.status)

    on_refusal(request, again)


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The answer to a refused request: the form again, a fragment for htmx, else a message where the person was."""
    again = cast("Again | None", getattr(request, "_shown_again", None))
    if again is not None:
        return again(refused)
    if request.headers.get("HX-Request") or request.method == "GET":
        return page(request, "refused.html", {"refused": refused}, status=refused.status)
    messages.error(request, refused.message)
    return redirect(came_from(request))


def came_from(request: HttpRequest, otherwise: str = "/") -> str:
    """The page of this site that the person came from; never an address of another site."""
    back = request.POST.get("next") or request.GET.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else otherwise


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the size of letters and whether this is the demo."""
    size = request.COOKIES.get("size", "standard")
    return {
        "size": size if size in SIZES else "standard",
        "demo": settings.DEMO,
        "request_id": getattr(request, "request_id", ""),
    }
