"""What falls due among the places: offers whose time is over, last days, groups that have ended. Beat asks every minute."""

from datetime import datetime

from childcare.models import Group, Place
from childcare.places import closing, ending, offering
from communities.models import User
from core import clock

AT_ONCE = 500


def sweep(at: datetime) -> int:
    """Everything that is due at `at`, one transaction each; how much that was. Called twice, even at once, it is done once."""
    system, today = User.objects.get(username="system"), clock.local(at).date()
    late = Place.objects.filter(status=Place.Status.OFFERED, offered_until__lte=at).order_by("offered_until", "pk")
    done = sum(offering.lapse(place=one, by=system, at=at) for one in late[:AT_ONCE])
    gone = Place.objects.held().filter(ends_on__lt=today).order_by("ends_on", "pk")
    done += sum(ending.finish(place=one, by=system, at=at) for one in gone[:AT_ONCE])
    over = Group.objects.filter(status=Group.Status.OPEN, last_on__lt=today).order_by("last_on", "pk")
    return done + sum(closing.finish(group=one, by=system, at=at) for one in over[:AT_ONCE])
