"""Who writes down a day: a caregiver of the centre who is on duty then, or its lead; a gate of the community's (REST)."""

from datetime import date

from childcare.models import Centre, Place, Staffer
from childcare.opening import on_duty
from communities import duties
from communities.models import Duty, User
from core import clock
from core.refusals import Refused

Role = Duty.Role


class NotOnDuty(Refused):
    code = "care_day_not_on_duty"
    message = "您这一天没有排在这个中心的班上，没有登记。请联系中心负责人排班。"
    status = 403


def post_of(by: User, centre: Centre) -> Staffer | None:
    """As which one of the centre's staff `by` works, with a duty that still runs."""
    here = Centre.objects.of_caregiver(by).filter(pk=centre.pk)
    return Staffer.objects.current().filter(account=by, centre__in=here).order_by("pk").first()


def watches(post: Staffer | None, day: date) -> bool:
    """On duty on `day` (of today: also through the night, opening.py), or the lead."""
    if post is None or post.is_lead:
        return post is not None
    return on_duty(post) if day == clock.today() else post.turns.filter(day=day).exists()


def refusal_for(place: Place, day: date, by: User, *, gate: bool = False) -> Refused | None:
    """Why `by` may not write down the `day` of that child; None when nothing stands against it."""
    centre = place.group.centre
    allowed = gate and duties.holds(by, centre.community, Role.CLIENT)
    return None if allowed or watches(post_of(by, centre), day) else NotOnDuty()
