"""年度审计: who may read the pack, taking it away with a look written, and noting that it was reported."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

import structlog

from childcare.models import AuditReport
from childcare.watching import pack
from communities import access, changes, duties
from communities.models import Community, Duty, SubDistrict, User
from communities.workbook import several
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

Role = Duty.Role
WHAT = "未成年人信息年度审计包"
LONGEST = 40
log = structlog.get_logger(__name__)


class AlreadyReported(Refused):
    code = "audit_already_reported"
    message = "这一年的审计已经登记过报送，没有重复登记。请刷新页面查看报送日期和编号。"


class NotYet(Refused):
    code = "audit_not_yet"
    message = "这一年还没有结束，不能登记报送，没有改动。请在次年1月报送后登记。"


REFUSALS: Refusals = {"audit_report_once": lambda _: AlreadyReported()}


def communities_for(user: User) -> list[Community]:
    """Whose pack `user` may take: a head of the own community, the street's administrator of each."""
    seen = Community.objects.for_staff(user).select_related("sub_district").order_by("pk")
    return [one for one in seen if duties.holds(user, one, Role.HEAD, Role.STREET_ADMIN)]


def reports(streets: Iterable[SubDistrict]) -> dict[tuple[int, int], AuditReport]:
    """(sub-district, year) → what was reported."""
    found = AuditReport.objects.filter(sub_district__in=list(streets)).select_related("by")
    return {(one.sub_district_id, one.year): one for one in found}


@verb()
def take(*, place: Community | SubDistrict, year: int, by: User) -> IO[bytes]:
    """The pack of `year` as one Excel file, after a look was written for each community. Refuses `NotYourDuty`, other years."""
    changes.by(by)
    if year not in pack.years():
        raise BadInput
    communities = pack.communities_of(place)
    for one in communities:
        duties.require(by, one, Role.HEAD, Role.STREET_ADMIN)
        access.look(by=by, community=one, what=WHAT, purpose=f"{year}年度未成年人信息合规审计")
    mark = f"{place}{year}年{WHAT}　{clock.today():%Y-%m-%d}　{by.name}"
    found = pack.tables(communities, year)
    return several(((one.title, one.columns, one.rows) for one in found), mark=mark)


@verb(REFUSALS)
def report(*, street: SubDistrict, year: int, reported_on: date, number: str, by: User) -> AuditReport:
    """Note that the audit of `year` was reported on a day, under a number. Refuses `NotYourDuty`, `NotYet`, a second time, bad days."""
    changes.by(by)
    if street not in duties.streets_of(by, Role.STREET_ADMIN):
        raise duties.NotYourDuty
    if refused := refusal_for(street, year):
        raise refused
    number = number.strip()
    if not 0 < len(number) <= LONGEST or "\0" in number or not date(year + 1, 1, 1) <= reported_on <= clock.today():
        raise BadInput("请填写报送编号（40字以内），报送日期要在次年1月1日以后、不晚于今天。没有登记。")
    made = AuditReport.objects.create(sub_district=street, year=year, reported_on=reported_on, number=number, by=by)
    log.info("minors audit reported", street=street.pk, year=year)
    return made


def refusal_for(street: SubDistrict, year: int) -> Refused | None:
    """Why nobody can note this year's report now."""
    reasons: Iterator[tuple[bool, Refused]] = iter(
        (
            (year >= clock.today().year, NotYet()),
            (AuditReport.objects.filter(sub_district=street, year=year).exists(), AlreadyReported()),
        )
    )
    return next((refused for stands, refused in reasons if stands), None)
