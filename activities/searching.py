"""What the search of the desk finds of the activities: by title or its sounds."""

from django.urls import reverse

from activities.models import Activity
from communities.models import User
from communities.searching import Hit, titled
from communities.templatetags.places import located
from core import clock, words


def activities(user: User, q: str, most: int) -> list[Hit]:
    """Activities of the communities where `user` works, the newest first."""
    mine = Activity.objects.for_staff(user).select_related("community")
    return [_hit(one) for one in titled(mine, q, most)]


def _hit(activity: Activity) -> Hit:
    where = located(activity.place, activity.community.name)
    sub = f"{words.dated(activity.starts_at)}，{where}，{_stands(activity)}"
    return Hit(activity.title, sub, reverse("desk:activity", args=[activity.pk]))


def _stands(activity: Activity) -> str:
    """Until somebody finishes it, one that is over would still say 报名中."""
    over = activity.status == Activity.Status.OPEN and activity.starts_at <= clock.now()
    return "报名已结束" if over else activity.get_status_display()
