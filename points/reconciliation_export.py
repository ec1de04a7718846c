"""对账 as Excel files (communities/workbook.py): a community day by day, and a sub-district's communities side by side."""

from collections.abc import Iterable
from typing import IO

from communities.workbook import Cell, workbook
from points.models import Account, Entry, Flow
from points.reconciliation import Day
from points.street import Line

DAYS = (
    ("日期", 12), ("类别", 8), ("从", 12), ("到", 12), ("积分所属社区", 16), ("提供服务的社区", 16), ("积分", 12), ("笔数", 8),
)  # fmt: skip
LINES = (
    ("社区", 16), ("发放", 12), ("收回", 12), ("使用", 12), ("退回", 12), ("过期", 12), ("转出", 12), ("转入", 12), ("期末未用", 12),
    ("现在未用", 12),
)  # fmt: skip
BUDGET = ("现在未用的预算（元）", 20)
KINDS = dict([*Entry.Kind.choices, *Flow.WAYS]) | {Entry.Kind.REDEMPTION.value: "合伙人核销"}


def by_day(days: Iterable[Day]) -> IO[bytes]:
    """One row per day and way; every figure of the page is a sum of these rows."""
    accounts = dict(Account.Kind.choices)
    return workbook("对账", DAYS, (
        (one.day, KINDS[one.kind], accounts[one.source_kind], accounts[one.destination_kind], one.holder, one.provider,
         one.amount, one.postings)
        for one in days
    ))  # fmt: skip


def by_community(lines: Iterable[Line]) -> IO[bytes]:
    """One row per community and their sum; the budget only where the lines hold it, which is for finance."""
    listed = list(lines)
    budgeted = any(one.budget is not None for one in listed)
    return workbook("街道对账", (*LINES, *([BUDGET] if budgeted else [])), (_cells(one) for one in listed))


def _cells(one: Line) -> tuple[Cell, ...]:
    flows = one.flows
    figures = (
        flows.issued,
        flows.taken_back,
        flows.spent,
        flows.returned,
        flows.expired,
        flows.moved_out,
        flows.moved_in,
    )
    return (one.name, *figures, one.closing, one.outstanding, *([] if one.budget is None else [one.budget]))
