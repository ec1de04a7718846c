"""Residents sign in by phone and a one-time code. A code is good only in the browser that asked for it.

Codes do not go through the outbox: it keeps what it sends, and a code may be kept only as a keyed hash; and a code
that arrives minutes later is worth nothing, so a failure is said at once instead of being tried again. The row of the code is
committed before the call; whatever the provider answers, the same code never goes out twice.
"""

import secrets
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from communities import limits, sending
from communities.models import SignInCode, User
from core import clock
from core.refusals import Refused
from core.verbs import verb

GOOD_FOR = timedelta(minutes=5)  # domain guide, 14
TRIES = 5
PER_PHONE = ((1, timedelta(minutes=1)), (5, timedelta(hours=1)), (10, timedelta(days=1)))
# Of known and unknown browsers together: who bombs a phone with messages leaves its owner's own browsers their ten.
PER_PHONE_AT_MOST = (20, timedelta(days=1))
PER_ADDRESS = ((60, timedelta(hours=1)),)  # a whole community hall may share one address
DORMANT_AFTER = timedelta(days=180)


class NotSent(Refused):
    code = "code_not_sent"
    message = "短信暂时发不出去，请稍后再试，或打社区电话办理。您的积分没有变动。"
    status = 503


class NoCode(Refused):
    code = "no_code"
    message = "还没有为这个手机号获取验证码，请先获取。"


class CodeExpired(Refused):
    code = "code_expired"
    message = "验证码已过期（5分钟内有效），请重新获取。"


class CodeUsed(Refused):
    code = "code_used"
    message = "这个验证码已经用过了，请重新获取。"


class TriedTooOften(Refused):
    code = "code_tried_too_often"
    message = "验证码已输错5次，为了您的账号安全已作废，请重新获取。"


class WrongCode(Refused):
    code = "code_wrong"
    message = "验证码不对，请核对短信后重新填写。"


class StaffNumber(Refused):
    code = "staff_number"
    message = "这个手机号登记在工作人员账号上，请用登录名和密码登录工作台。"


class AccountClosed(Refused):
    code = "account_closed"
    message = "这个账号已停用。如有疑问，请联系社区。您的积分没有变动。"


def new_browser() -> str:
    """A secret for this browser's session, to which its codes are bound."""
    return secrets.token_urlsafe(32)


def send_code(*, phone: str, browser: str, address: str, device: str = "", at: datetime | None = None) -> str:
    """Send six digits to `phone`, good for five minutes in `browser`; the newest code alone is good.

    A browser that is known to the phone (`device`, communities/devices.py) is counted by itself: a stranger who asks for
    codes uses up what strangers have, and never what the owner has. The day's ceiling counts both (ADR 0012).
    Refuses `TooMany` (per phone and per network address) and `NotSent`. Returns the code, for the demo's page alone.
    """
    at = at or clock.now()
    mine = ((f"code:device:{device}", PER_PHONE),) if device else (
        (f"code:ip:{address}", PER_ADDRESS), (f"code:{phone}", PER_PHONE)
    )  # fmt: skip
    for key, rules in (*mine, (f"code:all:{phone}", (PER_PHONE_AT_MOST,))):
        for limit, window in rules:
            limits.hit(f"{key}:{window}", limit=limit, window=window, at=at)
    code = f"{secrets.randbelow(10**6):06d}"
    made = SignInCode.objects.create(
        phone=phone, browser=browser, code_hash=_hash(phone, browser, code), created_at=at, expires_at=at + GOOD_FOR
    )
    said = f"验证码{code}，5分钟内有效。请勿告诉他人。"
    fields = {"code": code, "minutes": "5"}
    receipt = sending.sms().send(
        sending.Outgoing(f"code-{made.pk}-{made.code_hash[:8]}", phone, said, "sign-in-code", fields)
    )
    if receipt.fate in (
        sending.Fate.LATER,
        sending.Fate.REFUSED,
    ):  # unknown: it may well arrive, and is never sent again
        raise NotSent
    return code


def prove(*, phone: str, browser: str, code: str, at: datetime | None = None) -> None:
    """Refuses unless `code` is the newest that was sent to `phone` for `browser`, in time, unused, within five tries.

    Each try is counted and committed before the code is compared, and one UPDATE decides whose right answer wins.
    """
    at = at or clock.now()
    sent = SignInCode.objects.filter(phone=phone, browser=browser).order_by("-created_at", "-pk").first()
    if sent is None:
        raise NoCode
    mine = SignInCode.objects.filter(pk=sent.pk)
    if not mine.filter(used_at=None, tries__lt=TRIES, expires_at__gt=at).update(tries=F("tries") + 1):
        raise _why_not(mine.get(), at)
    if not constant_time_compare(sent.code_hash, _hash(phone, browser, code)):
        raise _wrong(mine.get())
    if not mine.filter(used_at=None).update(used_at=at):
        raise CodeUsed


def check_code(*, phone: str, browser: str, code: str, at: datetime | None = None) -> User:
    """The account of whoever holds `phone`, made if it is new. Refuses as `prove` and `account_of` do."""
    prove(phone=phone, browser=browser, code=code, at=at)
    return account_of(phone=phone)


@verb()
def account_of(*, phone: str) -> User:
    """The resident's account of `phone`, made if there is none. Refuses numbers of staff and closed accounts."""
    account, _ = User.objects.get_or_create(
        phone=phone, defaults={"username": f"r-{secrets.token_hex(8)}", "kind": User.Kind.RESIDENT, "password": "!"}
    )
    if account.kind != User.Kind.RESIDENT:
        raise StaffNumber
    if not account.is_active:
        raise AccountClosed
    return account


def dormant(account: User, at: datetime | None = None) -> bool:
    """Whether nobody signed in for so long that the number may belong to somebody else by now."""
    last = account.last_login
    if last is None:  # bound by staff and never used: the number may have been mistyped
        return account.residents.exists() or account.helps.current().exists()
    return (at or clock.now()) - last > DORMANT_AFTER


def _wrong(sent: SignInCode) -> Refused:
    left = TRIES - sent.tries
    return WrongCode(f"验证码不对，请核对短信后重新填写，还可以再试{left}次。") if left else TriedTooOften()


def _why_not(sent: SignInCode, at: datetime) -> Refused:
    if sent.used_at is not None:
        return CodeUsed()
    return CodeExpired() if at >= sent.expires_at else TriedTooOften()


def _hash(phone: str, browser: str, code: str) -> str:
    return salted_hmac("communities.signin", f"{phone}:{browser}:{code}", algorithm="sha256").hexdigest()
