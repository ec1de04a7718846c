"""拟定与发布: an activity is written as a draft that staff alone see, and published when nothing stands against it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from activities import leading, placing
from activities.kinds import TEMPLATES
from activities.models import Activity
from activities.recording import LONGEST
from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import Partner
from venues import claiming

ADULT, MOST = 18, 500
Status = Activity.Status
WRITTEN = (
    "community", "kind", "volunteering", "title", "place", "room", "audience", "content", "risk", "dangerous", "insurance",
    "equipment", "skills", "training", "min_age", "max_age", "leader", "leader_phone", "starts_at", "ends_at",
    "sign_up_until", "capacity",
)  # fmt: skip


class BadTimes(BadInput):
    code = "bad_times"
    message = f"活动须在将来开始，结束晚于开始，最长{LONGEST // 60}小时。这次没有保存，请检查时间。"


class RiskMissing(BadInput):
    code = "risk_missing"
    message = "招募志愿者须写明风险，这次没有保存。没有特别风险也请写明注意事项。"


class NoPlaces(BadInput):
    code = "no_places"
    message = f"招募人数须在1到{MOST}之间，这次没有保存。"


class AgesWrongWay(BadInput):
    code = "ages_wrong_way"
    message = "最高年龄不能低于最低年龄，这次没有保存。不限最高年龄的请留空。"


class SignUpTooLate(BadInput):
    code = "sign_up_too_late"
    message = "报名截止不能晚于活动开始，这次没有保存。请改早一些，或留空。"


class SignUpOver(BadInput):
    code = "sign_up_over"
    message = "报名截止时间已经过去，发布了也没有人能报名，这次没有发布。请改晚一些，或留空。"


class RoomElsewhere(BadInput):
    code = "room_elsewhere"
    message = "所选活动室不属于举办活动的社区，这次没有保存。请重新选择。"


class RoomTooSmall(Refused):
    code = "room_too_small"

    def __init__(self, holds: int = 0) -> None:
        super().__init__(f"所选活动室最多容纳{holds}人，少于招募人数，没有发布。请减少人数或换一间。")


class InsuranceMissing(BadInput):
    code = "insurance_missing"
    message = "可能有人身危险的活动须先为志愿者买保险，没有发布。请填写保险单号。"


class DangerForAdults(BadInput):
    code = "danger_for_adults"
    message = f"可能有人身危险的活动只招募{ADULT}岁以上的人，没有发布。请把最低年龄改为{ADULT}岁或以上。"


class ProviderElsewhere(BadInput):
    code = "provider_elsewhere"
    message = "所选的主讲或协办单位不属于本街道，这次没有保存。请重新选择。"


class NotADraft(Refused):
    code = "not_a_draft"
    message = "这个活动已经不是草稿，没有改动。请刷新后再看。"


def refusal_to_keep(activity: Activity) -> Refused | None:
    """Why not even a draft can be kept of this; None when nothing stands against it."""
    longest, closes = timedelta(minutes=LONGEST), activity.sign_up_until
    reasons: list[tuple[bool, Refused]] = [
        (not activity.starts_at < activity.ends_at <= activity.starts_at + longest, BadTimes()),
        (not activity.risk.strip(), RiskMissing()),
        (not 1 <= activity.capacity <= MOST, NoPlaces()),
        (activity.max_age is not None and activity.max_age < activity.min_age, AgesWrongWay()),
        (closes is not None and closes > activity.starts_at, SignUpTooLate()),
        (activity.room is not None and activity.room.community_id != activity.community_id, RoomElsewhere()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_to_publish(activity: Activity, at: datetime) -> Refused | None:
    """Why it cannot be published at `at`; None when nothing stands against it. The draft's page and the verbs ask.

    Recruiting must state the risks (志愿服务条例 12); danger needs an insurance (17) and adults (domain guide, 3.6).
    """
    room, closes = activity.room, activity.sign_up_until
    reasons: list[tuple[bool, Refused]] = [
        (activity.starts_at <= at, BadTimes()),
        (activity.dangerous and not activity.insurance.strip(), InsuranceMissing()),
        (activity.dangerous and activity.min_age < ADULT, DangerForAdults()),
        (closes is not None and closes <= at, SignUpOver()),
        (room is not None and room.capacity < activity.capacity, RoomTooSmall(room.capacity if room else 0)),
    ]
    refused = refusal_to_keep(activity) or next((refused for stands, refused in reasons if stands), None)
    return refused or placing.refusal_for(activity)


@verb()
def draft(*, activity: Activity, by: User, providers: Iterable[Partner] = ()) -> Activity:
    """Keep the unsaved `activity` for staff alone. Refuses what `refusal_to_keep` says, and a community without a duty."""
    duties.require(by, activity.community, *duties.ENTERING)
    if refused := refusal_to_keep(activity):
        raise refused
    activity.status, activity.made_by = Status.DRAFT, by
    activity.volunteering = TEMPLATES[activity.kind].volunteering
    activity.save(force_insert=True)
    provide(activity, providers)
    return activity


@verb()
def plan(
    *, activity: Activity, by: User, providers: Iterable[Partner] = (), at: datetime | None = None
) -> Activity:  # fmt: skip
    """Draft and publish the unsaved `activity` at once. Refuses what `publish` refuses."""
    return publish(activity=draft(activity=activity, by=by, providers=providers), by=by, at=at)


@verb()
def rewrite(*, activity: Activity, by: User, providers: Iterable[Partner] = ()) -> Activity:
    """Keep what a form wrote into `activity`, which is a draft. Refuses what `draft` refuses, and what is published."""
    was = _draft(activity)
    duties.require(by, was.community, *duties.ENTERING)
    duties.require(by, activity.community, *duties.ENTERING)
    if refused := refusal_to_keep(activity):
        raise refused
    activity.volunteering = TEMPLATES[activity.kind].volunteering
    activity.save(update_fields=WRITTEN)
    provide(activity, providers)
    return activity


@verb(claiming.REFUSALS)
def publish(*, activity: Activity, by: User, at: datetime | None = None) -> Activity:
    """From now on residents see the draft and can sign up. Refuses what `refusal_to_publish` says."""
    at = at or clock.now()
    placing.hold(activity)
    mine = _draft(activity)
    duties.require(by, mine.community, *duties.ENTERING)
    if refused := refusal_to_publish(mine, at):
        raise refused
    mine.status, mine.published_at, mine.published_by = Status.OPEN, at, by
    mine.volunteering = TEMPLATES[mine.kind].volunteering
    placing.place(mine, by, at)
    mine.save(update_fields=["status", "published_at", "published_by", "volunteering", "booking"])
    leading.tell_organiser(mine)
    return mine


@verb()
def drop(*, activity: Activity, by: User) -> None:
    """Throw a draft away; nobody but staff has seen it. Refuses what is published: that is called off."""
    mine = _draft(activity)
    duties.require(by, mine.community, *duties.ENTERING)
    mine.delete()


def provide(activity: Activity, providers: Iterable[Partner]) -> None:
    """Who speaks or helps: partners of the same sub-district, several if need be (public lectures; mission, 30)."""
    chosen = list(providers)
    if any(one.sub_district_id != activity.community.sub_district_id for one in chosen):
        raise ProviderElsewhere
    activity.providers.set(chosen)


def _draft(activity: Activity) -> Activity:
    locked = Activity.objects.select_for_update(no_key=True, of=("self",)).select_related("community", "room")
    found = locked.filter(pk=activity.pk, status=Status.DRAFT).first()
    if found is None:
        raise NotADraft
    return found
