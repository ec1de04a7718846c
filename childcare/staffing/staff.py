"""员工档案: who works at a centre, from hiring to leaving. The account and its duty are given by the street, as for everybody."""

from dataclasses import dataclass
from datetime import date

from childcare.models import Centre, Staffer, Turn
from childcare.staffing.turns import REFUSALS, LeftTheCentre, OtherPerson
from communities import changes, duties
from communities.models import Duty, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

NAME = 40
Role = Duty.Role
CONTRACTS = ("labour", "volunteer")
OTHER_NAME = (
    "这份档案已有查询结果，查询时用的姓名不能改，账号上的姓名也要和它一样，没有保存。"
    "姓名写错了或是另一个人的，请先登记离职，再建新档案、重新查询。"
)


class NoCaregiver(Refused):
    code = "care_account_no_duty"
    message = "这个账号在本社区没有“托管老师”职责，没有登记。请街道管理员先给账号加上职责，再登记。"


class OwnPost(Refused):
    code = "care_own_post"
    message = "不能登记自己的员工档案或记录查询，没有改动。请由另一位同事办理。"
    status = 403


@dataclass(frozen=True)
class Facts:
    """What the file says of somebody; dates None where nothing was shown."""

    name: str
    contract: str = "labour"
    is_lead: bool = False
    health_until: date | None = None
    first_aid_on: date | None = None
    hired_on: date | None = None


@verb(REFUSALS)
def hire(*, centre: Centre, facts: Facts, by: User, account: User | None = None) -> Staffer:
    """Somebody works at `centre` from now on; on duty only after a clear record check. Refuses what `refusal_for` says."""
    changes.by(by)
    if refused := refusal_for(centre, by, facts, account):
        raise refused
    return Staffer.objects.create(
        centre=centre, account=account, name=facts.name.strip(), contract=facts.contract, is_lead=facts.is_lead,
        health_until=facts.health_until, first_aid_on=facts.first_aid_on, hired_on=facts.hired_on or clock.today(), by=by,
    )  # fmt: skip


@verb(REFUSALS)
def change(*, staffer: Staffer, facts: Facts, by: User, account: User | None = None) -> Staffer:
    """What the file says now, all of it. Refuses as `hire`, whoever has left, and another account once there are checks: they
    are of one person. A first account may still be given that bears the file's name; what stands against it counts at once
    (trigger)."""
    changes.by(by)
    mine = _locked(staffer)
    if refused := refusal_for(mine.centre, by, facts, account, mine):
        raise refused
    mine.account, mine.name, mine.contract = account, facts.name.strip(), facts.contract
    mine.is_lead, mine.health_until, mine.first_aid_on = facts.is_lead, facts.health_until, facts.first_aid_on
    mine.hired_on = facts.hired_on or mine.hired_on
    mine.save(update_fields=[
        "account", "name", "contract", "is_lead", "health_until", "first_aid_on", "hired_on",
    ])  # fmt: skip
    return mine


@verb(REFUSALS)
def leave(*, staffer: Staffer, last_day: date, by: User) -> Staffer:
    """`last_day` was or will be the last; turns after it are taken off."""
    changes.by(by)
    mine = _locked(staffer)
    duties.require(by, mine.centre.community)
    if mine.account_id == by.pk:
        raise OwnPost
    if mine.left_on is not None:
        raise LeftTheCentre
    if not mine.hired_on <= last_day <= clock.today():
        raise BadInput("最后一天要在入职日期和今天之间，没有改动。")
    Turn.objects.filter(staffer=mine, day__gt=last_day).delete()
    mine.left_on = last_day
    mine.save(update_fields=["left_on"])
    return mine


def refusal_for(
    centre: Centre, by: User, facts: Facts, account: User | None, mine: Staffer | None = None
) -> Refused | None:
    """Why `by` cannot write this file; None when nothing stands against it."""
    named = 0 < len(facts.name.strip()) <= NAME and "\0" not in facts.name and facts.contract in CONTRACTS
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, centre.community), duties.NotYourDuty()),
        (by in (account, mine.account if mine else None), OwnPost()),
        (mine is not None and mine.left_on is not None, LeftTheCentre()),
        (mine is not None and _other_account(mine, account), OtherPerson()),
        (mine is not None and _other_name(mine, account, facts.name.strip()), OtherPerson(OTHER_NAME)),
        (not named, BadInput("请写员工姓名，并选协议类别，没有保存。")),
        (facts.is_lead and account is None, BadInput("中心负责人要有登录账号，没有保存。请先选账号。")),
        (facts.hired_on is not None and facts.hired_on > clock.today(), BadInput("入职日期不能晚于今天，没有保存。")),
        (account is not None and not duties.holds(account, centre.community, Role.CAREGIVER), NoCaregiver()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _other_account(mine: Staffer, account: User | None) -> bool:
    """Whether a file with checks, which are of one person, would lose or change its account (trigger `keep_account`)."""
    return mine.account is not None and mine.account != account and mine.checks.exists()


def _other_name(mine: Staffer, account: User | None, name: str) -> bool:
    """Whether a file with checks and no account yet would lose the name by which they were asked for, or get an account of another
    name (the same)."""
    other = name != mine.name or (account is not None and account.name != mine.name)
    return mine.account is None and other and mine.checks.exists()


def _locked(staffer: Staffer) -> Staffer:
    rows = Staffer.objects.select_for_update(no_key=True, of=("self",)).select_related("centre__community", "account")
    return rows.get(pk=staffer.pk)
