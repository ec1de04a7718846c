"""Short messages by a provider over HTTP (SMS_DRIVER=notifications.http.Provider). What it speaks: docs/sms.md.

One POST for each message with our own number, by which the provider recognises it; a GET with that number asks what became of it.
Until the connection stands nothing was sent; from then on only the provider's own words say what it did. Nothing here logs a
phone or a text.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import structlog
from django.conf import settings

from communities.sending import Answer, Fate, Outgoing, Receipt
from core import clock
from notifications import templates
from notifications.models import ProviderTemplate

log = structlog.get_logger(__name__)
NEEDED = ("SMS_URL", "SMS_KEY", "SMS_SECRET", "SMS_SIGNATURE")
MOST = 64 * 1024  # bytes of an answer that are read
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ID = 80  # characters, as Message.provider_id
NO_TEMPLATE = "这条短信没有模板，服务商只发审核过的模板，请改用电话告知"
AWAY, BUSY, NOT_OURS = "服务商连不上", "服务商忙，稍后再发", "服务商不认我们的密钥或时间，请系统管理员检查"
SILENT, UNREADABLE = "已交给服务商，没有等到回复", "服务商的回复看不懂"
NUMBER_LIMIT = "这个号码收的短信已到上限"
FAULTS = {
    "bad_phone": "手机号不对，服务商不收，请核对",
    "blocked_phone": "这个号码拒收短信，请改用电话告知",
    "bad_template": "服务商没有这个模板，请街道管理员核对登记的模板号",
    "bad_fields": "模板内容不合服务商的要求，请改用电话告知",
    "bad_signature": "服务商没有这个签名，请系统管理员核对",
}


class Reply(NamedTuple):
    """What came back; `body` is None when it is no JSON object."""

    status: int
    body: dict[str, Any] | None

    @property
    def code(self) -> str:
        return str((self.body or {}).get("code", ""))


class NotConnected(Exception):
    """Nothing was sent."""


class NoReply(Exception):
    """Something may have been sent."""


class Provider:
    """The driver (communities/sending.py). Makes a connection for each message: a kept one that was closed meanwhile is a guess."""

    def send(self, out: Outgoing) -> Receipt:
        if not (theirs := reviewed(out.template)):
            return Receipt(Fate.REFUSED, fault=unregistered(out.template))
        wanted = {
            "number": out.number, "phone": out.address, "signature": settings.SMS_SIGNATURE,
            "template": theirs, "fields": dict(out.fields),
        }  # fmt: skip
        try:
            reply = call("POST", "", json.dumps(wanted, ensure_ascii=False).encode())
        except NotConnected:
            return Receipt(Fate.LATER, fault=AWAY)
        except NoReply:
            return Receipt(Fate.UNKNOWN, fault=SILENT)
        receipt = receipt_of(reply)
        if receipt.fate != Fate.ACCEPTED:
            log.warning("sms-not-accepted", number=out.number, status=reply.status, fate=receipt.fate.value)
        return receipt

    def ask(self, number: str) -> Answer:
        try:
            reply = call("GET", f"/{quote(number, safe='')}")
        except (NotConnected, NoReply):
            return Answer.AWAY
        if reply.status in (401, 403, 408, 429) or reply.status >= 500:
            return Answer.AWAY
        # A bare 404 is a wrong address as well: only the provider's own words say that it never saw the number.
        state = (reply.body or {}).get("state")
        told = {(200, "accepted"): Answer.ACCEPTED, (404, "never_seen"): Answer.NEVER_SEEN}
        return told.get((reply.status, str(state)), Answer.CANNOT_SAY)


def reviewed(code: str) -> str:
    """The provider's number of our template; empty when none is registered."""
    found = ProviderTemplate.objects.filter(channel=ProviderTemplate.Channel.SMS, code=code)
    return found.values_list("provider_id", flat=True).first() or ""


def unregistered(code: str) -> str:
    """What staff are to do for messages of this template."""
    name = templates.named(code)
    return f"短信模板“{name}”（{code}）还没有登记服务商模板号，请街道管理员登记" if code else NO_TEMPLATE


def receipt_of(reply: Reply) -> Receipt:
    """What the provider's answer to a POST means. Whatever it does not plainly say is unknown."""
    body, status = reply.body, reply.status
    if 200 <= status < 300:
        if body and body.get("accepted") is True and body.get("id"):
            return Receipt(Fate.ACCEPTED, provider_id=str(body["id"])[:ID], parts=_count(body.get("parts")))
        return Receipt(Fate.UNKNOWN, fault=UNREADABLE)
    if status == 429 and reply.code == "number_limit":
        return Receipt(Fate.LATER, fault=NUMBER_LIMIT, wait=_wait(body))
    if status in (429, 503):
        return Receipt(Fate.LATER, fault=BUSY)
    if status in (401, 403):
        return Receipt(Fate.LATER, fault=NOT_OURS)
    if 400 <= status < 500 and status not in (408, 409) and reply.code:
        return Receipt(Fate.REFUSED, fault=FAULTS.get(reply.code, f"服务商拒绝了（{reply.code[:40]}）"))
    return Receipt(Fate.UNKNOWN, fault=f"{UNREADABLE}（{status}）")


def call(method: str, path: str, body: bytes = b"") -> Reply:
    """One signed request to SMS_URL plus `path`. Raises `NotConnected` as long as nothing went out, `NoReply` from then on."""
    url = urlsplit(settings.SMS_URL)
    connecting, reading = settings.SMS_TIMEOUTS
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=connecting)
    full = f"{url.path.rstrip('/')}{path}"
    try:
        connection.connect()
    except OSError as error:
        raise NotConnected from error
    try:
        connection.sock.settimeout(reading)
        connection.request(method, full, body or None, signed(method, full, body))
        answer = connection.getresponse()
        return Reply(answer.status, _json(answer.read(MOST)))
    except (OSError, HTTPException) as error:
        raise NoReply from error
    finally:
        connection.close()


def signed(method: str, path: str, body: bytes) -> Mapping[str, str]:
    """The headers: HMAC-SHA256 by SMS_SECRET over method, path, seconds since 1970, nonce and body, a line each."""
    stamp, nonce = str(int(clock.now().timestamp())), secrets.token_hex(16)
    mark = hmac.new(settings.SMS_SECRET.encode(), digestible(method, path, stamp, nonce, body), sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8", "X-Key": settings.SMS_KEY, "X-Timestamp": stamp,
        "X-Nonce": nonce, "X-Signature": mark,
    }  # fmt: skip


def digestible(method: str, path: str, stamp: str, nonce: str, body: bytes) -> bytes:
    return "\n".join((method, path, stamp, nonce, "")).encode() + body


def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _count(said: object) -> int:
    return said if isinstance(said, int) and 0 < said < 100 else 0


def _wait(body: dict[str, Any] | None) -> timedelta:
    """The seconds that a limit names, an hour if it names none: this number had enough, others need not wait for it."""
    said = (body or {}).get("wait")
    most = int(DAY.total_seconds())
    return timedelta(seconds=min(said, most)) if isinstance(said, int) and said > 0 else HOUR
