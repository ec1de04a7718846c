"""限制: false hours keep somebody from new stars for a time (domain guide, 3.5). One colleague proposes, a head decides.

Hours and points are corrected elsewhere; a bar touches neither, nor what was granted.
"""

from datetime import date, datetime

from activities import starring
from activities.models import Star, StarBar
from communities import duties, settings
from communities.kin import refusal_between
from communities.models import Appeal, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell

PREFIX = "star_bar"
DECIDERS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)
LONGEST = 100


class OwnProposal(Refused):
    code = "own_star_bar"
    message = "您提出的限制，须由社区主任或街道管理员中的另一位复核，什么都没有改动。"
    status = 403


class OwnFamily(Refused):
    code = "star_bar_family"
    message = "不能办理自己、家人或由您代办的居民的星级限制，什么都没有改动。请由其他同事办理。"
    status = 403


class HeadsOnly(duties.NotYourDuty):
    code = "star_bar_heads_only"
    message = "星级限制由社区主任或街道管理员复核和解除，什么都没有改动。请通知他们办理。"


class AlreadyBarred(Refused):
    code = "already_barred"
    message = "这位居民已经在限制期内，或有一项限制正在等待复核，没有重复提出。"


class NotWaiting(Refused):
    code = "star_bar_decided"
    message = "这项限制已经复核或解除，没有再改动。请刷新页面查看。"


class BadReason(BadInput):
    code = "star_bar_reason"
    message = f"请写明原因，不超过{LONGEST}字，什么都没有改动。"


REFUSALS: Refusals = {"star_bar_once": lambda _: AlreadyBarred(), "star_bar_two_people": lambda _: OwnProposal()}


def refusal_to_propose(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot propose a bar; None when nothing stands against it."""
    if not duties.holds(by, resident.community):
        return duties.NotYourDuty()
    bars = StarBar.objects.filter(resident=resident)
    if bars.proposed().exists() or bars.standing(clock.today()).exists():
        return AlreadyBarred()
    return refusal_between(by=by, beneficiaries=[resident], family=OwnFamily())


def refusal_to_decide(bar: StarBar, by: User) -> Refused | None:
    """Why `by` cannot approve or decline it; None when nothing stands against it."""
    if bar.decided_at or bar.lifted_at:
        return NotWaiting()
    return _refusal(bar, by, [bar.proposed_by_id])


def refusal_to_lift(bar: StarBar, by: User) -> Refused | None:
    """Why `by` cannot end it before its time; None when nothing stands against it."""
    if bar.decided_at is None or bar.lifted_at:
        return NotWaiting()
    return _refusal(bar, by, [])


def _refusal(bar: StarBar, by: User, recorders: list[int]) -> Refused | None:
    if by.pk in recorders:
        return OwnProposal()
    if not duties.holds(by, bar.resident.community, *DECIDERS):
        return HeadsOnly()
    return refusal_between(by=by, beneficiaries=[bar.resident], family=OwnFamily())


def last_day(sub_district_id: int, day: date) -> date:
    """Until when a bar that is decided on `day` lasts."""
    year = day.year + settings.value_of(settings.STAR_BAR_YEARS, sub_district_id, on=day)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


@verb(REFUSALS)
def propose(*, resident: Resident, reason: str, by: User, at: datetime | None = None) -> StarBar:
    """Ask a head to keep `resident` from new stars. Refuses `BadReason` and what `refusal_to_propose` says."""
    at = at or clock.now()
    mine = Resident.objects.held(resident.pk)
    if refused := refusal_to_propose(mine, by):
        raise refused
    until = last_day(mine.community.sub_district_id, clock.local(at).date())
    return StarBar.objects.create(resident=mine, until=until, reason=_written(reason), proposed_by=by, proposed_at=at)


@verb(REFUSALS)
def approve(*, bar: StarBar, by: User, at: datetime | None = None) -> StarBar:
    """It holds from now on; stars that are not granted yet stop, and the person may appeal."""
    at = at or clock.now()
    mine = locked(bar)
    if refused := refusal_to_decide(mine, by):
        raise refused
    mine.until = last_day(mine.resident.community.sub_district_id, clock.local(at).date())
    mine.decided_by, mine.decided_at = by, at
    mine.save(update_fields=["until", "decided_by", "decided_at"])
    for star in Star.objects.of(mine.resident).reached().order_by("pk"):
        starring.stop(star=star, reason=starring.BARRED, at=at)
    said = f"{mine.until:%Y年%-m月%-d日}前不授予您新的星级：{mine.reason}。已授予的星级、时长和积分不受影响。有不同意见可以申诉。"
    words = Words("限制授予星级", said, f"/appeals/{mine.about}/")
    tell(resident=mine.resident, occasion=f"{mine.about}:decided", words=words)
    return mine


@verb(REFUSALS)
def decline(*, bar: StarBar, reason: str, by: User, at: datetime | None = None) -> StarBar:
    """It does not hold; the colleague who proposed it is told why."""
    mine = locked(bar)
    if refused := refusal_to_decide(mine, by):
        raise refused
    _end(mine, reason, by, at)
    said = Words("星级限制未通过", f"您提出的一项星级限制没有通过：{mine.lift_reason}。", "/desk/stars/bars/")
    tell(staff=mine.proposed_by, occasion=f"{mine.about}:declined", words=said)
    return mine


@verb(REFUSALS)
def lift(*, bar: StarBar, reason: str, by: User, at: datetime | None = None) -> StarBar:
    """End it before its time and tell the person; what was reached meanwhile is found by the next sweep."""
    mine = locked(bar)
    if refused := refusal_to_lift(mine, by):
        raise refused
    return _lifted(mine, reason, by, at)


@verb(REFUSALS)
def answered(appeal: Appeal) -> None:
    """Listener of communities/appeals.py: an upheld appeal lifts the bar."""
    prefix, _, number = appeal.about.partition(":")
    if prefix != PREFIX or appeal.status != Appeal.Status.UPHELD or appeal.answered_by is None:
        return
    mine = locked(StarBar(pk=int(number)))
    if mine.lifted_at is None:
        _lifted(mine, "申诉成立", appeal.answered_by, appeal.answered_at)


def _lifted(mine: StarBar, reason: str, by: User, at: datetime | None) -> StarBar:
    _end(mine, reason, by, at)
    said = Words("星级限制已解除", f"对您的星级限制已解除：{mine.lift_reason}。", starring.PAGE)
    tell(resident=mine.resident, occasion=f"{mine.about}:lifted", words=said)
    return mine


def _end(mine: StarBar, reason: str, by: User, at: datetime | None) -> None:
    mine.lift_reason, mine.lifted_by, mine.lifted_at = _written(reason), by, at or clock.now()
    mine.save(update_fields=["lift_reason", "lifted_by", "lifted_at"])


def locked(bar: StarBar) -> StarBar:
    """The row of `bar`, locked, with its resident."""
    rows = StarBar.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("resident__community", "proposed_by").get(pk=bar.pk)


def _written(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise BadReason
    return reason
