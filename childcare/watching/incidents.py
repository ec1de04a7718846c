"""信息安全事件 with children's data: found, told to the guardians, reported. A breach is told at once (个人信息保护法 57)."""

from datetime import date

import structlog

from childcare.models import Incident
from communities import changes, duties
from communities.models import Community, Duty, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

Role = Duty.Role
ROLES = (Role.HEAD, Role.STREET_ADMIN)
MOST = 100_000
TOLD, REPORTED = "told_on", "reported_on"
log = structlog.get_logger(__name__)


class AlreadyNoted(Refused):
    code = "incident_already_noted"
    message = "这一步已经登记过，没有重复登记。请刷新页面查看。"


class WrongDay(Refused):
    code = "incident_wrong_day"
    message = "日期不对：不能早于发现日期，也不能晚于今天。没有登记，请改好再提交。"
    status = 400


REFUSALS: Refusals = {"incident_in_order": lambda _: WrongDay()}


@verb(REFUSALS)
def record(*, community: Community, what: Incident.What, found_on: date, children: int, by: User) -> Incident:
    """Write down what was found, in chosen words. Refuses `NotYourDuty`, a day to come, nobody affected."""
    changes.by(by)
    duties.require(by, community, *ROLES)
    if found_on > clock.today():
        raise WrongDay
    if not 1 <= children <= MOST or what not in Incident.What.values:
        raise BadInput("请选择情形，填写涉及几个孩子（至少1个）。没有登记。")
    made = Incident.objects.create(community=community, what=what, found_on=found_on, children=children, by=by)
    log.info("incident", incident=made.pk, what=made.what)
    return made


@verb(REFUSALS)
def note(*, incident: Incident, step: str, on: date, by: User) -> Incident:
    """The families were told (`TOLD`), or the office was (`REPORTED`), on a day. Refuses `NotYourDuty`, `AlreadyNoted`, `WrongDay`."""
    changes.by(by)
    mine = Incident.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=incident.pk)
    duties.require(by, mine.community, *ROLES)
    if step not in (TOLD, REPORTED):
        raise BadInput
    if getattr(mine, step) is not None:
        raise AlreadyNoted
    if not mine.found_on <= on <= clock.today():
        raise WrongDay
    setattr(mine, step, on)
    mine.save(update_fields=[step])
    return mine
