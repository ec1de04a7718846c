"""What is kept of somebody's stars and certificates, and what closing the file does: figures stay under the number."""

from collections.abc import Iterator, Sequence

from activities import starring
from activities.models import Certificate, CertificateRequest, Star, StarBar
from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from core import clock

Rows = Iterator[Sequence[Cell]]


def stars(resident: Resident) -> Rows:
    for one in Star.objects.of(resident).order_by("pk"):
        yield one.label, one.reached_at, one.get_status_display(), one.settled_at, one.stop_reason


def bars(resident: Resident) -> Rows:
    for one in StarBar.objects.filter(resident=resident).exclude(decided_at=None).order_by("pk"):
        yield one.decided_at, one.until, one.reason, one.lifted_at, one.lift_reason


def certificates(resident: Resident) -> Rows:
    for one in Certificate.objects.filter(resident=resident).select_related("community").order_by("pk"):
        yield (
            one.number, one.community.name, one.from_on, one.to_on, one.hours, one.issued_at, one.valid_until,
            one.revoked_at, one.revoke_reason,
        )  # fmt: skip


def requests(resident: Resident) -> Rows:
    for one in CertificateRequest.objects.filter(resident=resident).select_related("community").order_by("pk"):
        yield one.asked_at, one.community.name, one.from_on, one.to_on, one.get_status_display(), one.decline_reason


SECTIONS = (
    Section("stars", "星级", ("星级", "达到时间", "状态", "授予或停止时间", "未授予原因"), stars),
    Section("star_bars", "星级限制", ("复核时间", "限制到", "原因", "解除时间", "解除原因"), bars),
    Section(
        "certificates", "志愿服务记录证明",
        ("证明编号", "出具单位", "服务期间开始", "服务期间截止", "小时", "出具时间", "有效期至", "作废时间", "作废原因"), certificates,
    ),
    Section(
        "certificate_requests", "证明申请",
        ("申请时间", "出具单位", "服务期间开始", "服务期间截止", "状态", "未出具原因"), requests,
    ),
)  # fmt: skip


def losses(resident: Resident) -> Iterator[str]:
    """Papers in other hands can no longer be checked."""
    if Certificate.objects.filter(resident=resident, revoked_at=None).exists():
        yield "已出具的志愿服务记录证明，注销以后不能再扫码核对。"


def obstacles(resident: Resident) -> Iterator[str]:
    if StarBar.objects.proposed().filter(resident=resident).exists():
        yield "有一项星级限制还没有复核"


def end(gone: Gone) -> None:
    """What was asked for is asked for no more; what was reached is granted to nobody."""
    now = clock.now()
    CertificateRequest.objects.open().filter(resident=gone.resident).update(
        status=CertificateRequest.Status.WITHDRAWN, decided_at=now, decided_by=gone.by
    )
    Star.objects.of(gone.resident).reached().update(
        status=Star.Status.STOPPED, settled_at=now, stop_reason=starring.LEFT
    )


def empty(gone: Gone) -> None:
    """The copy loses whose it was and what for; number, hours and unit stay. The book of hours has the lines."""
    mine = {"resident": gone.resident}
    Certificate.objects.filter(**mine).exclude(name="").update(name="", volunteer_number="", remarks="", lines=[])
    scrub(Certificate.objects.filter(**mine), "revoke_reason", gone=gone)
    scrub(CertificateRequest.objects.filter(**mine), "decline_reason", gone=gone)
    scrub(StarBar.objects.filter(**mine), "reason", "lift_reason", gone=gone)
    scrub(Star.objects.filter(**mine), "stop_reason", gone=gone)
