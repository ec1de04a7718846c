"""REST clients for tests: admitted as in production, with a token that stands without asking the token endpoint."""

from datetime import timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from communities.models import Community, SubDistrict, User
from core import clock
from integrations.clients import admit

SCOPES = (
    "courses:read", "care:attend", "care:audit", "courses:write", "enrolments:write", "attendance:read", "attendance:write", "notices:read", "evidence:read", "evidence:write", "points:read", "residents:read", "activities:read", "activities:write",
    "participations:write", "hours:read", "deeds:write", "posts:read", "posts:write",
    "certificates:read", "partners:read", "partners:write", "statements:read", "gifts:read", "gifts:write", "offers:read", "vouchers:write", "vouchers:redeem", "appointments:write", "rooms:read", "bookings:read", "bookings:write", "care:read", "care-centres:read", "care:roster", "care:places", "care:release", "care:pickups", "care:enrol", "care:bills", "care:offset", "care:payments",
)  # fmt: skip
SECRET = "a-secret-for-tests"
_serial = count(1)


class Api:
    """What one client sends and gets; `key` is its Idempotency-Key."""

    def __init__(self, token: str, application: Application) -> None:
        self.token, self.application = token, application
        self.user: User = application.user
        self.http = Client(
            headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False, enforce_csrf_checks=True
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **extra: Any) -> Any:
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.http.post(f"/api/v1/{path}", body or {}, "application/json", headers=headers, **extra)

    def enrol(self, course: int, resident: int, *, key: str | None = None) -> Any:
        return self.post("enrolments/", {"course": course, "resident": resident}, key=key or f"key-{next(_serial)}")


@cache
def hashed_secret() -> str:
    """Hashing is slow on purpose; the library leaves alone what is hashed already."""
    return make_password(SECRET, hasher="pbkdf2_sha256")


def client_of(place: Community | SubDistrict, *scopes: str, lasts: timedelta = timedelta(hours=1)) -> Api:
    """A new client whose duty is `place`, with a token for `scopes` (all of them)."""
    name = f"client-{next(_serial)}"
    application = admit(
        client_id=name, client_secret=hashed_secret(), name=name, username=f"service-{name}", place=place, scopes=SCOPES,
    )  # fmt: skip
    return Api(token_of(application, *scopes or SCOPES, lasts=lasts), application)


def token_of(application: Application, *scopes: str, lasts: timedelta = timedelta(hours=1)) -> str:
    """As the token endpoint leaves it: only the checksum is stored."""
    secret = f"token-{next(_serial)}"
    AccessToken.objects.create(
        application=application, token="", token_checksum=sha256(secret.encode()).hexdigest(),
        expires=clock.now() + lasts, scope=" ".join(scopes),
    )  # fmt: skip
    return secret
