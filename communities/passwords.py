"""Staff sign in by name and password. Hashing and checking are Django's; counting the tries is ours."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from communities import limits
from communities.models import User
from core.refusals import BadInput, Refused
from core.verbs import verb

WINDOW = timedelta(minutes=15)  # domain guide, 14: five failures in 15 minutes
TRIES = 5
# From all addresses together: high enough that a stranger who tries names from one place locks out only that place.
TRIES_EVERYWHERE = 100


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


def check(*, username: str, password: str, address: str) -> User:
    """The staff account. Refuses `TooMany`, and everything else in one sentence that does not say which part was wrong."""
    here = f"password:{username}:{address}"
    limits.hit(here, limit=TRIES, window=WINDOW)
    limits.hit(f"password:{username}", limit=TRIES_EVERYWHERE, window=WINDOW)
    user = authenticate(username=username, password=password)
    if not isinstance(user, User) or not user.is_desk_user:
        raise WrongPassword
    limits.clear(here)
    return user


def change(*, user: User, old: str, new: str) -> User:
    """Replace the password. Refuses a wrong old one (counted), and a new one that is the old one or too simple."""
    limits.hit(f"password-change:{user.pk}", limit=TRIES, window=WINDOW)
    if not user.check_password(old):
        raise WrongOldPassword
    if old == new:
        raise BadInput("新密码不能和原密码一样，密码没有修改。")
    return _replace(user=user, new=new)


@verb()
def _replace(*, user: User, new: str) -> User:
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise BadInput("".join(error.messages)) from error
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user
