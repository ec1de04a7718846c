"""上门地址: opened to the partner for a visit at home alone, while it stands and a day after, each look written down; then deleted."""

from datetime import datetime, timedelta

from communities import access, sealing
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from partners.models import Appointment
from partners.vouchers import booking
from partners.vouchers.appointments import STANDING, NotYourAppointment, serves, trouble_of

OPEN_AFTER, KEPT_AFTER = timedelta(days=1), timedelta(days=30)  # after the end of the slot
WHAT, PURPOSE = "上门地址", "按预约上门服务"


class AddressShut(Refused):
    code = "address_shut"
    message = (
        "这个地址现在不能看：不是上门服务，预约已取消或已过期，或本人收回了同意。什么都没有改动，有事请打社区电话。"
    )
    status = 403


def refusal_to_open(appointment: Appointment, by: User, at: datetime) -> Refused | None:
    """Why `by` may not see where to go; None when nothing stands against it."""
    if not serves(appointment, by):
        return NotYourAppointment()
    stands = appointment.status in STANDING and at <= appointment.slot.ends_at + OPEN_AFTER
    word = booking.agreed(appointment.voucher.resident)  # whoever takes it back is not visited by their address
    if not (stands and word and appointment.address):
        return AddressShut()
    return trouble_of(appointment)  # whom the community suspended goes to nobody's home


@verb()
def opened(*, appointment: Appointment, by: User, at: datetime | None = None) -> str:
    """The address, after the look was written. Refuses what `refusal_to_open` says."""
    if refused := refusal_to_open(appointment, by, at or clock.now()):
        raise refused
    voucher = appointment.voucher
    access.look(by=by, community=voucher.community, resident=voucher.resident, what=WHAT, purpose=PURPOSE)
    return sealing.unseal(bytes(appointment.address or b""))


def own(appointment: Appointment) -> str:
    """What the resident wrote, for themselves."""
    return sealing.unseal(bytes(appointment.address)) if appointment.address else ""


@verb()
def forget(*, at: datetime) -> int:
    """Delete addresses and wishes 30 days after; how many. Run by beat."""
    old = Appointment.objects.filter(slot__ends_at__lt=at - KEPT_AFTER).exclude(address=None, wish="")
    return old.update(address=None, wish="")
