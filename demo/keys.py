"""活动室 of the demo: 王秀兰 keeps the keys of the 舞蹈厅, most uses of the last days were handed over, one lamp is broken."""

from datetime import datetime, timedelta

from communities.models import Resident
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.places import STREET, WENXING
from venues import checks, register
from venues.models import Booking, Room, RoomCheck

HALL = "舞蹈厅"
LEFT = 2  # of the last uses, which are still to be written down
DAMAGE = "灯管1根不亮"


def past(asked: Asked) -> list[Affair]:
    """Everything of this file, in no order; the uses are those that were booked so far."""
    room = Room.objects.filter(name=HALL, community__name=WENXING.name, community__sub_district__name=STREET).first()
    if room is None:
        return []
    uses = checks.to_check(Booking.objects.filter(room__community=room.community_id))
    over = list(uses.filter(ends_at__lt=asked.now - timedelta(hours=1)).order_by("-ends_at"))
    given = Affair(asked.at(-30), Room.objects.exclude(keyholder=None).exists, lambda _: _entrust(room))
    return [given, *(_looked_after(use, number) for number, use in enumerate(over[LEFT:]))]


def _entrust(room: Room) -> None:
    wang = Resident.objects.filter(name=cast.WANG.name, phone=cast.WANG.phone).first()  # a visitor may have changed her
    register.entrust(room=room, resident=wang, by=colleague(cast.WORKER))


def _looked_after(use: Booking, number: int) -> Affair:
    damage = DAMAGE if number == 1 else ""

    def write(at: datetime) -> None:
        checks.finish(
            booking=use, by=colleague(cast.WORKER), water_off=True, power_off=True, locked=True, damage=damage,
            signed=use.unit, at=at,
        )  # fmt: skip

    return Affair(use.ends_at + timedelta(minutes=10), RoomCheck.objects.filter(booking=use).exists, write)
