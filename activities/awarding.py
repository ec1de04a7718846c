"""入账: what two people have seen becomes points: at once, or after the public notice where the rule asks for it.

From the rule's `notice_from` on (100 points, honours always) an award waits for the notice `award:<pk>` (domain guide, 4.3);
hours never wait for it. Every other file of this app that gives points comes through here.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from activities.models import Award
from communities import notices
from communities.models import Community, NoticeItem, Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from points import debts, ledger, pricing
from points.models import Rule
from points.pricing import Price

PREFIX = "award"
log = structlog.get_logger(__name__)
Status = Award.Status


class SameTwo(Refused):
    code = "same_person"
    message = "您记录的事项，须由另一位工作人员审核，没有入账。"
    status = 403


class NotWaiting(Refused):
    code = "award_settled"
    message = "这笔积分已经入账或停止，没有再改动。"


class AlreadyAwarded(Refused):
    code = "already_confirmed"
    message = "这一项已经审核过，没有重复入账。"


REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "award_two_people": lambda _: SameTwo(),
    "award_once": lambda _: AlreadyAwarded(),
    "activities_award_entry_id_key": lambda _: AlreadyAwarded(),
}


@dataclass(frozen=True)
class Earned:
    """One earning that two people have seen. `about` is the key of its entry; `title` the resident reads in the statement."""

    about: str
    resident: Resident
    community: Community
    code: str
    title: str
    price: Price
    recorded_by_id: int


def approve(*, earned: Earned, by: User, at: datetime) -> Award | None:
    """Write the award of `earned`, and post it unless it waits for a notice; None when the rule gives nothing for it.

    Called inside a verb, before it locks its own row: the books lock the wallet first. The caller has asked who may decide.
    """
    if not earned.price.asked:
        return None
    waits = earned.price.needs_notice
    given = None if waits else _post(earned, by, at)
    return Award.objects.create(
        community=earned.community, resident=earned.resident, about=earned.about, code=earned.code, title=earned.title,
        quantity=earned.price.quantity, served_on=earned.price.served_on, asked=earned.price.asked,
        recorded_by_id=earned.recorded_by_id, approved_by=by, approved_at=at,
        status=Status.NOTICE if waits else Status.POSTED, given=given.given if given else None,
        entry_id=given.entry if given else None, posted_at=at if given else None,
    )  # fmt: skip


def _post(earned: Earned, by: User, at: datetime) -> ledger.Awarded:
    return ledger.award(
        key=earned.about, resident=earned.resident, price=earned.price, by=by, reason=earned.title, at=at
    )  # fmt: skip


@verb(REFUSALS)
def settle(*, award: Award, by: User, at: datetime | None = None) -> Award:
    """Post an award whose notice has ended without an open objection. Refuses `NotWaiting` and what `require_clear` says."""
    at = at or clock.now()
    seen = Award.objects.select_related("resident__community", "community").get(pk=award.pk)
    if seen.status != Status.NOTICE:
        raise NotWaiting
    notices.require_clear(f"{PREFIX}:{seen.pk}", at=at)
    earned = Earned(
        seen.about, seen.resident, seen.community, seen.code, seen.title, _price(seen), seen.recorded_by_id
    )  # fmt: skip
    given = _post(earned, by, at)
    mine = Award.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status != Status.NOTICE:
        raise NotWaiting
    mine.status, mine.given, mine.entry_id, mine.posted_at = Status.POSTED, given.given, given.entry, at
    mine.save(update_fields=["status", "given", "entry", "posted_at"])
    tell(resident=mine.resident, occasion=f"award:{mine.pk}:posted", words=words_of(mine, f"“{mine.title}”公示期满。"))
    return mine


def _price(award: Award) -> Price:
    """By the rule of the day of service, whatever has changed since it was approved."""
    tariff = pricing.tariff(award.code, award.resident.community.sub_district_id, on=award.served_on)
    priced = tariff.price(award.quantity)
    return priced if tariff.rule.kind != Rule.Kind.EXEMPT else _exactly(priced, award.asked)


def _exactly(price: Price, asked: int) -> Price:
    return Price(
        price.rule_id, price.quantity, asked, price.served_on, price.cap_day, price.cap_month, price.expiry_years,
        price.needs_notice,
    )  # fmt: skip


@verb()
def stop(*, award: Award, reason: str, at: datetime | None = None) -> None:
    """An objection was upheld: nothing is posted, and the resident is told. Does nothing to what is settled."""
    at = at or clock.now()
    waiting = Award.objects.filter(pk=award.pk, status=Status.NOTICE)
    if waiting.update(status=Status.STOPPED, stopped_at=at, stop_reason=reason):
        said = Words(
            "积分没有入账", f"“{award.title}”{award.asked}积分没有入账：{reason}。如有疑问可以申诉。", "/points/"
        )
        tell(resident=award.resident, occasion=f"award:{award.pk}:stopped", words=said)


def cleared(item: NoticeItem) -> None:
    """Listener of communities/notices.py: the window ended, so what waited is booked, by the system.

    What the books refuse now does not keep the others of the notice waiting: it stays for a colleague (activities/announcing.py).
    """
    found = _named(item)
    if found is None or found.status != Status.NOTICE:
        return
    try:
        settle(award=found, by=User.objects.get(username="system"))
    except Refused as refused:
        log.warning("award not posted", award=found.pk, code=refused.code)


def stopped(item: NoticeItem) -> None:
    """Listener: an objection was upheld. A notice that was merely withdrawn is shown anew."""
    found = _named(item)
    if found and item.stopped_at:
        stop(award=found, reason="公示期间异议成立")


def _named(item: NoticeItem) -> Award | None:
    number = item.about.partition(":")[2]
    return Award.objects.select_related("resident").filter(pk=number).first()


def words_of(award: Award, begin: str) -> Words:
    """What the resident is told once it is posted: with what a cap cut off and what went to older debts."""
    return Words("积分已入账", f"{begin}{said_of(award)}", "/points/")


def said_of(award: Award) -> str:
    """获得20积分。 or what stands against it, in a sentence or two."""
    if award.status == Status.NOTICE:
        return f"应得{award.asked}积分，公示期满没有异议后入账。"
    given, paid = award.given or 0, debts.paid_by(award.entry_id)
    got = f"获得{given}积分。"
    if given < award.asked:
        got = f"按规则应得{award.asked}积分，因本日或本月已到封顶，实得{given}积分。"
    if award.resident.community.sub_district_id != award.community.sub_district_id:
        got += "您所在的社区已划归其他街道，积分按您现在街道的规则计算。"
    return got + (f"其中{paid}积分用于抵扣。" if paid else "")
