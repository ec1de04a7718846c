"""结算确认: the partner's owner agrees or objects, the community answers, its head signs; then the statement is frozen."""

from datetime import datetime

from communities import duties
from communities.kin import OwnPhoneMissing, SamePerson, kin_of
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.kinship import is_family_of
from partners.models import Clerk, Partner, Statement
from partners.settling import lines
from partners.settling.drawing import REFUSALS, StatementFrozen, require_tie, write
from partners.vouchers.clerks import OwnerOnly

LONGEST = 300  # characters
HEADS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)
Status = Statement.Status


class RedrawnMeanwhile(Refused):
    code = "statement_redrawn"
    message = "这张结算单刚才重新出过，您没有确认，什么都没有改动。请看过新的数字再确认。"


class NotOpen(Refused):
    code = "statement_not_open"
    message = "这张结算单现在不等合伙人确认，什么都没有改动。请刷新后查看。"


class NotAgreed(Refused):
    code = "statement_not_agreed"
    message = "合伙人还没有确认这张结算单，没有签。请先请店主在手机上确认。"


class EarlierFirst(Refused):
    code = "earlier_statement_first"
    message = "前面月份的结算单还没有确认完，这一张没有确认，什么都没有改动。请先办完前面的。"


class Outdated(Refused):
    code = "statement_outdated"
    message = "出单以后履约或更正有变动，这张结算单的数字已经不对，没有签，什么都没有改动。请退回合伙人，系统会按现在的数字重新出单。"


class SaysNothing(BadInput):
    code = "statement_says_nothing"
    message = f"请写明异议或答复（不超过{LONGEST}字），没有保存。"


class OwnShop(Refused):
    code = "own_shop"
    message = "这是您本人或家人的店，不能由您办理，没有改动。请由其他同事办理。"
    status = 403


@verb(REFUSALS)
def agree(*, statement: Statement, by: User, seen: str | None = None, at: datetime | None = None) -> Statement:
    """The owner says that it is right. `seen`: of which drawing (`Statement.drawing`) what was read is.

    Refuses `OwnerOnly`, `NotOpen`, `StatementFrozen`, `RedrawnMeanwhile`, `EarlierFirst`.
    """
    mine = locked(statement)
    if refused := refusal_to_agree(mine, by):
        raise refused
    require_seen(mine, seen)
    mine.status, mine.agreed_at, mine.agreed_by = Status.AGREED, at or clock.now(), by
    mine.save(update_fields=["status", "agreed_at", "agreed_by"])
    return mine


@verb(REFUSALS)
def agree_on_paper(*, statement: Statement, by: User, seen: str | None = None, at: datetime | None = None) -> Statement:
    """The owner signed the printed statement; a colleague writes that down, and another one signs for the community.

    For owners who have no phone at hand any more. Refuses what `refusal_to_agree_on_paper` says, `RedrawnMeanwhile`.
    """
    mine = locked(statement)
    if refused := refusal_to_agree_on_paper(mine, by):
        raise refused
    require_seen(mine, seen)
    mine.status, mine.agreed_at, mine.agreed_by = Status.AGREED, at or clock.now(), by
    mine.save(update_fields=["status", "agreed_at", "agreed_by"])
    return mine


def refusal_to_agree_on_paper(statement: Statement, by: User) -> Refused | None:
    """Why `by` does not write down a signature: a stranger, the owner or its family, not open. Page and verb ask."""
    if not duties.holds(by, statement.community):
        return duties.NotYourDuty()
    return refusal_of_state(statement) or refusal_of_kin(statement.partner, by, set())


def refusal_to_agree(statement: Statement, by: User) -> Refused | None:
    """Why `by` does not agree to it. Page and verb ask."""
    if not Clerk.objects.current().filter(partner=statement.partner_id, account=by, slot=Clerk.OWNER).exists():
        return OwnerOnly()
    return refusal_of_state(statement)


def refusal_of_state(statement: Statement) -> Refused | None:
    """Why nobody agrees to it now."""
    if statement.status in (Status.FROZEN, Status.PAID):
        return StatementFrozen()
    if statement.status != Status.DRAWN:
        return NotOpen()
    before = Statement.objects.filter(
        partner=statement.partner_id, community=statement.community_id, month__lt=statement.month
    )
    return EarlierFirst() if before.filter(status__in=(Status.DRAWN, Status.AGREED)).exists() else None


@verb(REFUSALS)
def dispute(*, statement: Statement, text: str, by: User) -> Statement:
    """The owner says what is wrong; the community answers. Refuses `OwnerOnly`, `SaysNothing`, `NotOpen`, `StatementFrozen`."""
    mine, text = locked(statement), _said(text)
    refused = refusal_to_agree(mine, by)
    if refused and not isinstance(refused, EarlierFirst):
        raise refused
    mine.disputed, mine.answer = text, ""
    mine.save(update_fields=["disputed", "answer"])
    return mine


@verb(REFUSALS)
def answer(*, statement: Statement, text: str, by: User, at: datetime | None = None) -> Statement:
    """The community answers the objection and draws the statement anew. Refuses a stranger, `SaysNothing`, `NotOpen`."""
    duties.require(by, statement.community)
    mine, text = locked(statement), _said(text)
    if mine.status in (Status.FROZEN, Status.PAID):
        raise StatementFrozen
    if not mine.disputed or mine.status != Status.DRAWN:
        raise NotOpen
    mine.answer = text
    mine.save(update_fields=["answer"])
    return write(partner=mine.partner, community=mine.community, month=mine.month, by=by, at=at)


@verb(REFUSALS)
def send_back(*, statement: Statement, text: str, by: User, at: datetime | None = None) -> Statement:
    """The head does not sign: the statement is drawn anew, with a word why, and the partner looks at it again."""
    duties.require(by, statement.community, *HEADS)
    mine, text = locked(statement), _said(text)
    if mine.status in (Status.FROZEN, Status.PAID):
        raise StatementFrozen
    if mine.status != Status.AGREED:
        raise NotAgreed
    mine.status, mine.agreed_at, mine.agreed_by, mine.answer = Status.DRAWN, None, None, text
    mine.save(update_fields=["status", "agreed_at", "agreed_by", "answer"])
    return write(partner=mine.partner, community=mine.community, month=mine.month, by=by, at=at)


@verb(REFUSALS)
def freeze(*, statement: Statement, by: User, seen: str | None = None, at: datetime | None = None) -> Statement:
    """The head signs; from now on nothing of it changes but its payment.

    Refuses what `refusal_to_freeze` says, `RedrawnMeanwhile`, `DoesNotTie`, `Outdated`.
    """
    mine = locked(statement)
    if refused := refusal_to_freeze(mine, by):
        raise refused
    require_seen(mine, seen)
    require_tie(mine)
    if not lines.unchanged(mine):
        raise Outdated
    mine.status, mine.frozen_at, mine.frozen_by = Status.FROZEN, at or clock.now(), by
    mine.save(update_fields=["status", "frozen_at", "frozen_by"])
    return mine


def refusal_to_freeze(statement: Statement, by: User) -> Refused | None:
    """Why `by` does not sign for the community: no head, the owner or its family, nothing agreed. Page and verb ask."""
    if not duties.holds(by, statement.community, *HEADS):
        return duties.NotYourDuty()
    if statement.status in (Status.FROZEN, Status.PAID):
        return StatementFrozen()
    if statement.status != Status.AGREED:
        return NotAgreed()
    return refusal_of_kin(statement.partner, by, {statement.agreed_by_id})


def refusal_of_kin(partner: Partner, by: User, recorders: set[int | None]) -> Refused | None:
    """Why `by` does not decide about `partner`'s money: recorded it, owns the shop, or is family of who owns it."""
    if not by.own_phone:
        return OwnPhoneMissing()
    mine = kin_of(by)
    if is_family_of(by, partner, mine):
        return OwnShop()
    return SamePerson() if recorders & {by.pk, *mine.accounts} else None


def require_seen(statement: Statement, seen: str | None) -> None:
    """Refuses `RedrawnMeanwhile` when what was read, `seen`, is another drawing; None: nobody says."""
    if seen is not None and seen != statement.drawing:
        raise RedrawnMeanwhile


def locked(statement: Statement) -> Statement:
    held = Statement.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("partner", "community").get(pk=statement.pk)


def _said(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise SaysNothing
    return text
