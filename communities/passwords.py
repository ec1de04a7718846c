"""Staff sign in by name and password. Hashing and checking are Django's; counting the tries is ours (ADR 0012)."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from communities import changes, limits
from communities.models import FormerPassword, Resident, User
from communities.registration import pinyin
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

WINDOW = timedelta(minutes=15)  # domain guide, 14: five failures in 15 minutes
TRIES = 5
# One stranger who tries a word at every name: more than an office behind one address mistypes in a morning.
PER_ADDRESS = 100
BARRED = 5  # former passwords, the present one included


class WrongPassword(Refused):
    code = "wrong_password"
    message = "登录名或密码不对，请重新填写。忘记密码请联系街道管理员重置。"


class WrongOldPassword(Refused):
    code = "wrong_old_password"
    message = "原密码不对，密码没有修改。"


class ThreeKinds:
    """Password rule: three of lower case, upper case, digits, and everything else (domain guide, 14)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuses (ValidationError) fewer kinds."""
        kinds = {"a" if c.islower() else "A" if c.isupper() else "1" if c.isdigit() else "?" for c in password}
        if len(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return "密码要包含小写字母、大写字母、数字、其他字符中的至少三种。"


class NotAboutOneself:
    """Password rule: nothing that colleagues know: the name, also in pinyin, the phone, the birthday (domain guide, 14)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuses (ValidationError) a password that holds one of them."""
        typed = password.lower()
        if user and any(word in typed for word in _words_about(user)):
            raise ValidationError(self.get_help_text(), code="password_about_oneself")

    def get_help_text(self) -> str:
        return "密码里不能有自己的姓名（包括拼音）、登录名、手机号和生日。"


class NotAFormerOne:
    """Password rule: none of the last five (domain guide, 14)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuses (ValidationError) the present one and the four before it."""
        if user is None or user.pk is None:
            return
        former = user.former_passwords.order_by("-until", "-pk").values_list("password", flat=True)
        if any(check_password(password, one) for one in (user.password, *former[: BARRED - 1])):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return "最近5次用过的密码不能再用。"


def check(*, username: str, password: str, address: str, device: str = "") -> User:
    """The staff account. Refuses `TooMany`, and everything else in one sentence that does not say which part was wrong.

    Tries are counted before anything is compared: those of a known browser (communities/devices.py) by themselves, those of
    all others together, from however many addresses they come.
    """
    mine = f"password:device:{device}" if device else f"password:{username}"
    limits.hit(mine, limit=TRIES, window=WINDOW)
    if not device:
        limits.hit(f"password:ip:{address}", limit=PER_ADDRESS, window=WINDOW)
    user = authenticate(username=username, password=password)
    if not isinstance(user, User) or not user.is_desk_user:
        raise WrongPassword
    limits.clear(mine)
    return user


def change(*, user: User, old: str, new: str) -> User:
    """Replace the password. Refuses a wrong old one (counted), and a new one that was used lately or is too simple."""
    limits.hit(f"password-change:{user.pk}", limit=TRIES, window=WINDOW)
    if not user.check_password(old):
        raise WrongOldPassword
    if old == new:
        raise BadInput("新密码不能和原密码一样，密码没有修改。")
    return _replace(user=user, new=new)


@verb()
def _replace(*, user: User, new: str) -> User:
    refuse_simple(user, new)
    changes.by(user)
    FormerPassword.objects.create(user=user, password=user.password, until=clock.now())
    keep = user.former_passwords.order_by("-until", "-pk").values("pk")[: BARRED - 1]
    user.former_passwords.exclude(pk__in=keep).delete()
    user.set_password(new)
    user.must_change_password, user.password_changed_at = False, clock.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return user


def refuse_simple(user: User, password: str) -> None:
    """Refuses a `password` that breaks one of the rules, in the words of each of them."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput("".join(error.messages) + "密码没有修改。") from error


def _words_about(user: User) -> set[str]:
    spoken = pinyin(user.name).split()
    words = {user.username.lower(), user.name.lower(), "".join(spoken), "".join(reversed(spoken)), user.own_phone}
    born = Resident.objects.filter(phone=user.own_phone).values_list("birth_date", flat=True) if user.own_phone else ()
    for day in filter(None, born):
        words |= {f"{day:%Y%m%d}", f"{day:%y%m%d}", f"{day.year}{day.month}{day.day}"}
    return {word for word in words if len(word) > 3} | ({user.name} if len(user.name) > 1 else set())
