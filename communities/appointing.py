"""任职: giving somebody a duty for a term, and ending it. Nobody appoints themselves (domain guide, 14 and 21)."""

import secrets
from dataclasses import dataclass
from datetime import date

from communities import changes, colleagues, duties, passwords
from communities.duties import RIGHTS, Place, Role
from communities.fields import MOBILE, mobile
from communities.models import Community, Duty, SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

Where = Community | SubDistrict


class NameTaken(Refused):
    code = "name_taken"


class OwnPhoneTaken(Refused):
    code = "own_phone_taken"
    message = "这个本人手机号已登记在另一个工作人员账号上，一个人只用一个账号。请核对号码，什么都没有改动。"


class DutiesApart(Refused):
    code = "duties_apart"
    message = (
        "业务、审计、系统管理、监督四类职责，一个人同一时间只能有一类，没有改动。请先结束原来的职责，或换一位同事。"
    )


class AlreadyHeld(Refused):
    code = "already_held"
    message = "这个账号在这段时间已经有同样的职责，没有重复登记。"


class WrongPlace(BadInput):
    code = "duty_place"
    message = "社区主任、社区工作者要选一个社区；街道管理员、系统管理员管全街道。请重新选择，没有改动。"


class WrongTerm(BadInput):
    code = "duty_term"
    message = "开始日期不能早于今天，结束日期不能早于开始日期。请重新选择，没有改动。"


class LastAdmin(Refused):
    code = "last_admin"
    message = "这是街道最后一位管理员，结束以后没有人能再管理账号，没有改动。请先任命另一位。"


class PhoneFirst(Refused):
    code = "own_phone_first"
    message = "这项职责要办理居民的事，请先登记这位同事的本人手机号，用来核对是不是自己和家人。没有改动。"


class AlreadyEnded(Refused):
    code = "duty_ended"
    message = "这项职责已经结束，没有再改动。"


class SwitchedOff(Refused):
    code = "account_off"
    message = "这个账号已停用，不能任职。请先启用账号，没有改动。"


REFUSALS: Refusals = {
    "user_own_phone_once": lambda _: OwnPhoneTaken(),
    "duties_apart": lambda _: DutiesApart(),
    "duty_once": lambda _: AlreadyHeld(),
}
KEYS = (Role.STREET_ADMIN, Role.SYSTEM_ADMIN)  # without one of each kind nobody can give anybody anything


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
    role: Role,
    place: Where,
    until: date | None = None,
    password: str = "",
    own_phone: str = "",
    since: date | None = None,
    by: User | None = None,
) -> Appointed:
    """Give `role` at `place` to the staff account `username`, which is opened when there is none.

    From the server's shell by nobody (the first of all), and again with the same words it writes nothing; at the desk `by`
    somebody who may give it, to new accounts. By `own_phone` a colleague's own file and family are known (communities/kin.py).
    Without `password` one is made, to be changed at the first sign-in.
    Refuses a login name that is not a staff member's, a phone that is none or a colleague's, a password that is too
    simple, and what `give` refuses.
    """
    if own_phone and not MOBILE.fullmatch(mobile(own_phone)):
        raise BadInput("本人手机号要填写11位、以1开头的手机号。什么都没有改动。")
    if by:
        changes.by(by)
    user = User.objects.filter(username=username).first()
    made = ""
    if user is None:
        user, made = _opened(username, name, password)
    elif by or not user.is_desk_user:
        raise NameTaken(f"登录名{username}已被别的账号使用，请换一个。什么都没有改动。")
    _known_by(user, mobile(own_phone))
    starts_on = since or clock.today()
    if by:
        give(user=user, role=role, place=place, starts_on=starts_on, ends_on=until, by=by)
        return Appointed(user, True, made)
    duty = {"user": user, "role": role, **_where(place)}
    if Duty.objects.current().filter(**duty).exists():
        return Appointed(user, False, made)
    Duty.objects.create(**duty, starts_on=starts_on, ends_on=until)
    return Appointed(user, True, made)


@verb(REFUSALS)
def give(
    *, user: User, role: Role, place: Where, starts_on: date, by: User, ends_on: date | None = None
) -> Duty:  # fmt: skip
    """`user` holds `role` at `place` from `starts_on` to the end of `ends_on`.

    Refuses `OwnAccount`, `NotYourColleague`, `SwitchedOff`, `WrongPlace`, `WrongTerm`, `PhoneFirst`, `AlreadyHeld`,
    `DutiesApart`.
    """
    changes.by(by)
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if refused := refusal_to_give(by=by, user=locked, role=role, place=place, starts_on=starts_on, ends_on=ends_on):
        raise refused
    return Duty.objects.create(user=locked, role=role, starts_on=starts_on, ends_on=ends_on, **_where(place))


def refusal_to_give(
    *, by: User, user: User, role: Role, place: Where, starts_on: date, ends_on: date | None
) -> Refused | None:  # fmt: skip
    """Why `by` cannot give this; None when nothing stands against it."""
    street = place.sub_district if isinstance(place, Community) else place
    if refused := colleagues.refusal_to_give(by=by, user=user, role=role, street=street):
        return refused
    rights = RIGHTS[role]
    same_time = [one for one in user.duties.all() if _meet(one, starts_on, ends_on)]
    reasons: list[tuple[bool, Refused]] = [
        (user.kind != User.Kind.STAFF or role not in duties.GIVEN, colleagues.NotYourColleague()),
        (not user.is_active, SwitchedOff()),
        (rights.place not in (Place.EITHER, _kind(place)), WrongPlace()),
        (starts_on < clock.today() or (ends_on is not None and ends_on < starts_on), WrongTerm()),
        (rights.own_phone and not user.own_phone, PhoneFirst()),
        (any(one.role == role and _at(one, place) for one in same_time), AlreadyHeld()),
        (any(RIGHTS[Role(one.role)].sphere != rights.sphere for one in same_time), DutiesApart()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def end(*, duty: Duty, by: User) -> None:
    """Today is the last day of `duty`; one that has not begun is taken back.

    Refuses `OwnAccount`, `NotYourColleague`, `AlreadyEnded`, and `LastAdmin` for the last who can look after accounts.
    """
    changes.by(by)
    # Two admins who end one another wait here.
    street = SubDistrict.objects.select_for_update(no_key=True).get(pk=duties.street_of(duty))
    mine = Duty.objects.select_for_update(no_key=True, of=("self",)).select_related("user").filter(pk=duty.pk).first()
    today = clock.today()
    if mine is None or (mine.ends_on is not None and mine.ends_on <= today):
        raise AlreadyEnded
    if refused := colleagues.refusal_to_give(by=by, user=mine.user, role=Role(mine.role), street=street):
        raise refused
    refuse_last(mine.user, [mine])
    if mine.starts_on > today:
        mine.delete()
        return
    mine.ends_on = today
    mine.save(update_fields=["ends_on"])


def refuse_last(user: User, ending: list[Duty]) -> None:
    """Refuses `LastAdmin` if after `ending` nobody but `user` would hold a key of the sub-district. The street is locked."""
    today = clock.today()
    for duty in ending:
        if duty.role in KEYS and duty.starts_on <= today and (duty.ends_on is None or duty.ends_on >= today):
            others = Duty.objects.current().filter(role=duty.role, sub_district=duty.sub_district, user__is_active=True)
            if not others.exclude(user=user).exclude(ends_on=today).exists():
                raise LastAdmin


def _opened(username: str, name: str, password: str) -> tuple[User, str]:
    user = User(username=username, name=name, kind=User.Kind.STAFF, must_change_password=not password)
    if password:
        passwords.refuse_simple(user, password)
    made = "" if password else one_time()
    user.set_password(password or made)
    user.save()
    return user, made


def _known_by(user: User, own_phone: str) -> None:
    if own_phone and user.own_phone != own_phone:
        user.own_phone = own_phone
        user.save(update_fields=["own_phone"])


def one_time() -> str:
    """A password that somebody can read out, to be changed at the first sign-in: 72 random bits."""
    return secrets.token_urlsafe(12)


def _where(place: Where) -> dict[str, Where]:
    return {"community": place} if isinstance(place, Community) else {"sub_district": place}


def _kind(place: Where) -> Place:
    return Place.COMMUNITY if isinstance(place, Community) else Place.STREET


def _at(duty: Duty, place: Where) -> bool:
    return place.pk == (duty.community_id if isinstance(place, Community) else duty.sub_district_id)


def _meet(duty: Duty, starts_on: date, ends_on: date | None) -> bool:
    return (duty.ends_on or date.max) >= starts_on and (ends_on or date.max) >= duty.starts_on
