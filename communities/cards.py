"""积分卡: a paper card by which the counter knows who stands there. It opens nothing: whoever finds one can do nothing with it.

The code is an address with 128 random bits, the number is for reading aloud; its last digit finds a digit mistyped or two
swapped (Damm). The PIN is the resident's, typed at the counter, and may stand in for a signature (communities/counter.py).
"""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.urls import reverse
from django.utils.safestring import SafeString

from communities import changes, duties, limits
from communities.drawing import drawn
from communities.kin import kin_of
from communities.models import Card, Resident, User
from communities.registration import Outcome
from core import clock
from core.refusals import BadInput, Busy, Refused
from core.verbs import Refusals, verb

TRIES, WINDOW = 5, timedelta(minutes=10)
PIN = re.compile(r"[0-9]{4,6}")
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


class CardNotConfirmed(Refused):
    code = "card_not_confirmed"
    message = "社区确认登记以后才能发卡，这次没有发。"


class HasCard(Refused):
    code = "card_already"
    message = "这位居民已经有卡，没有另发。卡丢了请办“挂失补卡”。"


class NoCard(Refused):
    code = "no_card"
    message = "这位居民现在没有有效的卡，没有改动。"


class OwnCard(Refused):
    code = "own_card"
    message = "不能为自己或家人发卡、设密码，这次没有办理。请由另一位同事办理。"
    status = 403


class WeakPin(Refused):
    code = "weak_pin"
    message = "这个密码太容易猜到，没有保存。请不要用生日、手机号或卡号里的数字，也不要用1111、1234这样的。"
    status = 400


class WrongPin(Refused):
    code = "wrong_pin"
    message = "卡密码不对，这次没有办理。10分钟内输错5次要等一会儿；也可以请本人签字办理。"


class NoPin(Refused):
    code = "no_pin"
    message = "这张卡没有设密码，请本人签字办理。"


REFUSALS: Refusals = {
    "card_one_at_a_time": lambda _: HasCard(),
    "communities_card_number_key": lambda _: Busy(),  # two drew the same number at once
}


def check_digit(digits: str) -> int:
    """The digit that makes `digits` a number of ours (Damm's table of order ten)."""
    interim = 0
    for digit in digits:
        interim = int(DAMM[interim][int(digit)])
    return interim


def is_number(text: str) -> bool:
    """Whether `text` can be the number of a card: eight digits that belong together."""
    return bool(re.fullmatch(r"[0-9]{8}", text)) and check_digit(text) == 0


def refusal_for(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot issue a card to `resident`, or set its PIN; None when nothing stands against it."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, resident.community), duties.NotYourDuty()),
        (kin_of(by).includes(resident), OwnCard()),
        (not resident.confirmed, CardNotConfirmed()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def card_of(resident: Resident) -> Card | None:
    """The card in use."""
    return resident.cards.filter(ended_at=None).select_related("issued_by").first()


@verb(REFUSALS)
def issue(*, resident: Resident, by: User) -> Card:
    """A card for somebody who has none. Refuses what `refusal_for` says, and `HasCard`."""
    changes.by(by)
    locked = Resident.objects.held(resident.pk)
    if refused := refusal_for(locked, by):
        raise refused
    if card_of(locked):
        raise HasCard
    return _made(locked, by)


@verb(REFUSALS)
def replace(*, resident: Resident, by: User) -> Card:
    """The card is lost: it ends at once, and another is issued, without a PIN. Refuses what `refusal_for` says, and `NoCard`."""
    changes.by(by)
    locked = Resident.objects.held(resident.pk)
    if refused := refusal_for(locked, by):
        raise refused
    lost = card_of(locked)
    if lost is None:
        raise NoCard
    _ended(lost, by)
    return _made(locked, by)


@verb()
def end(*, resident: Resident, by: User) -> Card:
    """The card is not used any more. Refuses strangers to the community, and `NoCard`."""
    changes.by(by)
    duties.require(by, resident.community)
    card = card_of(Resident.objects.held(resident.pk))
    if card is None:
        raise NoCard
    return _ended(card, by)


def issue_many(*, residents: Iterable[Resident], by: User) -> Outcome:
    """A card for each who has none, in a transaction of its own; who has one keeps it and counts as done."""
    outcome = Outcome()
    for resident in residents:
        try:
            if card_of(resident) is None:
                issue(resident=resident, by=by)
            outcome.done.append(resident)
        except Refused as refused:
            outcome.refused.append((resident, refused))
    return outcome


@verb()
def set_pin(*, resident: Resident, pin: str, by: User) -> Card:
    """The PIN that the resident types at the counter: 4 to 6 digits that nobody would try first. An empty one takes it away."""
    changes.by(by)
    locked = Resident.objects.held(resident.pk)
    if refused := refusal_for(locked, by):
        raise refused
    card = card_of(locked)
    if card is None:
        raise NoCard
    if pin and not PIN.fullmatch(pin):
        raise BadInput("密码是4到6位数字，没有保存。")
    if pin and is_weak(pin, card):
        raise WeakPin
    card.pin = make_password(pin) if pin else ""
    card.save(update_fields=["pin"])
    return card


def check_pin(*, card: Card, pin: str, by: User) -> None:
    """Refuses unless `pin` is the PIN of `card`; five tries in ten minutes, whoever tries, each counted before it is compared.

    Call it outside of any transaction (limits.hit). Who is shut out by somebody else's guessing signs instead.
    """
    duties.require(by, card.resident.community)
    if card.ended_at is not None:
        raise NoCard
    if not card.pin:
        raise NoPin
    limits.hit(_tries(card), limit=TRIES, window=WINDOW)
    if not check_password(pin, card.pin):
        raise WrongPin
    limits.clear(_tries(card))


def is_weak(pin: str, card: Card) -> bool:
    """Whether `pin` is what somebody would try first: one digit, a row, the birthday, the phone, the card's number."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    halves = pin[: len(pin) // 2] * 2 == pin
    born, resident = card.resident.birth_date, card.resident
    dates = f"{born:%Y%m%d} {born:%m%d%Y} {born:%y%m%d} {born:%d%m%Y} {born:%d%m%y}" if born else ""
    return steps in ({0}, {1}, {9}) or halves or any(pin in known for known in (dates, resident.phone, card.number))


def qr(card: Card) -> SafeString:
    """The code on the card: an address. Who opens it decides what is seen, and opening it does nothing."""
    return drawn(settings.SITE_URL + reverse("card", args=[card.token]))


def _tries(card: Card) -> str:
    return f"card:{card.pk}"


def _made(resident: Resident, by: User) -> Card:
    number = _free_number()
    return Card.objects.create(resident=resident, token=secrets.token_urlsafe(16), number=number, issued_by=by)


def _free_number() -> str:
    while True:
        digits = f"{secrets.randbelow(10**7):07d}"
        number = f"{digits}{check_digit(digits)}"
        if not Card.objects.filter(number=number).exists():
            return number


def _ended(card: Card, by: User) -> Card:
    card.ended_at, card.ended_by = clock.now(), by
    card.save(update_fields=["ended_at", "ended_by"])
    return card
