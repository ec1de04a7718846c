"""人工调整 and 收回: what no rule gives or takes is proposed by one colleague and decided by another; only then is it booked.

What gives points is shown to everybody first (points/showing.py), what takes them is not (ADR 0016). Reason, second approver
and notice: domain guide, 4.2 and 4.3. The CHECK `adjustment_two_people` and the view `adjusting_breach` stand behind
`refusal_for`.
"""

from datetime import datetime

from communities import duties
from communities.kin import kin_of, refusal_between
from communities.models import Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import tell
from points import ledger, statement
from points.decided import outcome_for, words_for_proposer, words_of_notice
from points.models import Account, Adjustment, Entry, Posting

LONGEST = 150  # characters of a reason
# With one of these words and a colon begins the reason of what is taken: nothing else may be (domain guide, 4.3).
GROUNDS = {"更正记录": "更正记录错误", "缺席后果": "已公布的缺席后果", "弄虚作假": "弄虚作假，收回"}
DECIDERS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)
GIVING = (Entry.Kind.AWARD, Entry.Kind.ADJUSTMENT)
Status = Adjustment.Status
OPEN = (Status.PROPOSED, Status.NOTICE)


class AlreadyDecided(Refused):
    code = "adjustment_decided"
    message = "这笔调整已经复核过了，没有重复入账。请在积分调整里查看结果。"


class OwnProposal(Refused):
    code = "own_proposal"
    message = "您提出的调整，须由社区主任或街道管理员中的另一位复核。"
    status = 403


class OwnAdjustment(Refused):
    code = "own_adjustment"
    message = "不能提出或复核自己和家人的积分调整，什么都没有改动。请由其他同事办理。"
    status = 403


class ProposerIsFamily(Refused):
    code = "proposer_is_family"
    message = "提出人是这位居民本人或家人，不能入账。请填写原因，选择不通过。"


class ProposerHasLeft(Refused):
    code = "proposer_has_left"
    message = "提出人在这个社区已经没有职责，不能入账。请选择不通过，需要时由其他同事重新提出。"


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "这位居民的登记还没有确认，没有提出调整。请先在居民档案里办理。"


class AlreadyProposed(Refused):
    code = "already_proposed"
    message = "同样的调整已经在等待复核或公示，没有重复提出。请在积分调整里查看。"


class NotAnAward(Refused):
    code = "not_an_award"
    message = "只有给一位居民、已经入账的获得可以收回，什么都没有改动。请核对是哪一笔。"


class TakenBackBefore(Refused):
    code = "taken_back_before"
    message = "这笔积分已经收回或更正过，不会重复收回。待复核的，请选择不通过。"


class TooLittleLeft(Refused):
    code = "too_little_left"

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"这位居民的可用积分还差{missing:,}分，不够扣减，没有入账。请选择不通过，按可用积分重新提出；"
            "如果是某一笔记错了，请在那一笔旁边选择收回，不足的部分会记为待抵扣。"
        )


class BadReason(BadInput):
    code = "adjustment_reason"
    message = f"请写明原因，不超过{LONGEST}字，这次没有提交。"


class NoGround(BadInput):
    code = "adjustment_ground"
    message = "扣减只限三种：更正记录错误、已公布的缺席后果、弄虚作假收回。请选一种并写明是什么事，这次没有提交。"


REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "take_back_once": lambda _: AlreadyProposed(),
    "adjustment_two_people": lambda _: OwnProposal(),
}


def refusal_to_propose(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot propose anything about `resident`; None when nothing stands against it."""
    if not duties.holds(by, resident.community):
        return duties.NotYourDuty()
    return refusal_between(by=by, beneficiaries=[resident], family=OwnAdjustment())


def refusal_to_take_back(entry: int, resident: Resident, by: User) -> Refused | None:
    """The same for taking back what `entry` gave to `resident`."""
    if refused := refusal_to_propose(resident, by) or _refusal_to_reverse(entry):
        return refused
    waits = Adjustment.objects.filter(reverses=entry, status=Status.PROPOSED).exists()
    return AlreadyProposed() if waits else None


def refusal_for(
    adjustment: Adjustment, by: User, *, approving: bool, at: datetime | None = None
) -> Refused | None:  # fmt: skip
    """Why `by` cannot decide, or with `approving` why it cannot be booked; None when nothing stands against it."""
    if adjustment.status != Status.PROPOSED:
        return AlreadyDecided()
    if refused := refusal_between(by=by, recorders=[adjustment.proposed_by_id], same=OwnProposal()):
        return refused
    if not duties.holds(by, adjustment.resident.community, *DECIDERS):
        return duties.NotYourDuty()
    if refused := refusal_between(by=by, beneficiaries=[adjustment.resident], family=OwnAdjustment()):
        return refused
    return _refusal_to_book(adjustment, at) if approving else None


def _refusal_to_book(adjustment: Adjustment, at: datetime | None) -> Refused | None:
    if not duties.holds(adjustment.proposed_by, adjustment.resident.community):
        return ProposerHasLeft()
    if kin_of(adjustment.proposed_by).includes(adjustment.resident):
        return ProposerIsFamily()
    if adjustment.reverses_id:
        return _refusal_to_reverse(adjustment.reverses_id)
    missing = -adjustment.amount - statement.available(adjustment.resident, at=at) if adjustment.amount < 0 else 0
    return TooLittleLeft(missing) if missing > 0 else None


def _refusal_to_reverse(entry: int) -> Refused | None:
    return TakenBackBefore() if Entry.objects.filter(reverses=entry).exists() else None


@verb(REFUSALS)
def propose(*, resident: Resident, amount: int, reason: str, by: User, at: datetime | None = None) -> Adjustment:
    """Ask a second colleague to give (above zero) or to take (below) `amount` points. Nothing is booked yet.

    The reason of what is taken begins with one of `GROUNDS` and a colon.
    Refuses `BadAmount`, `BadReason`, `NoGround`, `NotConfirmed`, `AlreadyProposed` and what `refusal_to_propose` says.
    """
    if type(amount) is not int or not 0 < abs(amount) <= ledger.MOST:
        raise ledger.BadAmount
    reason = _written(reason)
    if amount < 0 and not _grounded(reason):
        raise NoGround
    # Locked: a button pressed twice proposes once.
    mine = Resident.objects.held(resident.pk)
    if refused := refusal_to_propose(mine, by):
        raise refused
    if not mine.confirmed:
        raise NotConfirmed
    if mine.adjustments.filter(amount=amount, reason=reason, status__in=OPEN, reverses=None).exists():
        raise AlreadyProposed
    return Adjustment.objects.create(
        resident=mine, amount=amount, reason=reason, proposed_by=by, proposed_at=at or clock.now()
    )


@verb(REFUSALS)
def propose_take_back(*, entry: int, reason: str, by: User, at: datetime | None = None) -> Adjustment:
    """Ask a second colleague to take back what `entry` gave. What was spent meanwhile will be owed (待抵扣).

    Refuses `BadReason`, `NotAnAward`, `TakenBackBefore`, `AlreadyProposed` and what `refusal_to_propose` says.
    """
    reason = _written(reason)
    resident, given = given_by(entry)
    if refused := refusal_to_take_back(entry, resident, by):
        raise refused
    return Adjustment.objects.create(
        resident=resident,
        amount=-given,
        reverses_id=entry,
        reason=reason,
        proposed_by=by,
        proposed_at=at or clock.now(),
    )


def given_by(entry: int) -> tuple[Resident, int]:
    """To whom an award or a plus adjustment gave, and how many points. Refuses `NotAnAward` for anything else."""
    into_wallets = Posting.objects.filter(
        entry=entry, entry__kind__in=GIVING, destination__kind=Account.Kind.WALLET
    ).select_related("destination__resident__community")  # fmt: skip
    moves = list(into_wallets)
    if len({move.destination_id for move in moves}) != 1:
        raise NotAnAward
    resident = moves[0].destination.resident
    assert resident is not None
    return resident, sum(move.amount for move in moves)


@verb(REFUSALS)
def approve(*, adjustment: Adjustment, by: User, at: datetime | None = None) -> Adjustment:
    """Book what a colleague proposed, or let it wait for the notice, and tell the resident. Refuses what `refusal_for` says.

    The entry comes first, because its key lets only one of two approvers through; then the row is locked and read again.
    """
    at = at or clock.now()
    seen = Adjustment.objects.select_related("resident__community", "proposed_by").get(pk=adjustment.pk)
    if refused := refusal_for(seen, by, approving=True, at=at):
        raise refused
    shown_first = seen.amount > 0
    entry = None if shown_first else book(seen, by, at)
    mine = locked(seen)
    if mine.status != Status.PROPOSED:
        raise AlreadyDecided
    mine.status = Status.NOTICE if shown_first else Status.APPROVED
    mine.decided_by, mine.decided_at, mine.entry_id = by, at, entry
    mine.save(update_fields=["status", "decided_by", "decided_at", "entry"])
    what, said = ("notice", words_of_notice(mine)) if shown_first else ("approved", outcome_for(mine).words)
    tell(resident=seen.resident, occasion=f"adjustment:{mine.pk}:{what}", words=said)
    return mine


def book(seen: Adjustment, by: User, at: datetime) -> int:
    """The entry of an adjustment that two people have seen, and its notice where it gives. Called inside a verb."""
    key = f"adjustment:{seen.pk}"
    if seen.reverses_id:
        return ledger.reverse(key=key, entry=seen.reverses_id, by=by, reason=f"收回：{seen.reason}", at=at)
    try:
        return ledger.adjust(key=key, resident=seen.resident, amount=seen.amount, by=by, reason=seen.reason, at=at)
    except ledger.ShortOfPoints as short:
        raise TooLittleLeft(short.missing) from short


@verb(REFUSALS)
def reject(*, adjustment: Adjustment, reason: str, by: User, at: datetime | None = None) -> Adjustment:
    """Decide that nothing is booked, and tell the colleague who proposed it why.

    Refuses `BadReason` and what `refusal_for` says of deciding.
    """
    reason = _written(reason)
    mine = locked(adjustment)
    if refused := refusal_for(mine, by, approving=False):
        raise refused
    mine.status, mine.decided_by, mine.decided_at, mine.decline_reason = Status.REJECTED, by, at or clock.now(), reason
    mine.save(update_fields=["status", "decided_by", "decided_at", "decline_reason"])
    tell(staff=mine.proposed_by, occasion=f"adjustment:{mine.pk}:rejected", words=words_for_proposer(mine))
    return mine


def locked(adjustment: Adjustment) -> Adjustment:
    """The row, with its people, locked."""
    rows = Adjustment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("resident__community", "proposed_by").get(pk=adjustment.pk)


def _grounded(reason: str) -> bool:
    ground, _, what = reason.partition("：")
    return ground in GROUNDS and bool(what.strip())


def _written(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or ledger.UNWRITABLE.search(reason):
        raise BadReason
    return reason
