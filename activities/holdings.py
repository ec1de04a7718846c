"""在岗: a term is prolonged, ended or runs out; the holder is told before it does (settings, 30 and 7 days)."""

from datetime import datetime, timedelta

from activities.claims import PAGE, REFUSALS, OwnPost, Status, locked, worded
from activities.models import Holding
from activities.models.posts import HoldingQuerySet
from activities.terms import term_end
from communities import duties, settings
from communities.kin import Kin, refusal_between
from communities.models import Courier, User
from core import clock, words
from core.refusals import Refused
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell, tell_many

RENEW_WITHIN = timedelta(days=60)  # before the end of the term
FARTHEST = settings.POST_REMIND_DAYS[0].high


class NotHeld(Refused):
    code = "not_held"
    message = "这位居民已经不在岗，什么都没有改动。请刷新后再看。"


class TooEarlyToRenew(Refused):
    code = "too_early_to_renew"
    message = "任期到期前60天起才能续任，没有改动。"


def refusal_to_renew(holding: Holding, by: User, at: datetime, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot prolong the term at `at`; None when nothing stands against it."""
    if not duties.holds(by, holding.post.community):
        return duties.NotYourDuty()
    if holding.status != Status.HELD or holding.ends_on is None:
        return NotHeld()
    if holding.ends_on - clock.local(at).date() > RENEW_WITHIN:
        return TooEarlyToRenew()
    return refusal_between(by=by, beneficiaries=[holding.resident], kin=kin, family=OwnPost())


@verb(REFUSALS)
def renew(*, holding: Holding, by: User, at: datetime | None = None) -> Holding:
    """One more term, which begins the day after the last one. Refuses what `refusal_to_renew` says."""
    at = at or clock.now()
    (mine,) = locked(Holding.objects.filter(pk=holding.pk))
    if refused := refusal_to_renew(mine, by, at):
        raise refused
    assert mine.ends_on is not None
    mine.ends_on = term_end(mine.ends_on + timedelta(days=1), mine.post.term_months)
    mine.renewals += 1
    mine.save(update_fields=["ends_on", "renewals"])
    body = f"您的岗位“{mine.post.title}”已续任，任期到{words.day(mine.ends_on)}。"
    tell(
        resident=mine.resident, occasion=f"holding:{mine.pk}:renewed:{mine.renewals}", words=Words("岗位已续任", body, PAGE)
    )  # fmt: skip
    return mine


@verb(REFUSALS)
def end(*, holding: Holding, by: User, reason: str, at: datetime | None = None) -> Holding:
    """The holder steps down, or staff end it with a reason; what was earned stays.

    Refuses `NoReason`, `NotHeld`; to staff a stranger, and the own file and family.
    """
    reason = worded(reason)
    (mine,) = locked(Holding.objects.filter(pk=holding.pk))
    if by.is_desk_user:
        duties.require(by, mine.post.community)
        if refused := refusal_between(by=by, beneficiaries=[mine.resident], family=OwnPost()):
            raise refused
    if mine.status != Status.HELD:
        raise NotHeld
    return leave(mine, reason, by, at or clock.now())


def leave(mine: Holding, reason: str, by: User, at: datetime) -> Holding:
    """End what is locked, and tell."""
    mine.status, mine.ended_at, mine.ended_by, mine.end_reason = Status.ENDED, at, by, reason
    mine.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])
    said = Words("已离岗", f"您的岗位“{mine.post.title}”已离岗：{reason}。已得的积分不变。", PAGE)
    tell(resident=mine.resident, occasion=f"holding:{mine.pk}:ended", words=said)
    return mine


def courier_changed(courier: Courier, event: str) -> None:
    """Listener of communities/couriers.py: who rides no more leaves a post of couriers."""
    if event == Courier.Status.ENDED:
        held = Holding.objects.held().filter(resident=courier.resident, post__for_couriers=True)
        for one in locked(held):
            leave(one, "已不是登记的小哥", User.objects.get(username="system"), clock.now())


def ending(holdings: HoldingQuerySet, at: datetime) -> HoldingQuerySet:
    """Those whose term ends within the days of the first reminder at most; the nearest first."""
    last = clock.local(at).date() + timedelta(days=settings.POST_REMIND_DAYS[0].default)
    return holdings.held().filter(ends_on__lte=last).order_by("ends_on", "pk")


def lapse(at: datetime) -> int:
    """End what ran out before `at`'s day, each in a transaction of its own; how many that were. Run by beat."""
    over = Holding.objects.held().filter(ends_on__lt=clock.local(at).date()).order_by("pk")
    return sum(_lapsed(one, at) for one in over)


@verb()
def _lapsed(holding: Holding, at: datetime) -> bool:
    (mine,) = locked(Holding.objects.filter(pk=holding.pk))
    over = mine.status == Status.HELD and mine.ends_on is not None and mine.ends_on < clock.local(at).date()
    if over:
        leave(mine, "任期届满", User.objects.get(username="system"), at)
    return over


@verb()
def remind(at: datetime) -> None:
    """Tell each holder once per threshold that the term ends. A missed sweep is made up for by the next one."""
    today = clock.local(at).date()
    coming = Holding.objects.held().filter(ends_on__gte=today, ends_on__lte=today + timedelta(days=FARTHEST))
    held = list(coming.select_related("post__community", "resident").order_by("pk"))
    streets = {one.post.community.sub_district_id for one in held}
    days = {street: settings.values_of(settings.POST_REMIND_DAYS, street, on=today).values() for street in streets}
    tell_many(row for one in held if (row := _reminder(one, at, list(days[one.post.community.sub_district_id]))))


def _reminder(one: Holding, at: datetime, days: list[int]) -> Message | None:
    assert one.ends_on is not None
    left = (one.ends_on - clock.local(at).date()).days
    due = min((day for day in days if left <= day), default=None)
    if due is None:
        return None
    body = f"您的岗位“{one.post.title}”{words.day(one.ends_on)}任期到。愿意继续的，请告诉社区办理续任。"
    return message(
        f"holding:{one.pk}:{one.ends_on}:{due}", Words("岗位任期快到", body, PAGE), Message.Channel.INBOX, resident=one.resident
    )  # fmt: skip
