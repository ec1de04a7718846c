"""What the page of one activity says beside its own fields: about how much it gives, whom it is for, until when to sign up."""

from datetime import datetime
from typing import Any

from activities import follow_ups, rates
from activities.bars import bar_for
from activities.models import Activity
from communities.models import Resident

FOLLOWED = (Activity.Kind.SALON, Activity.Kind.LECT)  # something may come of these


def ages_of(activity: Activity) -> str:
    """18～70岁, 满14岁, 70岁以下; empty when everybody may come."""
    least, most = activity.min_age, activity.max_age
    if most is None:
        return f"满{least}岁" if least else ""
    return f"{least}～{most}岁" if least else f"{most}岁以下"


def sheet_of(activity: Activity, resident: Resident | None, at: datetime) -> dict[str, Any]:
    """The context of the page; `points` is about what taking part to the end gives."""
    points = rates.price_of(activity, activity.minutes).asked
    tags = [activity.get_kind_display(), "计服务时长" if activity.volunteering else "不计服务时长"]
    return {
        "activity": activity,
        "tags": tags,
        "points": points,
        "ages": ages_of(activity),
        "providers": list(activity.providers.order_by("pk")),
        "insured": f"保险单号{activity.insurance}。活动可能有人身危险，请听从现场指挥。",
        "bar": bar_for(activity, resident, points, at),
    }


def facts_of(activity: Activity) -> dict[str, Any]:
    """What the desk's page says of it beside its people: whom it is for, who helps, what came of it."""
    followed = activity.kind in FOLLOWED
    rows = list(activity.follow_ups.select_related("by").order_by("on", "pk")) if followed else []
    return {
        "ages": ages_of(activity),
        "providers": list(activity.providers.order_by("pk")),
        "follow_ups": rows,
        "followed": follow_ups.told(rows),
        "can_follow": followed and follow_ups.refusal_for(activity) is None,
    }
