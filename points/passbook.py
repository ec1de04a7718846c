"""存折: a statement on paper, A5 in large type, for who has no phone or would rather read it in the hand."""

from dataclasses import dataclass
from datetime import date
from itertools import islice

from communities.models import Resident
from core import clock
from core.refusals import Refused
from points import statement
from points.statement import Filter, Line, Remains

MOST = 1000  # lines; some forty leaves


class TooMuchPaper(Refused):
    code = "too_much_paper"
    message = f"这段时间的收支超过{MOST:,}条，一本存折印不下。请缩短日期再打印。"


@dataclass(frozen=True)
class Passbook:
    """The lines of a period, the oldest first; `opening` stood before the first one. `printed_on` is a day."""

    since: date
    until: date
    opening: int
    lines: list[Line]
    remains: Remains
    printed_on: date


def passbook(resident: Resident, since: date, until: date) -> Passbook:
    """Both days belong to it. Refuses `TooMuchPaper`."""
    found = list(islice(statement.every(resident, Filter(since=since, until=until)), MOST + 1))
    if len(found) > MOST:
        raise TooMuchPaper
    lines, today = found[::-1], clock.today()
    opening = lines[0].balance - lines[0].amount if lines else 0
    return Passbook(since, until, opening, lines, statement.remains(resident, on=today), today)
