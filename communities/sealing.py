"""封存: identity numbers are kept encrypted; a keyed hash tells whether two are the same, without opening either.

`DATA_KEYS` names the keys, the newest first: the first seals, each opens. The hash is made with the last one, so that a
new key in front leaves it as it was.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> bytes:
    """`text` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return _box(tuple(settings.DATA_KEYS)).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """What was sealed. Raises InvalidToken for anything that none of our keys sealed."""
    return _box(tuple(settings.DATA_KEYS)).decrypt(bytes(sealed)).decode()


def fingerprint(text: str, sub_district_id: int) -> str:
    """64 hex digits, equal for equal texts of one sub-district; another sub-district's tell nothing about ours."""
    key = _derived(settings.DATA_KEYS[-1], b"fingerprint")
    return hmac.new(key, f"{sub_district_id}:{text}".encode(), sha256).hexdigest()


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key, b"seal"))) for key in keys])


@cache
def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"communities." + purpose).derive(key.encode())
