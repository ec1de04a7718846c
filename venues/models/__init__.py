"""阵地: the rooms that the community gives, and who has them when."""

from venues.models.bookings import Booking, BookingSeries, RoomCheck, Use
from venues.models.photos import RoomPhoto
from venues.models.rooms import CalendarAddress, EarlierHours, OpeningHours, Room

__all__ = [
    "Booking",
    "BookingSeries",
    "CalendarAddress",
    "EarlierHours",
    "OpeningHours",
    "Room",
    "RoomCheck",
    "RoomPhoto",
    "Use",
]
