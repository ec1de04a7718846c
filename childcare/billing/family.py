"""What the family sees of its bills: the list, the card on the first page, and the figures of one bill."""

from dataclasses import dataclass
from datetime import date

from childcare.billing import offsetting, refunding, splitting, telling
from childcare.billing.fees import named
from childcare.billing.offsetting import Quote
from childcare.billing.refunding import Backs
from childcare.billing.splitting import Row, Split
from childcare.models import Bill, BillQuerySet, Offset
from communities.frontcards import Card
from communities.hardship.opening import is_family
from communities.models import Resident, User
from core import clock
from partners.money import yuan

CARDS, PAGE = 3, 24
Status = Bill.Status


@dataclass(frozen=True)
class View:
    """One bill as its page shows it. `quote` of a bill that the reader pays and may still use points for; `standing` the offset
    that the reader may take back; `mine`: whether the reader pays; `backs`: what comes back of it, and what came back."""

    bill: Bill
    lines: list[Row]
    split: Split | None
    mine: bool
    quote: Quote | None
    standing: Offset | None
    freezes_on: date
    backs: Backs

    @property
    def left(self) -> int:
        return max(self.bill.due_cents - self.bill.paid_cents, 0)


def bills_of(account: User) -> BillQuerySet:
    """Of every child for whom the account's guardians answer, the newest month first."""
    mine = Bill.objects.of_account(account).select_related("centre__community", "child", "payer__community")
    return mine.order_by("-month", "child", "pk")


def opened(bill: Bill, account: User) -> Split | None:
    """How it was reduced, for the child's family: not for who pays and speaks for the child no more."""
    return splitting.opened(bill) if is_family(bill.child, account) else None


def view_of(bill: Bill, account: User) -> View:
    """Everything that the page of one bill shows; a fixed number of queries."""
    mine, open_still = bill.payer.account_id == account.pk, bill.status == Status.DRAWN
    standing = bill.offsets.filter(undone_at=None).first() if mine and open_still and bill.offset_cents else None
    quote = offsetting.quote(bill) if mine and open_still and not bill.offset_cents and bill.cap_cents else None
    split = opened(bill, account)
    lines, backs = splitting.whole(bill, split), refunding.of_bill(bill)
    return View(bill, lines, split, mine, quote, standing, telling.freeze_day(bill), backs)


def cards(resident: Resident, account: User) -> list[Card]:
    """The bills that wait for this guardian, on the first page: what points may pay of them, else what is to be paid."""
    mine = bills_of(account).filter(payer__account=account).exclude(status=Status.PAID)
    whom = mine.filter(payer=resident) | mine.filter(child=resident)
    return [_card(bill) for bill in whom.filter(due_cents__gt=0).order_by("month", "child", "pk")[:CARDS]]


def _card(bill: Bill) -> Card:
    url, month = telling.link_of(bill), f"{bill.month.month}月"
    this = bill.month == clock.today().replace(day=1)
    if bill.status == Status.DRAWN and bill.cap_cents and not bill.offset_cents:
        said = offsetting.quote(bill)
        if said.points:
            return Card(
                f"{'本月' if this else month}可抵{_plain(said.cents)}元",
                f"{bill.child.name}{month}托管账单",
                "去抵扣",
                url,
            )
    what = "应付" if bill.status == Status.DRAWN else "还要缴"
    left = bill.due_cents - bill.paid_cents
    return Card(f"{month}托管费{what}{_plain(left)}元", f"{bill.child.name}{named(bill.month)}账单", "查看", url)


def _plain(fen: int) -> str:
    """60元, 60.50元."""
    return yuan(fen).removesuffix(".00")
