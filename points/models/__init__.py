"""The books (账). Nothing but adjustments is written by Python: points/sql holds the only functions that write these tables."""

from points.models.adjustments import Adjustment
from points.models.books import Account, Draw, Entry, Lot, Posting
from points.models.debts import Debt
from points.models.purse import Share
from points.models.rules import Credit, Rule
from points.models.sums import BookCheck, Flow, Month, Snapshot

__all__ = [
    "Account",
    "Adjustment",
    "BookCheck",
    "Credit",
    "Debt",
    "Draw",
    "Entry",
    "Flow",
    "Lot",
    "Month",
    "Posting",
    "Rule",
    "Share",
    "Snapshot",
]
