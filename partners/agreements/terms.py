"""What an agreement is drafted with, as typed: its term, its mode of settling, promises and rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.refusals import BadInput
from partners.agreements import wording
from partners.agreements.dates import check_term, months_after
from partners.models import Agreement, Promise, RoomGrant
from venues.models import Room

Mode = Agreement.Mode
MOST_PROMISES, MOST_ROOMS = 12, 4


class NoPromise(BadInput):
    code = "no_promise"
    message = f"协议要写明1到{MOST_PROMISES}项承诺，每项有次数，没有保存。请填写承诺明细。"


class BadShare(BadInput):
    code = "bad_share"
    message = "混合结算的社区补贴比例须在1%到99%之间，没有保存。请检查比例。"


class RoomElsewhere(BadInput):
    code = "room_elsewhere"
    message = "提供的场地须是本社区在用的活动室，每月1到700小时，没有保存。请重新选择场地。"


@dataclass(frozen=True)
class Line:
    """One promise; `times` a month."""

    item: str
    times: int
    people: int = 0
    discount: str = ""
    duty: str = Promise.Duty.SERVICE
    focus: str = Promise.Focus.OLD_AND_YOUNG
    deduct_cents: int = 0


@dataclass(frozen=True)
class Space:
    """One room, `hours` a month."""

    room: Room
    hours: int
    when: str
    fees: str = ""


@dataclass(frozen=True)
class Terms:
    """Everything but the parties. `promise` is the public line; empty: made of the promises."""

    title: str
    starts_on: date
    ends_on: date
    promises: tuple[Line, ...]
    rooms: tuple[Space, ...] = ()
    mode: str = Mode.GIFT
    percent: int = 0
    pairing: bool = False
    promise: str = ""

    def check(self, community_id: int) -> None:
        """Refuses `BadTerm`, `NoPromise`, `BadShare`, `RoomElsewhere`."""
        check_term(self.starts_on, self.ends_on)
        if not 1 <= len(self.promises) <= MOST_PROMISES or not all(1 <= one.times <= 200 for one in self.promises):
            raise NoPromise
        if self.mode == Mode.MIXED and not 1 <= self.percent <= 99:
            raise BadShare
        fits = all(one.room.community_id == community_id and 1 <= one.hours <= 700 for one in self.rooms)
        if len(self.rooms) > MOST_ROOMS or not fits:
            raise RoomElsewhere

    def put_on(self, agreement: Agreement) -> None:
        """Set the columns of `agreement`; the rows come with `rows_of`."""
        agreement.title, agreement.mode, agreement.pairing = self.title, Mode(self.mode), self.pairing
        agreement.starts_on, agreement.ends_on = self.starts_on, self.ends_on
        agreement.percent = {Mode.GIFT: 0, Mode.SUBSIDY: 100}.get(Mode(self.mode), self.percent)
        agreement.promise = self.promise or wording.summary(promise_rows(agreement, self.promises))


def promise_rows(agreement: Agreement, promises: Sequence[Line]) -> list[Promise]:
    return [Promise(agreement=agreement, order=n, **vars(one)) for n, one in enumerate(promises, 1)]


def put_rows(agreement: Agreement, promises: Sequence[Line], rooms: Sequence[Space]) -> None:
    """Its promises and rooms, instead of those there are. Only of a draft (partners/sql)."""
    agreement.promises.all().delete()
    agreement.grants.all().delete()
    Promise.objects.bulk_create(promise_rows(agreement, promises))
    RoomGrant.objects.bulk_create(RoomGrant(agreement=agreement, **vars(one)) for one in rooms)


def following(old: Agreement, months: int) -> Terms:
    """The terms of `old` again, for the `months` after its last day."""
    starts = old.ends_on + timedelta(days=1)
    return Terms(
        title=old.title, starts_on=starts, ends_on=months_after(starts, months) - timedelta(days=1), mode=old.mode,
        percent=old.percent, pairing=old.pairing, promise=old.promise,
        promises=tuple(line_of(one) for one in old.promises.order_by("order")),
        rooms=tuple(Space(one.room, one.hours, one.when, one.fees) for one in old.grants.select_related("room").order_by("pk")),
    )  # fmt: skip


def line_of(one: Promise) -> Line:
    return Line(one.item, one.times, one.people, one.discount, one.duty, one.focus, one.deduct_cents)
