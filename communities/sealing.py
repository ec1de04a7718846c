"""封存: identity numbers, health and hardship are kept encrypted; a keyed hash tells whether two numbers are the same.

`DATA_KEYS` names the keys, the newest first: the first seals, each opens what it sealed, and a token says which by the key's id.
The key of the hashes is kept sealed in the database (`SearchKey`) and stays when the data keys change: `manage.py reseal`
seals everything anew with the first key, and then the others may go (docs/keys.md).
"""

import hmac
import json
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from communities.models import Resident, SearchKey
from core.refusals import Refused

MARK = b":"
_search: dict[tuple[str, ...], bytes] = {}  # by the keys: it never changes under them


class KeyMissing(Refused):
    """Fails closed: nothing is shown, nothing is written over."""

    code = "data_key_missing"
    message = (
        "加密的资料现在打不开：系统的数据密钥不对或缺少。没有显示也没有改动任何资料，请联系系统维护人员（见密钥说明）。"
    )
    status = 503


def seal(text: str) -> bytes:
    """`text` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256), behind the id of its key.

    Refuses `KeyMissing` when our keys do not open the key of the fingerprints: nothing is added under a key that is not ours.
    """
    search_key()
    return _sealed(text)


def unseal(sealed: bytes) -> str:
    """What was sealed. Refuses `KeyMissing` for anything that none of our keys sealed."""
    name, mark, token = bytes(sealed).partition(MARK)
    # What was sealed before keys had ids is tried with each.
    keys = [key for key in _keys() if not mark or key_id(key).encode() == name]
    for key in keys:
        try:
            return _box(key).decrypt(token if mark else bytes(sealed)).decode()
        except InvalidToken:
            continue
    raise KeyMissing


def seal_facts(facts: dict[str, Any]) -> bytes:
    """A sealed JSON object."""
    return seal(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))


def unseal_facts(sealed: bytes | None) -> dict[str, Any]:
    """The object that was sealed; {} for nothing. Refuses `KeyMissing`."""
    return dict(json.loads(unseal(sealed))) if sealed else {}


def mark() -> bytes:
    """How everything begins that the first of DATA_KEYS sealed."""
    return key_id(_keys()[0]).encode() + MARK


def is_newest(sealed: bytes) -> bool:
    """Whether the first of DATA_KEYS sealed it."""
    return bytes(sealed).startswith(mark())


def opens() -> bool:
    """Whether our keys open what is sealed here: the key of the fingerprints, or where there is none yet, a number on file."""
    row = SearchKey.objects.first()
    sample = bytes(row.sealed) if row else _a_number()
    if sample is None:
        return True
    try:
        unseal(sample)
    except KeyMissing:
        return False
    return True


def fingerprint(text: str, sub_district_id: int) -> str:
    """64 hex digits, equal for equal texts of one sub-district; another sub-district's tell nothing about ours."""
    return hmac.new(search_key(), f"{sub_district_id}:{text}".encode(), sha256).hexdigest()


def key_id(key: str) -> str:
    """Eight hex digits that name a key and tell nothing about it."""
    return _derived(key, b"id").hex()[:8]


def _sealed(text: str) -> bytes:
    return mark() + _box(_keys()[0]).encrypt(text.encode())


def _keys() -> tuple[str, ...]:
    return tuple(settings.DATA_KEYS)


def search_key() -> bytes:
    """The key of the fingerprints, read once by a process. The first reader of all writes the row, as it was derived before
    there was one; refuses `KeyMissing` rather than write one that fits nothing on file."""
    keys = _keys()
    if keys not in _search:
        _search[keys] = bytes.fromhex(unseal(bytes(keep_search_key().sealed)))
    return _search[keys]


def keep_search_key() -> SearchKey:
    """The row, written if it is not there yet."""
    return SearchKey.objects.first() or _first_row()


def forget_search_key() -> None:
    """As if this process had not read it yet; for tests."""
    _search.clear()


def assume_search_key() -> None:
    """As if this process had read the first row; for tests that count queries."""
    _search[_keys()] = derived_search_key()


def derived_search_key() -> bytes:
    """As which the row begins."""
    return _derived(_keys()[-1], b"fingerprint")


def _first_row() -> SearchKey:
    sample = _a_number()
    if sample is not None:
        unseal(sample)
    row = SearchKey(sealed=_sealed(derived_search_key().hex()))
    SearchKey.objects.bulk_create([row], ignore_conflicts=True)
    return SearchKey.objects.get()


def _a_number() -> bytes | None:
    sealed = (
        Resident.objects.exclude(document_sealed=None).order_by("pk").values_list("document_sealed", flat=True).first()
    )
    return bytes(sealed) if sealed else None


@cache
def _box(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_derived(key, b"seal")))


@cache
def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"communities." + purpose).derive(key.encode())
