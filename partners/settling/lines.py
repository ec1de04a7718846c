"""What a partner's month at one community is made of: uses, undone uses, corrections, and what was promised and not done.

Uses and undone uses are those of the ledger's entries (ADR 0018): an entry stands in the month of its moment in Shanghai, so a use
of last month that is undone in this one is a negative line of this one.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from communities.models import Community
from core import clock
from partners.models import Agreement, Correction, Delivery, Partner, Promise, Redemption, Statement, StatementLine
from points.models import Posting

Kind = StatementLine.Kind


def span(month: date) -> tuple[datetime, datetime]:
    """The first moment of `month` (its first day) in Shanghai, and the first one after it."""
    return clock.at(month, time()), clock.at(after(month), time())


def after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def of_month(partner: Partner, community: Community, month: date) -> list[StatementLine]:
    """The unsaved lines of a statement, in order. A line of an approved correction has it as `correction`."""
    lines = [
        *_moved(partner, community, month),
        *_carried(partner, community, month),
        *_corrected(partner, community, month),
    ]
    lines += _missed(partner, community, month, sum(line.amount_cents for line in lines))
    for order, line in enumerate(lines, 1):
        line.order = order
    return lines


def unchanged(statement: Statement) -> bool:
    """Whether its lines are those that would be drawn now: what was confirmed or corrected since makes others."""
    now = of_month(statement.partner, statement.community, statement.month)
    return Counter(map(_figures, now)) == Counter(map(_figures, statement.lines.all()))


def _figures(line: StatementLine) -> tuple[object, ...]:
    return (line.kind, line.agreement_id, line.offer_id, line.count, line.points, line.unit_cents, line.amount_cents)


def ledger_points(partner: Partner, community: Community, month: date) -> int:
    """What the month's entries brought into the partner's account at `community`, less what undoing took out again."""
    since, until = span(month)
    own = Posting.objects.filter(entry__at__gte=since, entry__at__lt=until)
    came, went = (
        own.filter(**{f"{side}__party": partner.pk, f"{side}__community": community}).aggregate(sum=Sum("amount"))[
            "sum"
        ]
        or 0
        for side in ("destination", "source")
    )
    return int(came - went)


def _moved(partner: Partner, community: Community, month: date) -> Iterator[StatementLine]:
    """By offer, agreement and unit: a change of terms in mid-month makes two lines."""
    since, until = span(month)
    own = Redemption.objects.filter(partner=partner, community=community)
    kept = ("voucher__offer", "voucher__offer__title", "agreement", "unit_cents")
    for kind, sign, entry in ((Kind.USED, 1, "entry"), (Kind.UNDONE, -1, "undo_entry")):
        mine = own.filter(**{f"{entry}__at__gte": since, f"{entry}__at__lt": until})
        for row in mine.values(*kept).annotate(many=Count("pk"), sum=Sum("points")).order_by(*kept):
            yield StatementLine(
                kind=kind, words=row["voucher__offer__title"], offer_id=row["voucher__offer"], agreement_id=row["agreement"],
                count=sign * row["many"], points=sign * row["sum"], unit_cents=row["unit_cents"],
                amount_cents=sign * row["many"] * row["unit_cents"],
            )  # fmt: skip


def _carried(partner: Partner, community: Community, month: date) -> Iterator[StatementLine]:
    """What the statement before left the partner owing, when more was undone or taken back than used."""
    before = Statement.objects.filter(partner=partner, community=community, month__lt=month).order_by("-month").first()
    if before and before.net_cents < 0:
        words = f"{before.month.year}年{before.month.month}月结算单多付的，从本期扣回"
        yield StatementLine(kind=Kind.CORRECTED, words=words, amount_cents=before.net_cents)


def _corrected(partner: Partner, community: Community, month: date) -> Iterator[StatementLine]:
    """Approved ones of earlier statements that stand in none yet, or in the one that is drawn again."""
    open_still = Q(line=None) | Q(line__statement__month=month)
    mine = Correction.objects.filter(open_still, statement__partner=partner, statement__community=community)
    for one in (
        mine.filter(statement__month__lt=month).exclude(approved_at=None).select_related("statement").order_by("pk")
    ):
        words = f"{one.statement.month.year}年{one.statement.month.month}月结算单更正：{one.reason}"
        line = StatementLine(kind=Kind.CORRECTED, words=words[:120], amount_cents=one.amount_cents)
        line.correction = one
        yield line


def _missed(partner: Partner, community: Community, month: date, payable: int) -> Iterator[StatementLine]:
    """Promises with a deduction whose confirmed deliveries are fewer than promised; never more than is payable."""
    left = max(payable, 0)
    for promise in promised(month).filter(agreement__partner=partner, agreement__community=community).order_by("pk"):
        missing = promise.times - promise.done  # type: ignore[attr-defined]
        if missing <= 0:
            continue
        whole = missing * promise.deduct_cents
        words = f"{promise.item}：每月{promise.times}次，完成{promise.times - missing}次"
        cut = "（抵减以应付为限）" if whole > left else ""
        yield StatementLine(
            kind=Kind.DEDUCTED, words=words + cut, agreement_id=promise.agreement_id, count=missing,
            unit_cents=promise.deduct_cents, amount_cents=-min(whole, left),
        )  # fmt: skip
        left -= min(whole, left)


def promised(month: date) -> QuerySet[Promise]:
    """Promises with a deduction, of agreements in force all through `month`; `done` is how often was confirmed in it."""
    last = after(month) - timedelta(days=1)
    in_time = Q(deliveries__on__gte=month, deliveries__on__lte=last, deliveries__status=Delivery.Status.CONFIRMED)
    whole = Q(agreement__ended_on=None) | Q(agreement__ended_on__gt=last)
    signed = Q(agreement__status=Agreement.Status.SIGNED, agreement__starts_on__lte=month, agreement__ends_on__gte=last)
    done = Coalesce(Sum("deliveries__times", filter=in_time), 0)
    return Promise.objects.filter(whole, signed, deduct_cents__gt=0).annotate(done=done)
