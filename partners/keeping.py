"""What is kept about a resident's gifts, and what closing the file asks of it. The books keep the entries."""

from collections.abc import Iterator, Sequence

from communities.closing import SOMEBODY, Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from partners.models import Exchange


def exchanges(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Exchange.objects.of(resident).select_related("gift").order_by("pk"):
        yield (
            one.gift.title,
            one.price,
            one.get_status_display(),
            one.at,
            one.collect_by,
            one.settled_at,
            one.return_reason,
            f"{one.relation}{one.taker}",
        )


SECTIONS = (
    Section("exchanges", "兑换的礼品", ("礼品", "积分", "状态", "兑换时间", "领取期限", "领取或退回时间", "退回原因", "代领人"), exchanges),
)  # fmt: skip


def obstacles(resident: Resident) -> Iterator[str]:
    """Whoever leaves collects first, or takes the points back while they can still be used."""
    for one in Exchange.objects.of(resident).reserved().select_related("gift").order_by("pk"):
        yield f"礼品“{one.gift.title}”还没有领取，请先领取或退回"


def emptied(gone: Gone) -> None:
    scrub(Exchange.objects.of(gone.resident), "return_reason", gone=gone)
    # Who came in their place is somebody else, named for this file alone.
    Exchange.objects.of(gone.resident).exclude(taker="").update(taker=SOMEBODY)
