"""The typed face of the books' SQL functions (points/sql). Nothing else writes entries, postings, lots or draws.

Whole points. `key` names the business event for ever (`enrolment:42`): the same key with the same moves gives the first
entry back, with other moves `KeyReused`. `by` is the account that acted, `reason` what the resident reads in the statement.
Every verb refuses `BadText`, `BadMoment`, `BadAmount`, and with `UnknownAccount` whom or what the books do not know.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from communities import settings
from communities.models import Community, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, refusing
from points.models import Entry


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


class AlreadySpent(Refused):
    code = "already_spent"
    message = "这笔积分已经被使用，不能直接收回。请联系社区处理。"


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


class WrongWay(BadInput):
    code = "wrong_way"
    message = "这笔积分的来源和去向不符合规定，这次没有记账。请核对后再试。"


POST = "SELECT points_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
AWARD = "SELECT points_award(%s, %s, %s, %s, %s, %s, %s)"
CHARGE = "SELECT points_charge(%s, %s, %s, %s, %s, %s, %s, %s)"
REVERSE = "SELECT points_reverse(%s, %s, %s, %s, %s, %s)"
REFUSALS: Refusals = {
    "PB001": ShortOfPoints,
    "PB002": lambda _: KeyReused(),
    "PB003": lambda _: AlreadySpent(),
    "PB004": lambda _: UnknownAccount(),
    "PB005": lambda _: BadAmount(),
    "PB006": lambda _: AlreadyReversed(),
    "PB007": lambda _: BadMoment(),
    "PB008": lambda _: WrongWay(),
}
LONGEST, MOST = 200, 10**9
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
CENTURY = range(2000, 2100)  # points/sql says the same


class Move(NamedTuple):
    source: int
    destination: int
    amount: int


class Line(NamedTuple):
    """One line of a wallet's statement; `amount` is signed, `balance` is what stood after it."""

    id: int
    at: datetime
    kind: str
    reason: str
    amount: int
    balance: int

    @property
    def word(self) -> str:
        """获得/使用/退回/过期, so that colour is not needed."""
        return Entry.Kind(self.kind).label

    @property
    def size(self) -> int:
        """The points without a sign: the word says which way they went."""
        return abs(self.amount)


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
    at: datetime | None = None, expires_on: date | None = None,
) -> int:  # fmt: skip
    """Book `moves` as one entry and return its number. `expires_on` is the last day of what wallets receive.

    Refuses what does not go that way with `WrongWay`: an award goes from an issuer to wallets, a charge from wallets or the
    relief to an income or a partner.
    """
    at, moves = _written(key, reason, at), list(moves)
    sources, destinations, amounts = ([move[side] for move in moves] for side in range(3))
    _whole(*amounts)
    return _book(
        POST, key, kind.value, community.pk, sources, destinations, amounts, at, by.pk, reason, expires_on
    )  # fmt: skip


def award(*, key: str, resident: Resident, amount: int, by: User, reason: str, at: datetime | None = None) -> int:
    """Give `amount` points to `resident`; the new lot lasts until the day that `expiry_day` says."""
    at = _written(key, reason, at)
    _whole(amount)
    return _book(AWARD, key, resident.pk, amount, expiry_day(at), at, by.pk, reason)


def charge(
    *, key: str, resident: Resident, amount: int, provider: Community, by: User, reason: str,
    relief: int = 0, at: datetime | None = None,
) -> int:  # fmt: skip
    """Take `amount` points from `resident` for something that `provider` gives; `relief` is paid by the subsidy instead.

    Refuses with `ShortOfPoints(missing)` when the spendable points do not cover `amount`.
    """
    at = _written(key, reason, at)
    _whole(amount, relief)
    return _book(CHARGE, key, resident.pk, amount, relief, provider.pk, at, by.pk, reason)


def reverse(*, key: str, entry: int, by: User, reason: str, at: datetime | None = None) -> int:
    """Book the mirror of `entry`, once; points return to the lots they came from, an expired lot with a grace."""
    at = _written(key, reason, at)
    place = Entry.objects.filter(pk=entry).values_list("community__sub_district_id", flat=True).first()
    if place is None:
        raise UnknownAccount
    grace = settings.value_of(settings.REVERSAL_GRACE_DAYS, place)
    return _book(REVERSE, key, entry, at, by.pk, reason, grace)


def expiry_day(at: datetime) -> date:
    """31 December of the year after earning (domain guide, 4.3)."""
    return date(clock.local(at).year + 1, 12, 31)
