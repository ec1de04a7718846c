"""活动占用房间: a published activity in a room holds it through venues.claiming, like classes and bookings do."""

from datetime import datetime

from activities.models import Activity
from communities.models import User
from core.refusals import Refused
from venues import claiming
from venues.claiming import Hours, Purpose, RoomClosed, RoomTaken
from venues.models import Booking, Room, Use


def hold(activity: Activity) -> None:
    """Whoever gives the room away meanwhile waits: the look at what else is in it is then the newest."""
    if activity.room:
        claiming.hold([activity.room])


def refusal_for(activity: Activity) -> Refused | None:
    """Why the room cannot be had for the activity's hours; None when nothing stands against it."""
    room, own = activity.room, activity.booking
    if room is None:
        return None
    if room.standing == Room.Standing.CLOSED:
        return RoomClosed()
    hours, gap = _hours(activity), claiming.gap_of(room)
    held = claiming.in_the_way(room, [hours], gap=gap, but=[own] if own else [])
    taken = claiming.clash(held, hours, gap)
    return RoomTaken(taken) if taken else None


def place(activity: Activity, by: User, at: datetime) -> None:
    """The locked activity holds the room that it says, for its hours, and no other any more; the caller saves `booking`."""
    own, room = activity.booking, activity.room
    fits = own is not None and (own.room_id, *_span(own)) == (activity.room_id, *_hours(activity))
    if own is not None and fits and own.status == Booking.Status.BOOKED:
        Booking.objects.filter(pk=own.pk).update(people=activity.capacity)
        return
    leave(activity, by, at, "活动改期或换地点")
    if room is None:
        return
    purpose = Purpose(Use.ACTIVITY, activity.title, people=activity.capacity)
    (activity.booking,) = claiming.claim(room=room, hours=[_hours(activity)], purpose=purpose, by=by, at=at)


def leave(activity: Activity, by: User, at: datetime, reason: str) -> None:
    """The locked activity needs its room no more; the caller saves `booking`."""
    if activity.booking:
        claiming.free([activity.booking], by=by, at=at, reason=reason)
    activity.booking = None


def _hours(activity: Activity) -> Hours:
    return Hours(activity.starts_at, activity.ends_at)


def _span(booking: Booking) -> Hours:
    return Hours(booking.starts_at, booking.ends_at)
