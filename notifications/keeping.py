"""What somebody was told is kept with their file, shown to them, and goes when they leave."""

from collections.abc import Iterator, Sequence

from django.db.models import Q

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from notifications.models import Message


def messages(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Message.objects.filter(resident=resident).order_by("pk"):
        yield one.due_at, one.get_channel_display(), one.title, one.body, one.get_state_display(), one.read_at


SECTIONS = (
    Section("messages", "消息", ("时间", "渠道", "标题", "内容", "状态", "阅读时间"), messages),
)  # fmt: skip


def empty(gone: Gone) -> None:
    """Their own messages are deleted; out of what others were told goes the name, if no namesake could be meant."""
    Message.objects.filter(resident=gone.resident).delete()
    if gone.namesake:
        return
    street = gone.resident.community.sub_district_id
    near = Q(resident__community__sub_district=street) | Q(staff__isnull=False)
    # What a provider would be given of it goes as a whole: a row that still waits is left to staff.
    Message.objects.filter(near, body__contains=gone.name).exclude(fields={}).update(fields={}, template="")
    scrub(Message.objects.filter(near), "title", "body", gone=gone)
