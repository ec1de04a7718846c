"""呼叫页: whom to call and with which number, for who may call; the first sight of an alarm's numbers is written down."""

from dataclasses import dataclass

from childcare.days import calls, chain, holding
from childcare.days.chain import Whom
from childcare.models import Alarm, Call
from childcare.opening import SEES, Part, look, readers
from communities.models import Look, User
from core import clock
from core.refusals import Refused

PARTS = {Part.GUARDIANS, Part.CONTACTS}
PART_OF = {chain.GUARDIANS: Part.GUARDIANS, chain.CONTACTS: Part.CONTACTS}


@dataclass(frozen=True)
class Calling:
    """`next` is whom to call now; `others` everybody else of the chain; `refused` why the reader cannot call."""

    calls: list[Call]
    next: Whom | None
    others: list[Whom]
    refused: Refused | None
    closable: bool = False
    holdable: bool = False
    reopenable: bool = False
    held: str = ""


def of(alarm: Alarm, user: User) -> Calling:
    """Numbers only while it is open, only for who may call, and only of those whom the reader may see at all."""
    done, now = list(alarm.calls.select_related("by").order_by("pk")), clock.now()
    if refused := calls.refusal_to_act(alarm, user):
        again = alarm.closed_at is not None and holding.refusal_to_reopen(alarm, user, now) is None
        return Calling(done, None, [], refused, reopenable=again)
    seen = _seen(alarm, user)
    whole = [one for one in chain.of(alarm) if PART_OF.get(one.step) in seen | {None}]
    first = chain.next_of(whole, [one.key for one in done])
    return Calling(
        done, first, [one for one in whole if one != first], None, calls.refusal_to_close(alarm, user) is None,
        alarm.held_until is None and holding.refusal_to_hold(alarm, user, now) is None, held=_held(alarm),
    )  # fmt: skip


def _held(alarm: Alarm) -> str:
    return f"等到{clock.local(alarm.held_until):%H:%M}。到时候还没有来，请接着打电话。" if alarm.held_until else ""


def _seen(alarm: Alarm, user: User) -> set[Part]:
    """What the reader may see of the family; the look is written once for an alarm."""
    child = alarm.place.child
    purpose = f"{alarm.get_kind_display()}，打电话找孩子（{alarm.day:%m-%d}）"
    if not Look.objects.filter(by=user, resident=child, purpose=purpose).exists():
        return look(user=user, child=child, parts=PARTS, purpose=purpose)
    who = readers(user, child)
    return {part for part in PARTS if any(part in SEES[reader] for reader in who)}
