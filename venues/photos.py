"""活动室照片: at most one of a room, so that a neighbour knows it at the door; drawn anew before it is kept (communities/photos.py)."""

from communities import duties
from communities.models import User
from communities.photos import Picture
from core import clock
from core.verbs import verb
from venues.models import Room, RoomPhoto


@verb()
def put(*, room: Room, picture: Picture, by: User) -> None:
    """`picture` (drawn for `photos.ADORNING`) is the one of the room, instead of another."""
    duties.require(by, room.community)
    kept = {"jpeg": picture.jpeg, "by": by, "at": clock.now()}
    RoomPhoto.objects.update_or_create(room=room, defaults=kept)


@verb()
def remove(*, room: Room, by: User) -> None:
    """The room has no picture any more; nothing happens if it had none."""
    duties.require(by, room.community)
    RoomPhoto.objects.filter(room=room).delete()
