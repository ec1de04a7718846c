"""What is kept about a resident's vouchers, and what closing the file asks of it. The books keep the entries."""

from collections.abc import Iterator, Sequence

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from partners.models import Appointment, Voucher
from partners.vouchers import addresses


def vouchers(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Voucher.objects.of(resident).select_related("offer", "partner").order_by("pk"):
        yield (
            one.offer.title, one.partner.name, one.price, one.get_status_display(), one.at, one.valid_until, one.settled_at,
            one.settled_reason,
        )  # fmt: skip


def visits(resident: Resident) -> Iterator[Sequence[Cell]]:
    found = Appointment.objects.filter(voucher__resident=resident).select_related("voucher__offer", "slot")
    for one in found.order_by("pk"):
        yield (
            one.voucher.offer.title,
            one.slot.starts_at,
            one.get_status_display(),
            addresses.own(one),
            one.wish,
            one.reason,
        )


SECTIONS = (
    Section(
        "vouchers",
        "服务券",
        ("服务", "商家", "积分", "状态", "兑换时间", "有效期至", "退回或过期时间", "原因"),
        vouchers,
    ),
    Section("appointments", "预约的服务", ("服务", "时间", "状态", "上门地址", "说明", "商家的答复"), visits),
)


def obstacles(resident: Resident) -> Iterator[str]:
    """Whoever leaves uses what they hold first, or takes the points back while they can still be used."""
    for one in Voucher.objects.of(resident).issued().select_related("offer").order_by("pk"):
        yield f"服务券“{one.offer.title}”还没有使用，请先使用或退回"
    for one in Voucher.objects.of(resident).filter(status=Voucher.Status.FROZEN).select_related("offer").order_by("pk"):
        yield f"服务券“{one.offer.title}”已冻结，请先由社区解冻或退回"


def emptied(gone: Gone) -> None:
    mine = Appointment.objects.filter(voucher__resident=gone.resident)
    mine.update(address=None, wish="")
    scrub(mine, "reason", gone=gone)
    scrub(Voucher.objects.of(gone.resident), "settled_reason", gone=gone)
    Voucher.objects.of(gone.resident).exclude(device="").update(device="")
