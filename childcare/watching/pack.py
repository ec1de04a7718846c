"""未成年人信息年度审计包: what was kept of minors, by whom read, asked, withdrawn and deleted in a year. Counts alone, nobody's name.

Yearly by law, reported by the end of January (未成年人网络保护条例 37; domain guide, 13.1). Read as rows of tables, for page, file and REST.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from childcare.watching import counting, looking
from childcare.watching.counting import Scope
from communities.models import Community, SubDistrict
from communities.workbook import Columns
from core import clock

Row = tuple[str | int, ...]


@dataclass(frozen=True)
class Table:
    """`key` names it for machines; `columns` are headings with widths."""

    key: str
    title: str
    columns: Columns
    rows: list[Row]


@dataclass(frozen=True)
class Sheet:
    """A table still to be counted."""

    key: str
    title: str
    columns: Columns
    rows: Callable[[Scope], Iterable[Row]]


AGES = (("不满14周岁", 14), ("14至17周岁", 14))
SHEETS = (
    Sheet("ages", "人数", (("范围", 30), *AGES), counting.ages),
    Sheet("fields", "信息种类", (("信息", 30), ("用途", 40), *AGES), counting.fields),
    Sheet("consents", "同意和撤回", (("用途", 30), ("年内同意", 12), ("年内撤回", 12), ("年末有效", 12)), counting.consents),
    Sheet("looks", "查看", (("看了什么", 50), ("身份", 16), ("原因", 40), ("次数", 10), ("孩子人数", 10)), looking.looks),
    Sheet("refused", "未允许的查看", (("想看什么", 50), ("身份", 16), ("次数", 10)), looking.refused),
    Sheet("exports", "导出", (("内容", 50), ("身份", 16), ("次数", 10)), looking.exports),
    Sheet("rights", "信息申请", (("类别", 16), ("状态", 12), ("件数", 10), ("超过期限", 10)), counting.rights),
    Sheet("incidents", "信息安全事件", (("情形", 16), ("发现日期", 14), ("涉及孩子", 10), ("告知监护人", 14), ("报告主管部门", 14)), counting.incidents),
    Sheet("cleared", "到期清除", (("内容", 30), ("数量", 10)), counting.cleared),
    Sheet("staff", "有权限的人员", (("单位", 24), ("姓名", 14), ("职责", 16), ("从", 14), ("到", 14)), counting.staff),
)  # fmt: skip


def scope(communities: Sequence[Community], year: int) -> Scope:
    """`year` in these communities; of a year that runs, up to now."""
    first, after = clock.at(date(year, 1, 1), time()), clock.at(date(year + 1, 1, 1), time())
    return Scope(tuple(one.pk for one in communities), year, first, after, min(date(year, 12, 31), clock.today()))


def tables(communities: Sequence[Community], year: int) -> list[Table]:
    """The whole pack; a number of queries that does not grow with the children."""
    asked = scope(communities, year)
    return [Table(one.key, one.title, one.columns, list(one.rows(asked))) for one in SHEETS]


def years(at: datetime | None = None) -> list[int]:
    """Which may be asked for: this one, and three before it, as long as the logs are kept."""
    this = clock.local(at or clock.now()).year
    return [this - back for back in range(4)]


def communities_of(place: Community | SubDistrict) -> list[Community]:
    """Of a sub-district all of its communities."""
    return [place] if isinstance(place, Community) else list(place.communities.order_by("pk"))


def total(found: Iterable[Table]) -> Counter[str]:
    """Lines of each table, for the page that offers the file."""
    return Counter({one.title: len(one.rows) for one in found})
