"""The typed face of the books' SQL functions (points/sql). Nothing else writes entries, postings, lots or draws.

Whole points. `key` names the business event for ever (`enrolment:42`): the same key with the same moves gives the first
entry back, with other moves `KeyReused`. `by` is the account that acted, `reason` what the resident reads in the statement.
Every verb refuses `BadText`, `BadMoment`, `BadAmount`, and with `UnknownAccount` whom or what the books do not know.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from django.db import connection

from communities import settings
from communities.models import Community, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, refusing, verb
from points.models import Entry
from points.pricing import Price


class ShortOfPoints(Refused):
    code = "short_of_points"

    def __init__(self, missing: str | int) -> None:
        self.missing = int(missing or 0)
        super().__init__(f"还差{self.missing:,}积分，您的积分没有扣。参加一次志愿活动就能获得积分。")


class KeyReused(Refused):
    code = "key_reused"
    message = "这个凭证号已经用于另一笔积分，这次没有记账。请换一个凭证号再试。"


class AlreadyReversed(Refused):
    code = "already_reversed"
    message = "这笔积分已经退回过了，不会重复退回。"


class NothingToTakeBack(Refused):
    code = "nothing_to_take_back"
    message = "这笔服务因为封顶没有记入积分，没有可以收回的。"


class NoPurse(Refused):
    code = "no_purse"
    message = "您没有加入家庭积分，您的积分没有扣。可以在“我的”里加入，或改用自己的积分。"


class UnknownAccount(Refused):
    code = "unknown_account"
    message = "没有找到这个积分账户，这次没有记账。请核对后再试。"
    status = 404


class BadAmount(BadInput):
    code = "bad_amount"
    message = "积分须是1到10亿之间的整数，这次没有记账。请检查后重新填写。"


class BadText(BadInput):
    code = "bad_text"
    message = "凭证号和事由须各有1到200个字，且不含无法保存的字符，这次没有记账。请检查后重新填写。"


class BadMoment(BadInput):
    code = "bad_moment"
    message = "时间或最后可用日不对，这次没有记账。请检查后重新填写。"


class InTheFuture(BadInput):
    code = "in_the_future"
    message = "获得积分的时间还没有到，这次没有记账。请核对日期后再试。"


class RuleNotInForce(BadInput):
    code = "rule_not_in_force"
    message = "服务日期当天没有适用的积分规则，这次没有记账。请核对服务日期后再试。"


class WrongWay(BadInput):
    code = "wrong_way"
    message = "这笔积分的来源和去向不符合规定，这次没有记账。请核对后再试。"


POST = "SELECT points_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
AWARD = "SELECT entry_id, given FROM points_award(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
HOLD = "SELECT points_hold(%s)"
ADJUST = "SELECT points_adjust(%s, %s, %s, %s, %s, %s, %s)"
CHARGE = "SELECT points_charge(%s, %s, %s, %s, %s, %s, %s, %s)"
CHARGE_PURSE = "SELECT points_charge_purse(%s, %s, %s, %s, %s, %s, %s, %s)"
EXPIRE = "SELECT people, points FROM points_expire(%s, %s, %s)"
REDEEM = "SELECT points_redeem(%s, %s, %s, %s, %s, %s, %s)"
REVERSE = "SELECT points_reverse(%s, %s, %s, %s, %s, %s)"
REFUSALS: Refusals = {
    "PB001": ShortOfPoints,
    "PB002": lambda _: KeyReused(),
    "PB004": lambda _: UnknownAccount(),
    "PB005": lambda _: BadAmount(),
    "PB006": lambda _: AlreadyReversed(),
    "PB007": lambda _: BadMoment(),
    "PB008": lambda _: WrongWay(),
    "PB009": lambda _: NothingToTakeBack(),
    "PB010": lambda _: RuleNotInForce(),
    "PB011": lambda _: NoPurse(),
}
LONGEST, MOST = 200, 10**9
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
CENTURY = range(2000, 2100)  # points/sql says the same


class Move(NamedTuple):
    source: int
    destination: int
    amount: int


class Award(NamedTuple):
    """What one resident is to be given, and the key of the event."""

    key: str
    resident: Resident
    price: Price


class Awarded(NamedTuple):
    """`given` is what was left under the caps. No entry when the service was worth nothing."""

    entry: int | None
    given: int


class Expired(NamedTuple):
    people: int
    points: int


def _book(statement: str, *arguments: object) -> int:
    with refusing(REFUSALS):
        return int(call(statement, *arguments)[0])


def _written(key: object, reason: object, at: datetime | None) -> datetime:
    """The moment of an entry; refuses texts that cannot be kept and a moment without a zone."""
    for text in (key, reason):
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or UNWRITABLE.search(text):
            raise BadText
    at = at or clock.now()
    if at.tzinfo is None or at.year not in CENTURY:
        raise BadMoment
    return at


def _whole(*amounts: object) -> None:
    # PostgreSQL would take "5" for 5, and know no function for a boolean, a fraction or a number beyond its own.
    if not all(type(amount) is int and 0 <= amount <= MOST for amount in amounts):
        raise BadAmount


def post(
    *, key: str, kind: Entry.Kind, community: Community, moves: Iterable[Move], by: User, reason: str,
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Book `moves` as one entry and return its number.

    Refuses what does not go that way with `WrongWay`: a charge goes from wallets or the relief to an income or a partner.
    Awards are not booked so, since each names the rule that priced it (`award`).
    """
    at, moves = _written(key, reason, at), list(moves)
    sources, destinations, amounts = ([move[side] for move in moves] for side in range(3))
    _whole(*amounts)
    return _book(
        POST, key, kind.value, community.pk, sources, destinations, amounts, at, by.pk, reason, None
    )  # fmt: skip


def award(
    *, key: str, resident: Resident, price: Price, by: User, reason: str, at: datetime | None = None
) -> Awarded:  # fmt: skip
    """Give `resident` what the service was worth, as far as the caps allow; what they owe is paid from it at once.

    Refuses `InTheFuture`, and `RuleNotInForce` for service before its rule or after `at`.
    """
    return award_many(awards=[Award(key, resident, price)], by=by, reason=reason, at=at)[0]


def award_many(
    *, awards: Iterable[Award], by: User, reason: str, at: datetime | None = None
) -> list[Awarded]:  # fmt: skip
    """The same for many at once, all or nothing, in the order given: one statement for each rule and day of service."""
    at, awards = _written("awards", reason, at), list(awards)
    if at > clock.now():
        raise InTheFuture
    found = [Awarded(None, 0)] * len(awards)
    turns: dict[int, int] = defaultdict(int)
    batches: dict[tuple[int | date | None, ...], list[int]] = defaultdict(list)
    for number, (key, resident, price) in enumerate(awards):
        _written(key, reason, at)
        _whole(price.asked, price.quantity)
        if price.asked:
            # Who is named twice comes in two statements, in the order given: the second sees the caps as the first left them.
            same = price.rule_id, price.served_on, price.cap_day, price.cap_month, price.expiry_years
            batches[turns[resident.pk], *same].append(number)
            turns[resident.pk] += 1
    several = [batches[turn] for turn in sorted(batches, key=itemgetter(0))]
    booked = _award_in_turn([[awards[n] for n in numbers] for numbers in several], by, reason, at)
    for number, awarded in zip(chain.from_iterable(several), booked, strict=True):
        found[number] = awarded
    return found


def _award_in_turn(batches: list[list[Award]], by: User, reason: str, at: datetime) -> list[Awarded]:
    """One statement is a transaction; several are a verb, which takes every wallet first, by pk."""
    if len(batches) < 2:
        return [awarded for batch in batches for awarded in _award(batch, by, reason, at)]

    def book() -> list[Awarded]:
        call(HOLD, sorted({one.resident.pk for batch in batches for one in batch}))
        return [awarded for batch in batches for awarded in _award(batch, by, reason, at)]

    return verb(REFUSALS)(book)()


def _award(batch: list[Award], by: User, reason: str, at: datetime) -> list[Awarded]:
    price = batch[0].price
    with refusing(REFUSALS), connection.cursor() as cursor:
        cursor.execute(AWARD, [
            [one.key for one in batch], [one.resident.pk for one in batch], [one.price.quantity for one in batch],
            [one.price.asked for one in batch], price.rule_id, price.served_on, price.cap_day, price.cap_month,
            expiry_day(at, price.expiry_years), at, by.pk, reason,
        ])  # fmt: skip
        return [Awarded(*row) for row in cursor.fetchall()]


def adjust(*, key: str, resident: Resident, amount: int, by: User, reason: str, at: datetime | None = None) -> int:
    """Give (above zero) or take (below) `amount` points outside of every rule; points/adjusting.py asks two people first.

    Refuses with `ShortOfPoints` to take what is not there.
    """
    at = _written(key, reason, at)
    if at > clock.now():
        raise InTheFuture
    _whole(abs(amount) if type(amount) is int else amount)
    years = settings.value_of(settings.EXPIRY_YEARS, resident.community.sub_district_id)
    return _book(ADJUST, key, resident.pk, amount, expiry_day(at, years), at, by.pk, reason)


def charge(
    *, key: str, resident: Resident, amount: int, provider: Community, by: User, reason: str,
    relief: int = 0, purse: bool = False, at: datetime | None = None,
) -> int:  # fmt: skip
    """Take `amount` points from `resident` for something that `provider` gives; `relief` is paid by the subsidy instead.

    With `purse` the wallets of the household that share are drawn on as well, after the own one. Refuses with
    `ShortOfPoints(missing)` when the spendable points do not cover `amount`, and with `NoPurse`.
    """
    at = _written(key, reason, at)
    _whole(amount, relief)
    return _book(CHARGE_PURSE if purse else CHARGE, key, resident.pk, amount, relief, provider.pk, at, by.pk, reason)


def redeem(
    *, key: str, community: Community, party: int, amount: int, by: User, reason: str, at: datetime | None = None
) -> int:
    """Move `amount` points from the income of `community`, where a resident's charge brought them, to its partner `party`.

    So a used voucher is booked; `party` is the number of the partner. No wallet is touched; `reverse` undoes it.
    """
    at = _written(key, reason, at)
    _whole(amount)
    return _book(REDEEM, key, community.pk, party, amount, at, by.pk, reason)


def reverse(*, key: str, entry: int, by: User, reason: str, at: datetime | None = None) -> int:
    """Book the mirror of `entry`, once; points return to the lots they came from, an expired lot with a grace.

    An award that was spent is taken from what else is in the wallet; what is not there stays as a debt (待抵扣).
    """
    at = _written(key, reason, at)
    place = Entry.objects.filter(pk=entry).values_list("community__sub_district_id", flat=True).first()
    if place is None:
        raise UnknownAccount
    grace = settings.value_of(settings.REVERSAL_GRACE_DAYS, place)
    return _book(REVERSE, key, entry, at, by.pk, reason, grace)


def expire(*, by: User, limit: int, at: datetime | None = None) -> Expired:
    """Book the expiry of the next `limit` lots past their day, one entry for each wallet. Nobody is left when it says 0."""
    at = _written("expiry", "积分到期", at)
    with refusing(REFUSALS):
        return Expired(*call(EXPIRE, at, by.pk, limit))


def expiry_day(at: datetime, years: int) -> date:
    """31 December of the year after earning (domain guide, 4.3), or of as many `years` later as the setting says."""
    return date(clock.local(at).year + years, 12, 31)
