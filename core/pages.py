"""`page()`: the one way to answer with HTML. A refusal shows the same form again, with what was typed."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from core.refusals import Refused

SIZES = {"standard", "elder"}
Again = Callable[[Refused], HttpResponse]


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `x.html`, or `x_fragment.html` when htmx asks; the page includes the fragment, so there is one truth."""
    fragment = [template.replace(".html", "_fragment.html")] if request.headers.get("HX-Request") else []
    response = render(request, [*fragment, template], context, status=status)
    # One address, two answers: without this the back button shows a fragment that the browser kept.
    patch_vary_headers(response, ["HX-Request"])
    return response


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
    shut = refused.status in {403, 404}
    if shut or request.headers.get("HX-Request") or request.method == "GET":
        return page(request, "refused.html", {"refused": refused}, status=refused.status)
    messages.error(request, refused.message)
    return redirect(came_from(request))


def wanted(request: HttpRequest, otherwise: str = "/") -> str:
    """The page of this site that `next` names; never an address of another site, nor what `redirect` takes for a name."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    safe = "/" in there and url_has_allowed_host_and_scheme(
        there, {request.get_host()}, require_https=request.is_secure()
    )
    return there if safe else otherwise


def came_from(request: HttpRequest, otherwise: str = "/") -> str:
    """The page that `next` names, else the page of this site that the person came from."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return wanted(request, back if safe else otherwise)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the size of letters and whether this is the demo."""
    size = request.COOKIES.get("size", "standard")
    return {
        "size": size if size in SIZES else "standard",
        "demo": settings.DEMO,
        "request_id": getattr(request, "request_id", ""),
    }
