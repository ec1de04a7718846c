"""An award as the ORM would book it, with the same guarantees: what the bulk form is measured against (performance.md)."""

from datetime import date
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Sum

from communities.models import Resident, User
from core import clock
from points.models import Account, Credit, Debt, Entry, Lot, Month, Posting
from points.pricing import Price


@transaction.atomic
def award(key: str, resident: Resident, price: Price, by: User) -> None:
    """As the owner: key, lock, cap, entry, credit, posting with its balance, lot, month, and a look for what is owed."""
    if Entry.objects.filter(key=key).exists():
        return
    wallet = Account.objects.select_for_update(no_key=True).get(resident=resident)
    issuer = Account.objects.get(community=resident.community_id, kind=Account.Kind.ISSUER)
    month, amount = clock.today().replace(day=1), price.asked
    standing = Credit.objects.filter(wallet=wallet, served_on__gte=month, entry__reversed_by=None)
    standing.aggregate(of_month=Sum("given"))
    entry = Entry.objects.create(
        key=key, digest=sha256(key.encode()).digest(), kind=Entry.Kind.AWARD, community_id=resident.community_id,
        at=clock.now(), by=by, reason="志愿服务",
    )  # fmt: skip
    Credit.objects.create(
        entry=entry, wallet=wallet, rule_id=price.rule_id, served_on=price.served_on, quantity=price.quantity,
        asked=amount, given=amount,
    )  # fmt: skip
    Account.objects.filter(pk=wallet.pk).update(balance=F("balance") + amount)
    posting = Posting.objects.create(
        entry=entry,
        source=issuer,
        destination=wallet,
        amount=amount,
        destination_balance=(wallet.balance or 0) + amount,
    )
    Lot.objects.create(
        wallet=wallet, posting=posting, earned=amount, remaining=amount, expires_on=date(month.year + 1, 12, 31)
    )
    mine = Month.objects.filter(wallet=wallet, community=resident.community_id, month=month)
    if not mine.update(earned=F("earned") + amount):
        Month.objects.create(
            wallet=wallet, community_id=resident.community_id, month=month, earned=amount, spent=0, expired=0
        )
    Debt.objects.filter(wallet=wallet, remaining__gt=0).exists()
