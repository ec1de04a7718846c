"""代居民办理: what a colleague does at the counter for somebody who stands there, and the slip (办理单) that says so.

Apps register their acts in `AppConfig.ready`; this home knows none of them. An act and its slip are one transaction: nothing is
done without a slip, and no slip says what was not done. Proof is a signature on the paper or the card's PIN (domain guide, 4.5).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import NamedTuple, Protocol

from django.urls import reverse

from communities import cards, duties, paging
from communities.finding import ACTIVE
from communities.kin import refusal_between
from communities.models import Resident, Slip, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

Proof = Slip.Proof
LONGEST = 300


class OwnCounter(Refused):
    code = "own_counter"
    message = "不能在窗口为自己、家人或由您代办的居民办理，这次没有办理，积分没有变动。请由另一位同事办理。"
    status = 403


class FileNotInUse(Refused):
    code = "file_not_in_use"
    message = "这份档案没有通过确认或已经注销，不能办理。这次没有办理，积分没有变动。"


class AlreadyOnSlip(Refused):
    code = "already_on_slip"
    message = "这件事已经办过，没有重复办理。请在“办理单”里查看。"


REFUSALS: Refusals = {"slip_once": lambda _: AlreadyOnSlip()}


@dataclass(frozen=True)
class Choice:
    """One thing that may be done now: `number` is what `plan` and `do` are given, `value` is what it costs or returns.

    With `refused` it is shown with the reason and cannot be chosen; with `link` it is a page of its own and leaves no slip.
    `code` names the act that does it, where it is another one.
    """

    number: int
    label: str
    sub: str = ""
    value: str = ""
    refused: str = ""
    link: str = ""
    code: str = ""


@dataclass(frozen=True)
class Plan:
    """What is read out before anything is done: `facts` are (label, value); `refused` says why it cannot be done."""

    title: str
    facts: Sequence[tuple[str, str]]
    button: str
    note: str = ""
    refused: Refused | None = None


class Done(NamedTuple):
    """What was done: `about` names it (enrolment:42), `lines` are what the slip says; together at most 300 characters."""

    about: str
    lines: Sequence[str]


class Do(Protocol):
    """Runs in the transaction of the slip; raises a refusal when it cannot be done."""

    def __call__(self, *, resident: Resident, number: int, by: User, at: datetime) -> Done: ...


@dataclass(frozen=True)
class Act:
    """`code` stands in addresses, `title` above the choices and on the slip. An act of links alone has no `plan` and no `do`.

    `choices(resident, at)` and `plan(resident, number, at)` change nothing; a number that is none of the resident's is
    refused or 404. An act without choices of its own is reached by those of another one (`Choice.code`). Those with the
    lowest `place` come first, else in the order of registering: what most people come for stands on top. `call` names the act
    that does the same for somebody who is on the telephone: the last page asks which it is.
    """

    code: str
    title: str
    choices: Callable[[Resident, datetime], Sequence[Choice]] | None
    plan: Callable[[Resident, int, datetime], Plan] | None = None
    do: Do | None = None
    empty: str = ""
    place: int = 0
    call: str = ""


_acts: dict[str, Act] = {}


def register(act: Act) -> None:
    """From now on the counter offers `act`, in the order of registering."""
    _acts[act.code] = act


class Line(NamedTuple):
    """A choice on the page: `key` (night-school:12) names it, `place` is what the keyboard picks it by, 0 for one refused."""

    choice: Choice
    key: str
    place: int
    address: str


def offers(resident: Resident, at: datetime) -> list[tuple[Act, list[Line]]]:
    """What may be done for `resident` now, by act; what can be chosen is counted from 1 through all of them."""
    shown, places = [], count(1)
    for act in sorted(_acts.values(), key=lambda one: one.place):
        if act.choices is not None:
            found = act.choices(resident, at)
            shown.append((act, [_line(act, one, 0 if one.refused else next(places), resident) for one in found]))
    return shown


def act_of(code: str) -> Act | None:
    """The act that an address names, if it is one that leaves a slip."""
    act = _acts.get(code)
    return act if act and act.plan and act.do else None


def address_of(resident: Resident, key: str) -> str:
    """The confirming page of what `key` names; the resident's page for what names nothing."""
    code, _, number = key.partition(":")
    if act_of(code) is None or not paging.number(number):
        return reverse("desk:counter-person", args=[resident.pk])
    return reverse("desk:counter-act", args=[resident.pk, code, int(number)])


def _line(act: Act, choice: Choice, place: int, resident: Resident) -> Line:
    key = f"{choice.code or act.code}:{choice.number}"
    return Line(choice, key, place, choice.link or address_of(resident, key))


def refusal_for(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot act for `resident` at all; None when nothing stands against it. Pages and the verb ask."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, resident.community), duties.NotYourDuty()),
        (resident.status not in ACTIVE, FileNotInUse()),
    ]
    first = next((refused for stands, refused in reasons if stands), None)
    return first or refusal_between(by=by, beneficiaries=[resident], family=OwnCounter())


def perform(
    *, act: Act, resident: Resident, number: int, by: User, pin: str | None = None, called: bool = False,
    at: datetime | None = None,
) -> Slip:  # fmt: skip
    """Do `act` with `number` for `resident` and write the slip, in one transaction; the slip.

    With `pin` the card's PIN is the proof, else a signature on the paper. Who `called` is known by what was asked on the
    telephone, and `act.call` is done instead. Refuses what `refusal_for` says, a wrong PIN, and whatever the act refuses.
    """
    if refused := refusal_for(resident, by):
        raise refused
    if called:
        return _written(_acts[act.call], resident, number, by, Proof.CALL, at or clock.now())
    if pin is not None:  # outside of the transaction: a try stays counted
        _prove(resident, pin, by)
    return _written(act, resident, number, by, Proof.SIGNATURE if pin is None else Proof.PIN, at or clock.now())


def _prove(resident: Resident, pin: str, by: User) -> None:
    card = cards.card_of(resident)
    if card is None:
        raise cards.NoCard
    cards.check_pin(card=card, pin=pin, by=by)


@verb(REFUSALS)
def _written(act: Act, resident: Resident, number: int, by: User, proof: Proof, at: datetime) -> Slip:
    assert act.do is not None
    done = act.do(resident=resident, number=number, by=by, at=at)
    return Slip.objects.create(
        community=resident.community, resident=resident, act=act.title, about=done.about,
        said="\n".join(done.lines)[:LONGEST], proof=proof, by=by, at=at,
    )  # fmt: skip
