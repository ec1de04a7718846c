"""What the search of the desk finds of rooms: by name, its sounds, or the place."""

from django.urls import reverse

from communities.models import User
from communities.searching import Hit, titled
from venues.models import Room


def rooms(user: User, q: str, most: int) -> list[Hit]:
    """Rooms of the communities where `user` works; those of a place behind those of the name."""
    mine = Room.objects.for_staff(user).select_related("community")
    found = titled(mine, q, most, "name")
    known = {one.pk for one in found}
    found += [one for one in titled(mine, q, most, "place") if one.pk not in known]
    return [_hit(one) for one in found[:most]]


def _hit(room: Room) -> Hit:
    sub = f"{room.community.name}，{room.place}，可容纳{room.capacity}人，{room.get_standing_display()}"
    return Hit(room.name, sub, reverse("desk:room", args=[room.pk]))
