"""上报: records are entered in the national system as well (民政部令第67号, 4), so each is marked once that is done.

The file for entering them bears whole numbers of documents: only the head or the sub-district makes it, for a purpose that is
written down before (communities/access.py). Taking a mark back is written in the log of changes (activities/sql/0008_reporting.sql).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from django.db.models import Count

from activities import hour_export
from activities.hourbook import Asked, matching
from activities.models import Service
from activities.models.hours import ServiceQuerySet
from communities import access, changes, duties
from communities.duties import Role
from communities.models import Community, User
from communities.workbook import MOST, TooLong
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

DECIDERS = (Role.HEAD, Role.STREET_ADMIN)
MOST_AT_ONCE = 500


class NothingToReport(Refused):
    code = "nothing_to_report"
    message = "没有可以标记的记录：已经上报过，或已经更正作废。什么都没有改动，请刷新后再选。"


class NotReported(Refused):
    code = "not_reported"
    message = "选中的记录没有上报标记，什么都没有改动。请刷新后再选。"


class TooManyAtOnce(BadInput):
    code = "too_many_to_report"
    message = f"一次最多勾选{MOST_AT_ONCE}条，什么都没有改动。请分几次办理。"


class HeadsOnly(duties.NotYourDuty):
    code = "not_your_duty"
    message = "上报用的表格和撤销上报标记，由社区主任或街道管理员办理。什么都没有改动。"


@verb()
def mark(*, services: Iterable[int], by: User, at: datetime | None = None) -> int:
    """已上报: staff entered these records in the national system; how many were marked. Refuses `NothingToReport`."""
    marked = _few(services, by).filter(voided_at=None, reported_at=None)
    done = marked.update(reported_at=at or clock.now(), reported_by=by)
    if not done:
        raise NothingToReport
    return done


@verb()
def unmark(*, services: Iterable[int], by: User) -> int:
    """The marks were a mistake, or what was corrected afterwards was put right there too; how many. Refuses `HeadsOnly`."""
    changes.by(by)
    found = _few(services, by).filter(reported_at__isnull=False)
    for place in Community.objects.filter(pk__in=found.values("community")):
        if not duties.holds(by, place, *DECIDERS):
            raise HeadsOnly
    done = found.update(reported_at=None, reported_by=None)
    if not done:
        raise NotReported
    return done


def _few(services: Iterable[int], by: User) -> ServiceQuerySet:
    """Those of `services` where `by` works: somebody else's are as if they were not there."""
    numbers = list(services)
    if len(numbers) > MOST_AT_ONCE:
        raise TooManyAtOnce
    return Service.objects.filter(pk__in=numbers, community__in=duties.served_by(by))


def may_see_all(user: User, asked: Asked) -> bool:
    """Whether `user` answers for every community of the list."""
    places = Community.objects.for_staff(user)
    mine = list(places.filter(pk=asked.community.pk) if asked.community else places)
    return bool(mine) and all(duties.holds(user, place, *DECIDERS) for place in mine)


def whole(user: User, asked: Asked, *, purpose: str, marks: bool = False, most: int = MOST) -> IO[bytes]:
    """The file for the national system: whole numbers and the items of Order 67; the look is written before the file is.

    With `marks` it holds what was not reported yet, and exactly that is marked. Refuses `HeadsOnly`, `NoPurpose`, nothing to
    export and more than `most` records.
    """
    if not may_see_all(user, asked):
        raise HeadsOnly
    at = clock.now()
    rows = _prepared(user, asked, purpose=purpose, marks=marks, most=most, at=at)
    return hour_export.whole(rows, mark=hour_export.mark_of(user, purpose), most=most)


@verb()
def _prepared(user: User, asked: Asked, *, purpose: str, marks: bool, most: int, at: datetime) -> ServiceQuerySet:
    rows = matching(user, asked)
    if marks:
        rows = rows.filter(voided_at=None, reported_at=None)
    found = dict(rows.order_by().values_list("community").annotate(Count("pk")))
    if not found:
        raise NothingToReport("没有符合条件的记录，没有生成文件，什么都没有改动。请换一个条件再试。")
    if sum(found.values()) > most:
        raise TooLong(most)
    for place in Community.objects.filter(pk__in=found).order_by("pk"):
        what = f"服务记录上报表：姓名、证件号、手机号，{found[place.pk]}条（{asked.said}）"
        access.look(by=user, community=place, what=what[:100], purpose=purpose)
    if marks:
        rows.update(reported_at=at, reported_by=user)
        rows = Service.objects.filter(community__in=found, reported_at=at, reported_by=user)
    return rows
