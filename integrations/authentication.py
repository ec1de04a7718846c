"""A client acts as its own service user: duties say which communities, scopes say which verbs."""

from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from communities.models import User


class ClientAuthentication(OAuth2Authentication):
    """`request.user` is the client's service user, `request.auth` its token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        user = user or token.application.user
        return (user, token) if isinstance(user, User) and user.is_active else None


class HasScope(BasePermission):
    """The token must carry the scope that the view names for this action; a view that names none is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = getattr(view, "scopes", {}).get(getattr(view, "action", None))
        return needed is not None and request.auth is not None and request.auth.is_valid([needed])
