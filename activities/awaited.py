"""待入账: what a resident is told between check-out and the points: how many, who confirms them and by when."""

from datetime import date

from activities import deadlines
from activities.models import Means, Participation
from core import words


def title_of(mine: Participation) -> str:
    """待入账20积分; what gives no points is recorded all the same."""
    return f"待入账{mine.points}积分" if mine.points else f"已记录{mine.minutes}分钟，待核对"


def said_of(mine: Participation, last: date) -> str:
    """Who confirms it, and by when; its activity has its community."""
    if mine.left_how == Means.FORGOTTEN:
        return f"忘记签退，由{mine.activity.community.name}工作人员核实时长，最晚{words.day(last)}"
    return f"由{mine.activity.community.name}工作人员核对确认，最晚{words.day(last)}"


def one_said(mine: Participation) -> str:
    """As `said_of`, for a page about one."""
    return said_of(mine, deadlines.last_day(mine.activity))
