"""Every planted fault of childcare, and of why a family pays less: one list for faults.py, which is full. Add yours here."""

from tests.mutants.billing import BILLED
from tests.mutants.daily import DAILY
from tests.mutants.enrolling import ENROLLED
from tests.mutants.handing import HANDED
from tests.mutants.relieving import RELIEVED

CARED = (*RELIEVED, *BILLED, *DAILY, *ENROLLED, *HANDED)
