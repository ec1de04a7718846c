"""名单: the lines of a notice as staff type or paste them, one a row: 姓名, the phone's last four if two share it, 内容."""

import re
from typing import NamedTuple

from communities.models import Community, Resident
from communities.notices import Line
from core import masks
from core.refusals import Refused

SHOWN = 5  # complaints at once
SUBJECT = re.compile(r"^(?:单位|项目|合伙人)[:：]\s*")
BETWEEN = re.compile(r"[\t ,，、]+")
TAIL = re.compile(r"\d{4}|1\d{10}")


class BadList(Refused):
    code = "bad_name_list"
    status = 400

    def __init__(self, complaints: list[str]) -> None:
        more = f"等共{len(complaints)}处" if len(complaints) > SHOWN else ""
        super().__init__(f"{'；'.join(complaints[:SHOWN])}{more}。这次没有加入，请改好再提交。")


class Row(NamedTuple):
    """What one row says; `who` is a person unless `is_subject`."""

    number: int
    who: str
    tail: str
    said: str
    is_subject: bool


def lines_from(community: Community, typed: str) -> list[Line]:
    """The lines of `typed`, its people found among the confirmed residents of `community` in one query. Refuses `BadList`."""
    rows = [_row(number, text.strip()) for number, text in enumerate(typed.splitlines(), 1) if text.strip()]
    people: dict[str, list[Resident]] = {}
    mine = Resident.objects.filter(community=community, status=Resident.Status.CONFIRMED)
    for one in mine.filter(name__in={row.who for row in rows}).select_related("community"):
        people.setdefault(one.name, []).append(one)
    read = [(row.number, _line(row, people.get(row.who, []))) for row in rows]
    complaints = [f"第{number}行{found}" for number, found in read if isinstance(found, str)]
    if complaints:
        raise BadList(complaints)
    return [found for _, found in read if isinstance(found, Line)]


def _row(number: int, text: str) -> Row:
    subject = SUBJECT.match(text)
    who, _, rest = BETWEEN.sub("\t", text[subject.end() if subject else 0 :], count=1).partition("\t")
    tail, _, beyond = BETWEEN.sub("\t", rest, count=1).partition("\t")
    if not subject and TAIL.fullmatch(tail):
        return Row(number, who, tail[-4:], beyond.strip(), is_subject=False)
    return Row(number, who, "", rest.strip(), is_subject=subject is not None)


def _line(row: Row, people: list[Resident]) -> Line | str:
    """The line, or what is wrong with the row."""
    if not row.said:
        return "没有写内容"
    if row.is_subject:
        return Line(row.said, subject=row.who)
    found = [one for one in people if not row.tail or one.phone.endswith(row.tail)]
    if not found:
        return f"没有找到已确认的居民“{row.who}”"
    if len(found) > 1:
        tails = "、".join(masks.phone(one.phone) or "没有手机" for one in found)
        return f"有{len(found)}位“{row.who}”（{tails}），请在姓名后写手机号后四位，或用下面的查找加入"
    return Line(row.said, found[0])
