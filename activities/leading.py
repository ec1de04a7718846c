"""现场组织人: the resident who leads on the spot, holds up the code and ticks the list (activities/presence.py)."""

from datetime import datetime

from activities.models import Activity
from communities import duties
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import verb
from notifications.outbox import Words, tell

Status = Activity.Status


class CannotLead(Refused):
    code = "cannot_lead"
    message = "现场组织人须是本街道已确认的居民，并能用手机号登录，没有改动。请另选一位。"


class NothingToLead(Refused):
    code = "nothing_to_lead"
    message = "活动已经结束或已经取消，没有改动。"


def refusal_for(activity: Activity, resident: Resident | None, at: datetime) -> Refused | None:
    """Why `resident` (None: nobody any more) cannot be put down as the one who leads; else None."""
    if activity.status not in (Status.DRAFT, Status.OPEN) or at >= activity.ends_at:
        return NothingToLead()
    here = resident is None or resident.community.sub_district_id == activity.community.sub_district_id
    fit = resident is None or (resident.confirmed and resident.account_id is not None)
    return None if here and fit else CannotLead()


@verb()
def appoint(*, activity: Activity, resident: Resident | None, by: User, at: datetime | None = None) -> Activity:
    """`resident` leads, or nobody does. Whoever leads what is announced is told. Refuses what `refusal_for` says."""
    at = at or clock.now()
    locked = Activity.objects.select_for_update(no_key=True, of=("self",)).select_related("community")
    mine = locked.get(pk=activity.pk)
    duties.require(by, mine.community)
    files = Resident.objects.select_for_update(no_key=True, of=("self",)).select_related("community")
    chosen = files.get(pk=resident.pk) if resident else None  # whoever closes the file meanwhile waits, or was first
    if refused := refusal_for(mine, chosen, at):
        raise refused
    before, mine.organiser = mine.organiser_id, chosen
    mine.save(update_fields=["organiser"])
    if mine.status == Status.OPEN and mine.organiser_id != before:
        tell_organiser(mine)
    return mine


def tell_organiser(activity: Activity) -> None:
    """Part of announcing, and of choosing somebody afterwards; once for a person and an activity."""
    if activity.organiser is None:
        return
    body = f"社区请您担任《{activity.title}》的现场组织人，{words.dated(activity.starts_at)}开始，集合地点{activity.place}。"
    said = Words("请您担任现场组织人", f"{body}到时用手机出示签到码、点名。", f"/activities/{activity.pk}/lead/")
    tell(resident=activity.organiser, occasion=f"activity:{activity.pk}:leads", words=said)
