"""两步验证: a staff member's authenticator app. Keys and codes are django-otp's; counting the tries is ours."""

import re
from datetime import timedelta

import segno
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from communities import limits
from communities.models import User
from core.refusals import Refused
from core.verbs import verb

TRIES, WINDOW = 5, timedelta(minutes=15)
DIGITS = re.compile(r"\d{6}", re.ASCII)


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


def confirm(*, user: User, token: str) -> None:
    """From now on signing in asks for a code. Refuses a wrong one."""
    _verify(user, token, confirmed=False)


def check(*, user: User, token: str) -> None:
    """Refuses unless `token` is what the app shows now; each code is good once, five tries in 15 minutes."""
    _verify(user, token, confirmed=True)


@verb()
def remove(*, user: User) -> None:
    """Signing in asks for the password alone again. The caller has checked a code."""
    TOTPDevice.objects.filter(user=user).delete()


def picture(device: TOTPDevice) -> SafeString:
    """The key as an inline QR drawing for the app to read."""
    return mark_safe(segno.make(device.config_url).svg_inline(border=2, omitsize=True))  # noqa: S308  segno draws paths only


def _verify(user: User, token: str, *, confirmed: bool) -> None:
    limits.hit(f"token:{user.pk}", limit=TRIES, window=WINDOW)
    _use(user=user, token=token, confirmed=confirmed)
    limits.clear(f"token:{user.pk}")


@verb()
def _use(*, user: User, token: str, confirmed: bool) -> None:
    # The lock lets one of two parallel uses of the same code through.
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=confirmed).order_by("-pk").first()
    if device is None:
        raise NothingToConfirm
    if not DIGITS.fullmatch(token) or not device.verify_token(token):
        raise WrongToken
    if not confirmed:
        device.confirmed = True
        device.save(update_fields=["confirmed"])
