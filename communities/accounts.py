"""账号 of staff, looked after by a colleague: a new one-time password, off and on, a lost second factor, the own phone.

Each act is somebody else's (communities/colleagues.py) and is written down: triggers log every change of an account, and a
code that was read out stands in the log of looks.
"""

from communities import access, appointing, changes, colleagues, duties, secondfactor, unlocking
from communities.appointing import REFUSALS
from communities.fields import MOBILE, mobile
from communities.models import Community, Duty, FormerPassword, SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb


class NoSecondFactor(Refused):
    code = "no_second_factor"
    message = "这个账号没有开启两步验证，不用重置。"


class NoCommunity(Refused):
    code = "street_without_community"
    message = "这个街道还没有登记社区，无处留下记录，没有生成解锁码。请先登记社区，或用恢复码解锁。"


@verb()
def reset_password(*, user: User, by: User) -> str:
    """A one-time password, shown once; every session of the account ends. Refuses as `refusal_to_maintain` says."""
    mine = _locked(user, by)
    FormerPassword.objects.create(user=mine, password=mine.password, until=clock.now())
    made = appointing.one_time()
    mine.set_password(made)
    mine.must_change_password, mine.password_changed_at = True, clock.now()
    mine.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return made


@verb()
def reset_second_factor(*, user: User, by: User) -> None:
    """The authenticator is lost: a new one is set up at the next sign-in. Refuses `NoSecondFactor` as well."""
    mine = _locked(user, by)
    if not secondfactor.is_on(mine):
        raise NoSecondFactor
    secondfactor.remove(user=mine, by=by)


@verb()
def switch_off(*, user: User, by: User) -> None:
    """The account opens nothing any more, from this moment; duties stay as they are. Refuses `LastAdmin` as well."""
    streets = user.duties.filter(role__in=appointing.KEYS).values("sub_district")
    list(SubDistrict.objects.select_for_update(no_key=True).filter(pk__in=streets).order_by("pk"))
    mine = _locked(user, by)
    appointing.refuse_last(mine, list(mine.duties.current()))
    mine.is_active = False
    mine.save(update_fields=["is_active"])


@verb()
def switch_on(*, user: User, by: User) -> None:
    """The account may sign in again."""
    mine = _locked(user, by)
    mine.is_active = True
    mine.save(update_fields=["is_active"])


@verb(REFUSALS)
def register_phone(*, user: User, phone: str, by: User) -> None:
    """By this number the own file and family are known (communities/kin.py). Refuses one that is none, or a colleague's."""
    number = mobile(phone)
    if not MOBILE.fullmatch(number):
        raise BadInput("本人手机号要填写11位、以1开头的手机号，没有改动。")
    mine = _locked(user, by)
    mine.own_phone = number
    mine.save(update_fields=["own_phone"])


@verb()
def unlock(*, user: User, by: User) -> str:
    """A code to be read out, by which a new browser becomes known (communities/unlocking.py). Written into the log first."""
    mine = _locked(user, by)
    access.look(by=by, community=_community_of(mine), what=f"登录解锁码：{mine.username}", purpose="为同事解锁登录")
    return unlocking.code_for(mine)


def _locked(user: User, by: User) -> User:
    changes.by(by)
    mine = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if refused := colleagues.refusal_to_maintain(by=by, user=mine):
        raise refused
    return mine


def _community_of(user: User) -> Community:
    """The community in whose log an act about `user` stands: theirs, or the first of their sub-district."""
    duty: Duty = user.duties.select_related("community").order_by("-starts_on").first()  # type: ignore[assignment]
    first = duty.community or Community.objects.filter(sub_district=duties.street_of(duty)).order_by("pk").first()
    if first is None:
        raise NoCommunity
    return first
