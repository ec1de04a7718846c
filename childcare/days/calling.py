"""呼叫页: whom to call and with which number, for who may call; the first sight of an alarm's numbers is written down."""

from dataclasses import dataclass

from childcare.days import calls, chain
from childcare.days.chain import Whom
from childcare.models import Alarm, Call
from childcare.opening import Part, look
from communities.models import Look, User
from core.refusals import Refused

PARTS = {Part.GUARDIANS, Part.CONTACTS}


@dataclass(frozen=True)
class Calling:
    """`next` is whom to call now; `others` everybody else of the chain; `refused` why the reader cannot call."""

    calls: list[Call]
    next: Whom | None
    others: list[Whom]
    refused: Refused | None
    closable: bool


def of(alarm: Alarm, user: User) -> Calling:
    """Numbers only while it is open and only for who may call."""
    done = list(alarm.calls.select_related("by").order_by("pk"))
    if refused := calls.refusal_to_act(alarm, user):
        return Calling(done, None, [], refused, False)
    _looked(alarm, user)
    whole = chain.of(alarm)
    first = chain.next_of(whole, [one.whom for one in done])
    return Calling(done, first, [one for one in whole if one != first], None, bool(done))


def _looked(alarm: Alarm, user: User) -> None:
    child = alarm.place.child
    purpose = f"{alarm.get_kind_display()}，打电话找孩子（{alarm.day:%m-%d}）"
    if not Look.objects.filter(by=user, resident=child, purpose=purpose).exists():
        look(user=user, child=child, parts=PARTS, purpose=purpose)
