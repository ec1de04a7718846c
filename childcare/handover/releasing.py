"""交接: one child leaves with one adult, after the check, or alone where that was agreed. The one way out (ADR 0019).

Page, REST and paper call `release`; a trigger asks the same of whoever writes the row (childcare/sql/0005_handover.sql).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import connection

from childcare.handover import asking, barring, codes, second as seconds, telling
from childcare.handover.asking import Taking
from childcare.models import Carer, Handover, HandoverNote, Pickup, Place, Staffer
from communities import changes, duties, limits
from communities.models import Guardian, Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

Way = Handover.Way
Check = Handover.Check
REFUSALS: Refusals = {
    "CC051": lambda _: asking.NotHeld(),
    "CC052": lambda _: asking.NotThere(),
    "CC053": lambda _: asking.NotOnDuty(),
    "CC054": lambda _: asking.WrongChild(),
    "CC055": lambda _: barring.BarredPerson(),
    "CC056": lambda _: asking.TailDiffers(),
    "CC057": lambda _: seconds.SecondNotOnDuty(),
    "CC058": lambda _: asking.NotAlone(),
    "CC059": lambda _: asking.NoLongerGood(),
    "CC05A": lambda _: asking.ProofNeeded(),
    "handover_written_at_once": lambda _: asking.NotAtOnce(),
    "handover_once": lambda _: asking.LeftAlready(),
    "childcare_handover_code_id_key": lambda _: asking.NoLongerGood(),
}
TAILS, WINDOW = 5, timedelta(minutes=15)
Listener = Callable[[Handover], None]
_listeners: list[Listener] = []


class PaperCode(Refused):
    code = "care_paper_code"
    message = "用接送码接走的不能写在整张补录里：纸上核对不了接送码。没有登记，请打电话向监护人核实后另行登记。"


def on_release(listener: Listener) -> None:
    """`listener(handover)` is called in the transaction of each hand-over."""
    if listener not in _listeners:
        _listeners.append(listener)


def release(
    *, place: Place, way: Way, check: Check, by: User, guardian: Guardian | None = None, pickup: Pickup | None = None,
    carer: Carer | None = None, code: str = "", id_tail: str = "", second: Staffer | None = None, proof: str = "",
    staffer: Staffer | None = None, at: datetime | None = None, on_paper: bool = False,
) -> Handover:  # fmt: skip
    """The child of `place` leaves. `by`'s own post lets it go; a client, and who types paper in, names the `staffer`.

    `code` is what the stranger says, `second` and `proof` are the colleague who looked as well and their own secret: both are
    proved outside of any transaction, so with a code this is never called inside one (`PaperCode`). Refuses whatever
    `asking.refusal_for` says; an attempt by somebody barred is written down and told at once.
    """
    at = at or clock.now()
    said = Taking(way, check, guardian, pickup, carer, None, id_tail.strip().upper())
    if connection.in_atomic_block and way == Way.CODE and on_paper:
        raise PaperCode
    ask = partial(asking.refusal_for, place, by=by, staffer=staffer, second=second, at=at, on_paper=on_paper)
    try:
        if way == Way.CODE:
            if refused := ask(said):
                raise refused
            assert second is not None
            seconds.prove(second=second, proof=proof)
            days = (asking.day_of(place, at), clock.local(at).date())
            said = replace(said, code=codes.prove(child=place.child, days=days, typed=code))
        with nullcontext() if on_paper else _tails_counted(place, said, by):
            return _written(place=place, said=said, by=by, staffer=staffer, second=second, at=at, on_paper=on_paper)
    except barring.BarredPerson:
        report(place, said, by, then=at if on_paper else None)
        raise


@contextmanager
def _tails_counted(place: Place, said: Taking, by: User) -> Iterator[None]:
    """Five wrong documents for one child from one account, then none for a while: four digits are soon guessed. Never in a
    transaction, so not for what is typed in from paper."""
    if said.check not in (Check.DOCUMENT, Check.CODE) or not said.id_tail:
        yield
        return
    key = f"care-tail:{by.pk}:{place.pk}"
    limits.hit(key, limit=TAILS, window=WINDOW)
    try:
        yield
    except asking.TailDiffers:
        raise
    except Refused:
        limits.clear(key)
        raise
    limits.clear(key)


@verb(REFUSALS)
def _written(
    *, place: Place, said: Taking, by: User, staffer: Staffer | None, second: Staffer | None, at: datetime, on_paper: bool
) -> Handover:  # fmt: skip
    changes.by(by)
    child = Resident.objects.held(place.child_id)
    # Read anew behind the child's lock: what was revoked while we waited is revoked.
    said = asking.read_anew(said)
    refused = asking.refusal_for(place, said, by=by, staffer=staffer, second=second, at=at, on_paper=on_paper)
    if refused or (said.way == Way.CODE and said.code is None):
        raise refused or codes.WrongCode()
    first = asking.first_of(place, by, staffer, on_paper=on_paper)
    assert first is not None
    made = Handover.objects.create(
        place=place, child=child, day=asking.day_of(place, at), at=at, way=said.way, check_used=said.check, guardian=said.guardian,
        pickup=said.pickup, carer=said.carer, code=said.code, taken_by=said.relation, staffer=first,
        seen_tail=said.id_tail if said.check in (Check.DOCUMENT, Check.CODE) else "",
        second=second if said.way == Way.CODE else None, late_minutes=late_by(place, at), by=by,
        written_at=clock.now() if on_paper else at, on_paper=on_paper,
    )  # fmt: skip
    if said.way != Way.GUARDIAN or on_paper:
        _tell(made, child)
    for listener in _listeners:
        listener(made)
    return made


@verb()
def note(*, handover: Handover, text: str, by: User) -> HandoverNote:
    """What was wrong about it, said beside it. By the centre's lead or the community's staff."""
    changes.by(by)
    if not asking.may_note(handover, by):
        raise duties.NotYourDuty
    if not 2 <= len(text.strip()) <= 100 or "\0" in text:
        raise BadInput("请写2到100字的说明，没有保存。")
    return HandoverNote.objects.create(handover=handover, text=text.strip(), by=by)


def late_by(place: Place, at: datetime) -> int:
    """Whole minutes after the end of the group's hours; 0 before."""
    ends = clock.at(asking.day_of(place, at), place.group.ends)
    return max(int((at - ends).total_seconds()) // 60, 0)


SENTENCES = {
    Way.GUARDIAN: "由监护人接走", Way.PICKUP: "由您授权的接送人接走", Way.CARER: "由委托照护人接走",
    Way.CODE: "由持接送码的人接走，两位老师已核对证件", Way.ALONE: "按您的同意自行离开",
}  # fmt: skip
PAPER = "（老师按纸质记录补录）"


def _tell(made: Handover, child: Resident) -> None:
    """With the hour at which the child left, also when that was written down later."""
    body = f"您的孩子{words.dated(made.at)}已{SENTENCES[Way(made.way)]}{PAPER if made.on_paper else ''}。"
    telling.guardians_of(child, f"care-handover:{made.pk}", "孩子已离开托管中心", body)


def report(place: Place, said: Taking, by: User, *, then: datetime | None = None) -> None:
    """Whom a bar names was to take the child: written down and told at once. Call it where nothing takes it back. `then` as in
    `asking.barred_of`."""
    found = asking.barred_of(place, said, then=then)
    if found is not None:
        barring.report(barred=found, place=place, by=by)
