"""下一步: what a colleague can do with an activity now, and why not; the desk's page of one activity asks."""

from datetime import datetime
from typing import NamedTuple

from activities import ending, planning, revising
from activities.models import Activity
from core.refusals import Refused


class Steps(NamedTuple):
    """`draft` alone can be published (`hindered`: why not yet) or thrown away."""

    draft: bool
    hindered: Refused | None
    edit: bool
    call_off: bool
    over: bool
    unfinished: Refused | None


def steps_of(activity: Activity, at: datetime) -> Steps:
    is_draft, is_open = activity.status == Activity.Status.DRAFT, activity.status == Activity.Status.OPEN
    over = is_open and at >= activity.ends_at
    return Steps(
        is_draft,
        planning.refusal_to_publish(activity, at) if is_draft else None,
        is_draft or revising.refusal_for(activity, at) is None,
        is_open and not over,
        over,
        ending.refusal_to_finish(activity, at) if over else None,
    )
