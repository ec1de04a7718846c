"""履约 registered with the homes that know none of it: to-do, the copy of one's data, closing a file, the counter."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse

from communities import closing, copying, todo
from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.counter import Act, Choice, register
from communities.models import Resident
from core import clock
from partners.models import Agreement, Complaint, Rating
from partners.obligations import waiting


def wire() -> None:
    """Called once, when the apps are ready."""
    todo.register(waiting.rows)
    copying.register(*SECTIONS)
    closing.on_empty(emptied)
    register(Act("complaint", "投诉合伙人", to_complain, place=4))


def complaints(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Complaint.objects.filter(resident=resident).select_related("partner").order_by("pk"):
        yield (
            one.partner.name, one.get_kind_display(), one.text, one.at, one.get_status_display(), one.first_answer,
            one.reopened_text, one.answer, one.answered_at,
        )  # fmt: skip


def ratings(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Rating.objects.filter(resident=resident).select_related("partner").order_by("pk"):
        yield one.partner.name, "服务券" if one.voucher_id else "参加服务", one.stars, one.remark, one.at


SECTIONS = (
    Section(
        "complaints", "对合伙人的投诉", ("合伙人", "类别", "内容", "时间", "状态", "第一次答复", "再次提出", "答复", "答复时间"), complaints
    ),
    Section("ratings", "对合伙人的评价", ("合伙人", "评价什么", "星", "意见", "时间"), ratings),
)  # fmt: skip


def emptied(gone: Gone) -> None:
    """Whoever is gone is named in none of it; what was complained about stays answered."""
    scrub(
        Complaint.objects.filter(resident=gone.resident), "text", "reopened_text", "first_answer", "answer", gone=gone
    )
    scrub(Rating.objects.filter(resident=gone.resident), "remark", gone=gone)


def to_complain(resident: Resident, _: datetime) -> list[Choice]:
    """One way on, to the page where it is written down; nothing where no partner has agreed."""
    near = Agreement.objects.in_force(clock.today()).filter(community=resident.community_id)
    link = f"{reverse('desk:complaint-new')}?resident={resident.pk}"
    return [Choice(resident.pk, "登记对合伙人的投诉", "答复发到本人的消息", link=link)] if near.exists() else []
