"""A client acts as its own service user: duties say which communities, scopes say which verbs."""

from hashlib import sha256
from typing import TYPE_CHECKING

from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from communities.models import User

if TYPE_CHECKING:  # the views read the settings that name this module
    from rest_framework.views import APIView


class ClientAuthentication(BaseAuthentication):
    """`request.user` is the client's service user, `request.auth` its token. Looks at the header only, in one query.

    The library's own class also takes a token from the query, where access logs see it, and parses the body to look for one.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, secret = header.partition(" ")
        token = _token(secret.strip())
        if scheme.lower() != "bearer" or token is None or not _is_open(token):
            raise AuthenticationFailed
        bind_contextvars(client=token.application.client_id)
        return token.application.user, token

    def authenticate_header(self, request: Request) -> str:
        wrong = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return f'Bearer realm="api"{wrong}'


class HasScope(BasePermission):
    """The token must carry the scope that the view names for this action; a view that names none is closed."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        answered = getattr(view, "action_map", None)
        if answered is not None and str(request.method).lower() not in answered:
            return True  # no action stands behind this method: 405, whoever asks
        needed = getattr(view, "scopes", {}).get(getattr(view, "action", None))
        token: AccessToken | None = request.auth
        return needed is not None and token is not None and token.allow_scopes([needed])


def _token(secret: str) -> AccessToken | None:
    found = AccessToken.objects.select_related("application__user")
    return found.filter(token_checksum=sha256(secret.encode()).hexdigest()).first()


def _is_open(token: AccessToken) -> bool:
    client = token.application
    if token.is_expired() or client is None or client.user is None:
        return False
    return bool(client.user.is_active) and client.user.kind == User.Kind.SERVICE
