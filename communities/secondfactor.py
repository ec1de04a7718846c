"""两步验证: a staff member's authenticator app, and codes on paper for the day when the phone is lost.

Keys and codes are django-otp's; counting the tries is ours, before anything is compared (ADR 0012).
"""

import re
import secrets
from base64 import b32encode
from datetime import timedelta

import segno
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from communities import changes, limits
from communities.models import User
from core.refusals import Refused
from core.verbs import verb

TRIES, WINDOW = 5, timedelta(minutes=15)
DIGITS = re.compile(r"\d{6}", re.ASCII)
RECOVERY_CODES = 8


class WrongToken(Refused):
    code = "wrong_token"
    message = "动态码不对或已经用过，请等手机上出现新的6位数字再填。"


class NothingToConfirm(Refused):
    code = "nothing_to_confirm"
    message = "还没有开始绑定，请先点“开始绑定”。"


class AlreadyOn(Refused):
    code = "second_factor_already_on"
    message = "两步验证已经开启，不用重复绑定。换手机请先关闭再绑定。"


def is_on(user: User) -> bool:
    """Whether signing in asks for a code."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def waiting(user: User) -> TOTPDevice | None:
    """The key that was shown and not confirmed yet."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).order_by("-pk").first()


@verb()
def start(*, user: User) -> TOTPDevice:
    """A fresh key to be read by the app; nothing changes until `confirm`. Refuses when it is on."""
    if is_on(user):
        raise AlreadyOn
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="authenticator", confirmed=False)


def confirm(*, user: User, token: str) -> list[str]:
    """From now on signing in asks for a code. Refuses a wrong one. Returns the recovery codes, which nobody sees again."""
    _counted(f"token:own:{user.pk}", user, token, confirmed=False)
    return renew_codes(user=user)


def check(*, user: User, token: str, device: str = "", signed_in: bool = False) -> None:
    """Refuses unless `token` is what the app shows now, or a recovery code; each is good once, five tries in 15 minutes.

    Whoever asks has proved the password. A known browser (`device`) and a session that is in already are counted by
    themselves, so that a stranger who found out the password does not use up its owner's tries.
    """
    key = f"token:own:{user.pk}" if signed_in else f"token:device:{device}" if device else f"token:{user.pk}"
    _counted(key, user, token, confirmed=True)


@verb()
def remove(*, user: User, by: User | None = None) -> None:
    """Signing in asks for the password alone again. The caller has checked a code, or is a colleague who may."""
    changes.by(by or user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


@verb()
def renew_codes(*, user: User) -> list[str]:
    """Eight codes, each good once instead of the app; those before are void. Kept as keyed hashes only."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    StaticDevice.objects.filter(user=user).delete()
    paper = StaticDevice.objects.create(user=user, name="paper")
    made = [b32encode(secrets.token_bytes(10)).decode()[:12] for _ in range(RECOVERY_CODES)]
    for code in made:
        paper.token_set.create(token=_hashed(user, code))
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in made]


def codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


@verb()
def spend_code(*, user: User, code: str) -> bool:
    """Whether `code` is one of the unused recovery codes, which is used up thereby. 60 random bits: tries need no count."""
    paper = StaticDevice.objects.select_for_update().filter(user=user).first()
    return paper is not None and bool(paper.verify_token(_hashed(user, plain(code))))


def plain(code: str) -> str:
    """A code as it was typed, without what people put between its letters."""
    return re.sub(r"[^0-9A-Z]", "", code.upper())


def picture(device: TOTPDevice) -> SafeString:
    """The key as an inline QR drawing for the app to read."""
    return mark_safe(segno.make(device.config_url).svg_inline(border=2, omitsize=True))  # noqa: S308  segno draws paths only


def key_of(device: TOTPDevice) -> str:
    """The key in letters, for an app that cannot see the drawing."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _counted(key: str, user: User, token: str, *, confirmed: bool) -> None:
    limits.hit(key, limit=TRIES, window=WINDOW)
    if not (confirmed and not DIGITS.fullmatch(token) and spend_code(user=user, code=token)):
        _use(user=user, token=token, confirmed=confirmed)
    limits.clear(key)


@verb()
def _use(*, user: User, token: str, confirmed: bool) -> None:
    # The lock lets one of two parallel uses of the same code through.
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=confirmed).order_by("-pk").first()
    if device is None:
        raise NothingToConfirm
    if not DIGITS.fullmatch(token) or not device.verify_token(token):
        raise WrongToken
    if not confirmed:
        changes.by(user)
        device.confirmed = True
        device.save(update_fields=["confirmed"])


def _hashed(user: User, code: str) -> str:
    digest = salted_hmac("communities.secondfactor", f"{user.pk}:{code}", algorithm="sha256").digest()
    return b32encode(digest).decode()[:16].lower()
