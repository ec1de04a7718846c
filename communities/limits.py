"""How often something may be tried. One SQL statement counts and answers, so that parallel tries cannot pass together."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from communities.models import Attempts
from core import clock
from core.refusals import TooMany

COUNT = """
INSERT INTO communities_attempts (key, "window", count) VALUES (%s, %s, 1)
ON CONFLICT (key, "window") DO UPDATE SET count = communities_attempts.count + 1 RETURNING count
"""


def hit(key: str, *, limit: int, window: timedelta, at: datetime | None = None) -> None:
    """Count one try of `key` in the present `window`; refuses `TooMany` above `limit`, saying when to come back.

    The count is committed before anything is refused: a refusal must not take it back. So this is never called
    inside a verb or any other transaction (Django raises RuntimeError there).
    """
    at = at or clock.now()
    start = at - (at - datetime.min.replace(tzinfo=UTC)) % window
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(COUNT, [key, start])
        (count,) = cursor.fetchone()
    if count > limit:
        raise TooMany(f"操作太频繁了，请{_spoken(start + window - at)}后再试。您的积分没有变动。")


def clear(key: str) -> None:
    """Forget the tries of `key`, because one of them was right."""
    Attempts.objects.filter(key=key).delete()


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; of an IPv6 address the first half, which is what one household is given.

    Behind our own proxy (TRUSTED_PROXIES) the last hop of X-Forwarded-For is the one that the proxy itself wrote.
    """
    hop = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hop = request.headers.get("X-Forwarded-For", hop).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(hop)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def _spoken(wait: timedelta) -> str:
    minutes = -(-wait // timedelta(minutes=1))
    return f"{minutes // 60}小时" if minutes > 90 else f"{minutes}分钟"
