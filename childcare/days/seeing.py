"""What staff at the desk see of the days of a group: names and hours of many children, so the sight is written down, once a day for
each group and month; a file each time."""

from datetime import date
from typing import IO

from childcare.days import book, paper
from childcare.days.board import Row
from childcare.days.book import Line
from childcare.days.sights import Sights
from childcare.models import Group, Handover
from communities import access
from communities.models import Community, User
from communities.models.places import CommunityQuerySet

PURPOSE = "考勤管理"


def communities(user: User) -> CommunityQuerySet:
    return Community.objects.for_staff(user)


def month_of(group: Group, month: date, user: User) -> tuple[list[date], list[Line]]:
    """考勤表, after the look was written."""
    _looked(group, month, user, "考勤表")
    return book.month_of(group, month)


def handed_over(group: Group, month: date, user: User) -> list[Handover]:
    """接送记录, after the look was written."""
    _looked(group, month, user, "接送记录")
    return book.handed_over(group, month)


def sheet_of(group: Group, day: date, user: User) -> list[Row]:
    """The lines of the sheet of a day, to be printed or typed in, after the look was written."""
    Sights(user, group.centre.community).once(f"托管点名表：{group}{day:%Y-%m-%d}", PURPOSE)
    return paper.rows_of(group, day)


def file_of(group: Group, month: date, user: User, purpose: str) -> IO[bytes]:
    """Refuses `NoPurpose`."""
    access.look(
        by=user, community=group.centre.community, what=f"导出托管考勤接送：{group}{month:%Y-%m}"[:100], purpose=purpose
    )
    return book.file_of(group, month, user)


def _looked(group: Group, month: date, user: User, kind: str) -> None:
    Sights(user, group.centre.community).once(f"托管{kind}：{group}{month:%Y-%m}", PURPOSE)
