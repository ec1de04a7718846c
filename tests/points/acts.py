"""A short history with everything in it, and the sums of the history itself, which 对账 must equal."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from django.db import transaction
from django.db.models import Max

from communities.models import Community, Resident
from core import clock
from core.refusals import Refused
from points import folding, ledger
from points.models import Account, Entry, Posting, Snapshot
from points.reconciliation import Flows, Period
from tests import world as cast
from tests.points.deeds import moved
from tests.worker import wait_until
from tests.world import World


def random_acts(world: World, number: int, seed: int) -> None:
    """`number` acts of the people of 文兴 and 永安 at each other's offers; what is refused is refused."""
    dice, entries = Random(seed), []
    people: Sequence[Resident] = (world.wang, world.li, world.zhao, world.zhou)
    places: Sequence[Community] = (world.wenxing, world.yongan, world.hualin)
    for serial in range(number):
        who, key, amount = dice.choice(people), f"act:{seed}:{serial}", dice.randint(1, 60)
        act = dice.choice("award charge charge charge reverse reverse adjust move".split())
        by, reason = world.system, "随机"
        try:
            with transaction.atomic():
                if act == "award":
                    entries.append(cast.award(who, amount))
                elif act == "charge":
                    entries.append(
                        ledger.charge(
                            key=key, resident=who, amount=amount, provider=dice.choice(places), by=by, reason=reason,
                            relief=dice.choice([0, 0, 5]),
                        )
                    )  # fmt: skip
                elif act == "adjust":
                    entries.append(ledger.adjust(key=key, resident=who, amount=amount - 30 or 1, by=by, reason=reason))
                elif act == "move":
                    moved(who, world.yongan if who.community == world.wenxing else world.wenxing)
                elif entries:
                    ledger.reverse(key=key, entry=dice.choice(entries), by=by, reason=reason)
        except Refused:
            continue


def of_history(community: Community, period: Period | None = None) -> Flows:
    """The same figures, added up posting by posting in Python; 转入 stands in entries of other communities."""
    issued = taken_back = spent = returned = expired = 0
    for one in postings(community, period):
        way, kind = (one.source.kind, one.destination.kind), one.entry.kind
        issued += one.amount * (kind != "reversal" and way[0] == "issuer")
        taken_back += one.amount * (way[1] == "issuer")
        spent += one.amount * (way[0] == "wallet" and way[1] in {"income", "partner"})
        returned += one.amount * (kind == "reversal" and way[1] == "wallet")
        expired += one.amount * (way[1] == "expired")
    moved_out = sum(one.amount for one in postings(community, period) if one.entry.kind == "move")
    others = [one for there in Community.objects.exclude(pk=community.pk) for one in postings(there, period)]
    moved_in = sum(one.amount for one in others if one.entry.kind == "move" and one.destination.community == community)
    return Flows(issued, taken_back, spent, returned, expired, moved_out, moved_in)


def postings(community: Community, period: Period | None = None) -> list[Posting]:
    """Those of the entries of `community` whose Shanghai date lies in the period."""
    mine = Posting.objects.filter(entry__community=community).select_related("entry", "source", "destination")
    return [
        one for one in mine if period is None or period.first <= clock.local(one.entry.at).date() <= period.last
    ]  # fmt: skip


def in_wallets(community: Community) -> int:
    """What the residents of `community` hold."""
    return sum(Account.objects.filter(resident__community=community).values_list("balance", flat=True))  # type: ignore[arg-type]


def fold(at: datetime | None = None) -> None:
    """Fold until nothing is left; transactions of other tests on the same server may hold it up for a moment."""

    def folded() -> str:
        folding.fold(at=at or clock.now())
        newest = Snapshot.objects.aggregate(to=Max("folded_to"))["to"] or 0
        return "all" if newest > (Entry.objects.aggregate(last=Max("xid"))["last"] or 0) else ""

    wait_until(folded)
