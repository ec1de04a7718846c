"""小哥: couriers register once, staff confirm (domain guide, 9; mission, 19). 合格: communities/qualifying.py.

No live location is asked for or kept: platform, station, and the community where the file is. What hangs on being a courier
(posts, gifts) lies in higher apps, which listen.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.urls import reverse

from communities import appeals, calendar, closing, duties, todo
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Courier, Resident, User
from communities.models.couriers import CourierQuerySet
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

PREFIX = "courier"
PLATFORMS = ("美团", "饿了么", "京东", "顺丰", "中通", "圆通", "韵达", "申通", "邮政", "闪送", "其他")
PLATFORM, STATION, REASON = 20, 40, 100  # characters
ADULT = 18
WORKING_DAYS = 2  # staff answer a registration within
Status = Courier.Status
Listener = Callable[[Courier, str], None]


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认您的居民登记，暂时不能登记为小哥。一般一个工作日内确认，急用可打社区电话。"


class TooYoung(Refused):
    code = "courier_too_young"
    message = "小哥登记须年满18岁，这次没有登记。"


class AlreadyCourier(Refused):
    code = "already_courier"
    message = "您已经登记过，不用重复登记。可在“小哥驿站”里看到进度。"


class BadCourier(BadInput):
    code = "bad_courier"
    message = f"请写明平台（不超过{PLATFORM}字），站点不超过{STATION}字，这次没有登记。"


class NotAsked(Refused):
    code = "courier_settled"
    message = "这份登记已经审核过或已退出，没有再改动。请刷新后再看。"


class OwnCourier(Refused):
    code = "own_courier"
    message = "不能审核自己或家人的小哥登记，请由其他同事审核。"
    status = 403


class SameCourierClerk(Refused):
    code = "same_person"
    message = "您代为登记的小哥，须由另一位工作人员审核。"
    status = 403


class NotRiding(Refused):
    code = "not_a_courier"
    message = "没有有效的小哥登记，什么都没有改动。"


class NoReason(BadInput):
    code = "no_reason"
    message = f"请写明原因（不超过{REASON}字），什么都没有改动。"


REFUSALS: Refusals = {"courier_once": lambda _: AlreadyCourier(), "CL001": lambda _: closing.AlreadyClosed()}
_listeners: list[Listener] = []


def on_change(listener: Listener) -> None:
    """`listener(courier, event)` is called in the transaction of the event: asked, confirmed, declined, qualified, stopped, ended."""
    if listener not in _listeners:
        _listeners.append(listener)


def changed(mine: Courier, event: str) -> Courier:
    """Tell whoever listens; for this file and communities/qualifying.py."""
    for listener in _listeners:
        listener(mine, event)
    return mine


def standing(resident: Resident) -> Courier | None:
    """The registration that counts now: asked for, confirmed or qualified."""
    mine = Courier.objects.filter(resident=resident).exclude(status__in=(Status.DECLINED, Status.ENDED))
    return mine.select_related("resident__community").first()


def rides(resident: Resident) -> bool:
    """Whether staff confirmed `resident` as a courier who still rides: posts and gifts of couriers are theirs."""
    return Courier.objects.current().filter(resident=resident).exists()


def refusal_to_register(resident: Resident, at: datetime) -> Refused | None:
    """Why `resident` cannot register at `at`; None when nothing stands against it. Page, counter and verb ask."""
    age = resident.age_on(clock.local(at).date())
    reasons: list[tuple[bool, Refused]] = [
        (not resident.confirmed, NotConfirmed()),
        (age is not None and age < ADULT, TooYoung()),
        (standing(resident) is not None, AlreadyCourier()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def register(
    *, resident: Resident, platform: str, by: User, station: str = "", at: datetime | None = None
) -> Courier:  # fmt: skip
    """Ask to be a courier; `by` is the resident's account, a helper's, or staff at the counter.

    Refuses `BadCourier` and what `refusal_to_register` says.
    """
    at = at or clock.now()
    platform, station = platform.strip(), station.strip()
    if not 0 < len(platform) <= PLATFORM or len(station) > STATION or "\0" in platform + station:
        raise BadCourier
    if refused := refusal_to_register(resident, at):
        raise refused
    made = Courier.objects.create(resident=resident, platform=platform, station=station, by=by, at=at)
    return changed(made, Status.ASKED)


def refusal_to_decide(courier: Courier, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot confirm or decline; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if not duties.holds(by, courier.resident.community):
        return duties.NotYourDuty()
    if courier.status != Status.ASKED:
        return NotAsked()
    return refusal_between(
        by=by, recorders=[courier.by_id], beneficiaries=[courier.resident], kin=kin, same=SameCourierClerk(), family=OwnCourier()
    )  # fmt: skip


@verb()
def confirm(*, courier: Courier, by: User, at: datetime | None = None) -> Courier:
    """Staff know that this resident rides. Refuses what `refusal_to_decide` says."""
    return _decide(courier, Status.CONFIRMED, "", by, at)


@verb()
def decline(*, courier: Courier, reason: str, by: User, at: datetime | None = None) -> Courier:
    """With a reason that the resident reads. Refuses `NoReason` and what `refusal_to_decide` says."""
    return _decide(courier, Status.DECLINED, _reason(reason), by, at)


def _decide(courier: Courier, status: Courier.Status, reason: str, by: User, at: datetime | None) -> Courier:
    mine = _locked(courier)
    if refused := refusal_to_decide(mine, by):
        raise refused
    mine.status, mine.decided_by, mine.decided_at, mine.end_reason = status, by, at or clock.now(), reason
    mine.save(update_fields=["status", "decided_by", "decided_at", "end_reason"])
    return changed(mine, status)


@verb()
def end(*, courier: Courier, reason: str, by: User, at: datetime | None = None) -> Courier:
    """The courier says that they no longer ride, or staff do with a reason. What points were earned stays.

    Refuses `NotRiding`, `NoReason`, and a stranger; to staff also the own file and the family's.
    """
    mine, reason = _locked(courier), _reason(reason)
    if mine.status in (Status.DECLINED, Status.ENDED):
        raise NotRiding
    if by.is_desk_user:
        duties.require(by, mine.resident.community)
        if refused := refusal_between(by=by, beneficiaries=[mine.resident], family=OwnCourier()):
            raise refused
    return _ended(mine, reason, at or clock.now())


def _ended(mine: Courier, reason: str, at: datetime) -> Courier:
    mine.status, mine.ended_at, mine.end_reason = Status.ENDED, at, reason
    mine.save(update_fields=["status", "ended_at", "end_reason"])
    return changed(mine, Status.ENDED)


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoReason
    return reason


def _locked(courier: Courier) -> Courier:
    locked = Courier.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("resident__community", "resident__account").get(pk=courier.pk)


def decided(resident: Resident, number: int) -> appeals.Decision | None:
    """What may be appealed: that one was declined (communities/appeals.py)."""
    mine = Courier.objects.filter(pk=number, resident=resident, status=Status.DECLINED)
    found = mine.select_related("resident__community").first()
    if found is None or found.decided_at is None:
        return None
    return appeals.Decision(
        f"{PREFIX}:{found.pk}", "小哥登记未通过", found.decided_at, found.decided_by_id, found.resident.community, "/couriers/",
        found.end_reason, prepared_by_id=found.by_id,
    )  # fmt: skip


def waiting_for(by: User, kin: Kin | None = None) -> CourierQuerySet:
    """What `by` may decide: the same answer as `refusal_to_decide`, as a query for the to-do page."""
    if not by.own_phone:
        return Courier.objects.none()
    kin = kin or kin_of(by)
    asked = Courier.objects.filter(status=Status.ASKED, resident__community__in=duties.served_by(by)).exclude(
        by__in=kin.accounts
    )
    return asked.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def rows(user: User) -> list[todo.Waiting]:
    """To-do: registrations that this colleague may decide, and until when."""
    return [
        todo.Waiting(
            "couriers", "小哥登记待审核", f"{reverse('desk:couriers')}?status=asked", partial(waiting_for, user), "at",
            calendar.working(WORKING_DAYS), "resident__community__sub_district",
        )
    ]  # fmt: skip


def file_closed(gone: closing.Gone) -> None:
    """Listener of closing: whoever leaves rides no more."""
    mine = standing(gone.resident)
    if mine:
        _ended(_locked(mine), "本人注销", clock.now())


def emptied(gone: closing.Gone) -> None:
    """Listener of closing: where somebody rode is forgotten; that there was a courier stays in the figures."""
    Courier.objects.filter(resident=gone.resident).update(station="", platform="其他")
    closing.scrub(Courier.objects.filter(resident=gone.resident), "end_reason", gone=gone)
