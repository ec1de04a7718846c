"""托管中心: founded by the community's head for an operator under agreement, changed, and closed when no group is left."""

from dataclasses import dataclass
from datetime import date, datetime

from childcare.models import Centre, Group
from communities import changes, duties
from communities.models import Community, Duty, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners import standing
from partners.models import Partner

HEADS = (Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
LONGEST = {"name": 40, "address": 80, "phone": 20}


class SameName(Refused):
    code = "care_centre_name"
    message = "本社区已有同名的托管中心，没有保存。请换一个名称。"


class OverLicence(Refused):
    code = "care_over_licence"
    message = "同一时间在托的名额会超过中心的核定人数，没有保存，什么都没有改动。请先减少名额或错开时间。"


class GroupsLeft(Refused):
    code = "care_groups_left"
    message = "中心在这一天以后还有班，没有停办，什么都没有改动。请先结束这些班。"


class BadCentre(BadInput):
    code = "care_bad_centre"

    def __init__(self, why: str = "请检查填写的内容。") -> None:
        super().__init__(f"{why}没有保存。")


REFUSALS: Refusals = {
    "centre_name": lambda _: SameName(),
    "centre_licensed": lambda _: BadCentre("核定人数须在1到2000之间。"),
    "CC022": lambda _: OverLicence(),
}


@dataclass(frozen=True)
class Facts:
    """What stands on the centre's public page; `licensed` is how many children its papers allow at once."""

    name: str
    address: str
    phone: str
    licensed: int


def refusal_for(community: Community, operator: Partner, by: User, day: date) -> Refused | None:
    """Why `by` cannot found a centre of `operator` there; None when nothing stands against it."""
    if not duties.holds(by, community, *HEADS):
        return duties.NotYourDuty()
    if operator.sub_district_id != community.sub_district_id:
        return standing.NotInForce()
    return standing.refusal_for(operator, community, day)


@verb(REFUSALS)
def found(*, community: Community, operator: Partner, facts: Facts, by: User, at: datetime | None = None) -> Centre:
    """A centre of `community`, run by `operator` under an agreement in force. Refuses `refusal_for`, a name twice, bad figures."""
    at = at or clock.now()
    changes.by(by)
    today = clock.local(at).date()
    if refused := refusal_for(community, operator, by, today):
        raise refused
    said = _worded(facts)
    return Centre.objects.create(community=community, operator=operator, opened_on=today, by=by, at=at, **said)


@verb(REFUSALS)
def change(*, centre: Centre, facts: Facts, by: User, operator: Partner | None = None) -> Centre:
    """What the page says, or who runs it. Refuses fewer children than the open groups hold at once, and a new operator without
    an agreement."""
    changes.by(by)
    mine = _locked(centre, by)
    if operator is not None and operator.pk != mine.operator_id:
        if refused := refusal_for(mine.community, operator, by, clock.today()):
            raise refused
        mine.operator = operator
    for name, value in _worded(facts).items():
        setattr(mine, name, value)
    mine.save(update_fields=["operator", *LONGEST, "licensed"])
    return mine


@verb(REFUSALS)
def close(*, centre: Centre, last_day: date, by: User) -> Centre:
    """The centre ends after `last_day`, today at the earliest. Refuses while a group goes on longer."""
    changes.by(by)
    mine = _locked(centre, by)
    if last_day < clock.today():
        raise BadCentre("停办日期不能早于今天。")
    left = mine.groups.exclude(status=Group.Status.CLOSED).filter(last_on__gt=last_day)
    if left.exists():
        raise GroupsLeft
    mine.closed_on = max(last_day, mine.opened_on)
    mine.save(update_fields=["closed_on"])
    return mine


def _locked(centre: Centre, by: User) -> Centre:
    rows = Centre.objects.select_for_update(no_key=True, of=("self",)).select_related("community", "operator")
    mine = rows.get(pk=centre.pk)
    duties.require(by, mine.community, *HEADS)
    return mine


def _worded(facts: Facts) -> dict[str, str | int]:
    said = {name: str(getattr(facts, name)).strip() for name in LONGEST}
    long = any(len(said[name]) > most or "\0" in said[name] for name, most in LONGEST.items())
    if long or not said["name"] or not said["address"]:
        raise BadCentre("请填写名称和地址，名称不超过40字，地址不超过80字。")
    return {**said, "licensed": facts.licensed}
