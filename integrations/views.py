"""The API's own doors: tokens, the description of the interface, and what is not there."""

from base64 import b64decode
from typing import Any, cast
from urllib.parse import unquote_plus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularSwaggerSplitView
from oauth2_provider.views import TokenView

from integrations.errors import SENTENCES, said


class Token(TokenView):  # type: ignore[misc]
    """RFC 6749, 4.4 (client credentials) and nothing else; its errors have that standard's shape."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "\0" in _client_id(request):  # PostgreSQL would refuse to look for it
            return JsonResponse({"error": "invalid_client"}, status=401)
        return cast(HttpResponse, self.authorization_flow_token_response(request))


def _client_id(request: HttpRequest) -> str:
    """The id as the library will look for it: from the form, or from Basic authentication, where it is quoted once more."""
    scheme, _, pair = request.headers.get("Authorization", "").partition(" ")
    try:
        basic = unquote_plus(b64decode(pair).decode()) if scheme.lower() == "basic" else ""
    except ValueError:  # the library refuses what it cannot read
        basic = ""
    return request.POST.get("client_id", "") + basic


class Docs(SpectacularSwaggerSplitView):
    """A page for people, served from here alone."""

    template_name = "integrations/docs.html"
    url_name = "api:schema"


@csrf_exempt
def unknown(request: HttpRequest, rest: str) -> JsonResponse:
    """Any other address below /api/v1/; without it a missing slash would turn a POST into a GET by redirect."""
    return said(404, *SENTENCES[Http404])
