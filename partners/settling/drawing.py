"""结算出单: on the first days of a month, last month's statement of every partner, drawn from the ledger (domain guide, 8).

Locks: the statement, then its lines; nothing of the ledger. A use takes no lock that drawing holds, so nobody at a counter waits:
an entry belongs to the month of its moment, and a month is drawn `SETTLED` after its end, when every use that began before
midnight has been written or has failed. What is used after midnight is the next month's. Redrawn at will until the partner agrees.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q

from communities import duties
from communities.models import Community, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from partners.models import Correction, Partner, Redemption, Statement, StatementLine
from partners.settling import lines

SETTLED = timedelta(minutes=10)
Status = Statement.Status


class StatementFrozen(Refused):
    code = "statement_frozen"
    message = "这张结算单双方已经确认，不能再改，积分没有变动。有差错的，请登记更正，列入下一期。"


class StatementAgreed(Refused):
    code = "statement_agreed"
    message = "合伙人已经确认这张结算单，没有重新出单。要改的，请先退回合伙人。"


class MonthRunning(Refused):
    code = "month_running"
    message = "这个月还没有结束，没有出单，积分没有变动。请在下月1日0:10以后再出单。"


class NothingToSettle(Refused):
    code = "nothing_to_settle"
    message = "这家合伙人在这个月没有核销、更正和抵减，没有出单。请核对月份。"


class DoesNotTie(Refused):
    code = "statement_does_not_tie"
    message = "结算单和积分账目对不上，没有办成，什么都没有改动。请联系系统维护人员查明。"


class DrawnTwice(Refused):
    code = "statement_drawn_twice"
    message = "这张结算单刚刚有人出过，没有重复出单。请刷新后查看。"


REFUSALS: Refusals = {"PA020": lambda _: StatementFrozen(), "statement_once": lambda _: DrawnTwice()}


@verb(REFUSALS)
def draw(*, partner: Partner, community: Community, month: date, by: User, at: datetime | None = None) -> Statement:
    """The statement of `month` (its first day), drawn anew while the partner has not agreed; an objection stays until answered.

    Refuses a stranger, `MonthRunning`, `NothingToSettle`, `StatementAgreed`, `StatementFrozen`, `DoesNotTie`.
    """
    duties.require(by, community)
    return write(partner=partner, community=community, month=month, by=by, at=at)


@verb(REFUSALS)
def write(*, partner: Partner, community: Community, month: date, by: User, at: datetime | None = None) -> Statement:
    """`draw` without asking who asks: for the sweep."""
    at = at or clock.now()
    month = month.replace(day=1)
    if at < lines.span(month)[1] + SETTLED:
        raise MonthRunning
    mine = Statement.objects.select_for_update(no_key=True)
    found = mine.filter(partner=partner, community=community, month=month).first()
    if found and (refused := refusal_to_redraw(found)):
        raise refused
    made = lines.of_month(partner, community, month)
    if found is None and not made:
        raise NothingToSettle
    return _filled(found or Statement(partner=partner, community=community, month=month), made, by, at)


def refusal_to_redraw(statement: Statement) -> Refused | None:
    """Why it is not drawn anew; None while it is open."""
    if statement.status in (Status.FROZEN, Status.PAID):
        return StatementFrozen()
    return StatementAgreed() if statement.status == Status.AGREED else None


def _filled(mine: Statement, made: list[StatementLine], by: User, at: datetime) -> Statement:
    payable = sum(line.amount_cents for line in made if line.kind != StatementLine.Kind.DEDUCTED)
    mine.net_cents = sum(line.amount_cents for line in made)
    mine.payable_cents, mine.deduct_cents = payable, payable - mine.net_cents
    mine.points = sum(line.points for line in made)
    mine.count = sum(line.count for line in made if line.kind in (StatementLine.Kind.USED, StatementLine.Kind.UNDONE))
    mine.drawn_by, mine.drawn_at = by, at
    require_tie(mine)
    mine.save()
    mine.lines.all().delete()
    for line in made:
        line.statement = mine
    StatementLine.objects.bulk_create(made)
    for line in made:
        if correction := getattr(line, "correction", None):
            Correction.objects.filter(pk=correction.pk).update(line=line)
    return mine


def require_tie(statement: Statement) -> None:
    """Refuses `DoesNotTie` unless the points are what the ledger moved in the month."""
    if statement.points != lines.ledger_points(statement.partner, statement.community, statement.month):
        raise DoesNotTie


def sweep(at: datetime) -> int:
    """Last month's that are not there yet or say no longer what was confirmed, each in a transaction of its own; how many.

    Run by beat.
    """
    month = (clock.local(at).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    by = User.objects.get(username="system")
    missing = sorted(due(month) - set(Statement.objects.filter(month=month).values_list("partner", "community")))
    partners = Partner.objects.in_bulk({partner for partner, _ in missing})
    communities = Community.objects.in_bulk({community for _, community in missing})
    pairs = [(partners[one], communities[place]) for one, place in missing]
    waiting = Statement.objects.filter(month=month, status=Status.DRAWN).select_related("partner", "community")
    pairs += [(one.partner, one.community) for one in waiting.order_by("pk") if not lines.unchanged(one)]
    return sum(_drawn(partner, community, month, by, at) for partner, community in pairs)


def due(month: date) -> set[tuple[int, int]]:
    """(partner, community) of everybody of whom a statement of `month` may say something."""
    since, until = lines.span(month)
    moved = Q(at__gte=since, at__lt=until) | Q(undone_at__gte=since, undone_at__lt=until)
    waiting = Correction.objects.filter(line=None, statement__month__lt=month).exclude(approved_at=None)
    owing = Statement.objects.filter(month__lt=month, net_cents__lt=0)
    return {
        *Redemption.objects.filter(moved).values_list("partner", "community"),
        *lines.promised(month).values_list("agreement__partner", "agreement__community"),
        *waiting.values_list("statement__partner", "statement__community"),
        *owing.values_list("partner", "community"),
    }


def _drawn(partner: Partner, community: Community, month: date, by: User, at: datetime) -> int:
    try:
        write(partner=partner, community=community, month=month, by=by, at=at)
    except (
        Refused
    ):  # nothing to say after all, or just drawn by a colleague; what does not tie is on the page of the books
        return 0
    return 1
