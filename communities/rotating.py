"""动态码: a code that is good for a minute or two, so that a picture of it does not travel far.

Made from the secret key, the purpose and the minute; nothing is stored. The minute before counts as well: whoever aims the
phone at the end of a minute is not refused.
"""

from base64 import urlsafe_b64encode
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

WINDOW = 60  # seconds
BYTES = 16
SALT = "communities.rotating"


def code(purpose: str, at: datetime) -> str:
    """22 letters, digits, - and _ that stand for `purpose` in the minute of `at`."""
    return _of(purpose, _window(at))


def is_good(given: str, purpose: str, at: datetime) -> bool:
    """Whether `given` is the code for `purpose` of this minute or the one before; takes as long for a wrong one."""
    now = _window(at)
    this, last = (constant_time_compare(given, _of(purpose, window)) for window in (now, now - 1))
    return this or last


def _window(at: datetime) -> int:
    return int(at.timestamp()) // WINDOW


def _of(purpose: str, window: int) -> str:
    digest = salted_hmac(SALT, f"{purpose}:{window}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:BYTES]).decode().rstrip("=")
