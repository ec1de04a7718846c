"""任职: giving a person an account at the desk and a duty for a term."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from communities.fields import MOBILE, mobile
from communities.models import Community, Duty, SubDistrict, User
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb


class NameTaken(Refused):
    code = "name_taken"


class OwnPhoneTaken(Refused):
    code = "own_phone_taken"
    message = "这个本人手机号已登记在另一个工作人员账号上，一个人只用一个账号。请核对号码，什么都没有改动。"


REFUSALS: Refusals = {"user_own_phone_once": lambda _: OwnPhoneTaken()}


@dataclass(frozen=True)
class Appointed:
    """The account, whether the duty is new, and the password that nobody will see again (empty if it had one)."""

    user: User
    new: bool
    password: str


@verb(REFUSALS)
def appoint(
    *,
    username: str,
    name: str,
    role: Duty.Role,
    place: Community | SubDistrict,
    until: date | None = None,
    password: str = "",
    own_phone: str = "",
) -> Appointed:
    """Give `role` at `place` to the staff account `username`, which is opened when there is none.

    `own_phone` is how a colleague's own file and family are known, so that nobody confirms their own points;
    whoever has none decides about no points at all (communities/kin.py).
    Without `password` one is made, to be changed at the first sign-in. Run again with the same words it writes nothing.
    Refuses a login name that is not a staff member's, a phone that is none or a colleague's, and a password that is too
    simple.
    """
    if own_phone and not MOBILE.fullmatch(mobile(own_phone)):
        raise BadInput("本人手机号要填写11位、以1开头的手机号。什么都没有改动。")
    user = User.objects.filter(username=username).first()
    made = ""
    if user is None:
        user = User(username=username, name=name, kind=User.Kind.STAFF, must_change_password=not password)
        made = "" if password else secrets.token_urlsafe(12)
        if password:
            _refuse_simple(user, password)
        user.set_password(password or made)
        user.save()
    elif not user.is_desk_user:
        raise NameTaken(f"登录名{username}已被别的账号使用，请换一个。什么都没有改动。")
    if own_phone and user.own_phone != mobile(own_phone):
        user.own_phone = mobile(own_phone)
        user.save(update_fields=["own_phone"])
    where = {"community": place} if isinstance(place, Community) else {"sub_district": place}
    held = user.duties.current().filter(role=role, **where).exists()
    if not held:
        Duty.objects.create(user=user, role=role, ends_on=until, **where)
    return Appointed(user, not held, made)


def _refuse_simple(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput("".join(error.messages) + "什么都没有改动。") from error
