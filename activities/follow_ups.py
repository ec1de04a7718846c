"""后续: what came of a salon or lecture, a job found or an enterprise begun (mission, 6). Counted, not about persons."""

from collections import Counter
from datetime import date

from activities.models import Activity, FollowUp
from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

LONGEST = 200
NAMES = {str(value): str(label) for value, label in FollowUp.Kind.choices}


class NotHeldYet(Refused):
    code = "follow_up_too_early"
    message = "活动还没有举办，没有登记后续。请在举办之后再登记。"


class BadFollowUp(BadInput):
    code = "bad_follow_up"
    message = f"请写明后续情况（不超过{LONGEST}字），日期不早于活动当天、不晚于今天。这次没有登记。"


def refusal_for(activity: Activity) -> Refused | None:
    """Why nothing can have come of it; None when nothing stands against it."""
    held = activity.status in (Activity.Status.OPEN, Activity.Status.FINISHED) and activity.starts_at <= clock.now()
    return None if held else NotHeldYet()


@verb()
def note(*, activity: Activity, kind: str, text: str, on: date, by: User) -> FollowUp:
    """Write down what came of `activity`: FollowUp.Kind, a sentence, the day. Refuses what was not held, and days before it."""
    duties.require(by, activity.community)
    if refused := refusal_for(activity):
        raise refused
    text, held = text.strip(), clock.local(activity.starts_at).date()
    if kind not in NAMES or not 1 <= len(text) <= LONGEST or not held <= on <= clock.today():
        raise BadFollowUp
    return FollowUp.objects.create(activity=activity, kind=kind, text=text, on=on, by=by)


def told(rows: list[FollowUp]) -> str:
    """就业2件、创业1件."""
    counted = Counter(one.kind for one in rows)
    return "、".join(f"{NAMES[kind]}{counted[kind]}件" for kind in NAMES if counted[kind])
