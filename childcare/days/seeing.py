"""What staff at the desk see of the days of a group: names and hours of many children, so a look is written at each, once a
day for each list and month; a file each time."""

from datetime import date
from typing import IO

from childcare import opening
from childcare.days import book, paper
from childcare.days.board import Row
from childcare.days.book import Line
from childcare.models import Group, Handover
from childcare.opening import Part
from communities import access
from communities.models import Community, Resident, User
from communities.models.places import CommunityQuerySet

PURPOSE = "考勤管理"


def communities(user: User) -> CommunityQuerySet:
    return Community.objects.for_staff(user)


def month_of(group: Group, month: date, user: User) -> tuple[list[date], list[Line]]:
    """考勤表, after the look was written."""
    days, lines = book.month_of(group, month)
    _looked([line.place.child for line in lines], user, f"考勤表{month:%Y-%m}")
    return days, lines


def handed_over(group: Group, month: date, user: User) -> list[Handover]:
    """接送记录, after the look was written."""
    rows = book.handed_over(group, month)
    _looked([one.child for one in rows], user, f"接送记录{month:%Y-%m}")
    return rows


def sheet_of(group: Group, day: date, user: User) -> list[Row]:
    """The lines of the sheet of a day, to be printed or typed in, after the look was written."""
    rows = paper.rows_of(group, day)
    _looked([row.place.child for row in rows], user, f"点名表{day:%Y-%m-%d}")
    return rows


def file_of(group: Group, month: date, user: User, purpose: str) -> IO[bytes]:
    """Refuses `NoPurpose`."""
    access.look(
        by=user, community=group.centre.community, what=f"导出托管考勤接送：{group}{month:%Y-%m}"[:100], purpose=purpose
    )
    _looked([line.place.child for line in book.month_of(group, month)[1]], user, "导出考勤接送", purpose, again=True)
    return book.file_of(group, month, user)


def _looked(children: list[Resident], user: User, where: str, purpose: str = PURPOSE, *, again: bool = False) -> None:
    opening.listed(user=user, children=children, parts={Part.DAYS}, where=where, purpose=purpose, again=again)
