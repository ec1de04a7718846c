"""What is kept of deeds, and for how long: photos go some days after the matter is settled, words when the file is closed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from activities.models import Deed, Photo
from communities import settings
from communities.closing import EMPTIED, Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident, SubDistrict
from core import clock
from core.verbs import verb

AT_ONCE = 500
Status = Deed.Status
log = structlog.get_logger(__name__)


def mine(resident: Resident) -> Iterator[Sequence[Cell]]:
    """Everything sent in; of the photo that there is one, and where it can be seen."""
    sent = Deed.objects.of(resident).with_photo().select_related("award", "solved_award")
    for one in sent.order_by("pk"):
        photo = "有一张，在“我的小事”里看" if getattr(one, "has_photo", False) else "没有"
        yield (
            one.get_kind_display(), one.at, one.text, one.place, photo, one.get_status_display(), one.answer, one.outcome,
            one.points,
        )  # fmt: skip


SECTIONS = (
    Section("deeds", "小事", ("类别", "提交时间", "内容", "地点", "照片", "状态", "答复", "处理结果", "积分"), mine),
)  # fmt: skip


def obstacles(resident: Resident) -> Iterator[str]:
    """What waits for an answer: it would be answered to nobody."""
    for one in Deed.objects.of(resident).waiting().order_by("pk"):
        yield f"{one.get_kind_display()}（编号{one.pk}）还没有答复，请先撤回或等社区答复"


def empty(gone: Gone) -> None:
    """The person's own words and photos go whole; out of what others wrote goes the name."""
    own = Deed.objects.filter(resident=gone.resident)
    Photo.objects.filter(deed__in=own).delete()
    own.update(text=EMPTIED, place="")
    scrub(own, "answer", "outcome", gone=gone)
    if not gone.namesake:
        scrub(
            Deed.objects.filter(community=gone.resident.community_id), "text", "place", "answer", "outcome", gone=gone
        )


def forget_photos(*, at: datetime | None = None) -> int:
    """Delete the photos of what was settled so many days ago; how many. One transaction per sub-district, may be repeated."""
    at = at or clock.now()
    gone = sum(_forget_in(street=street, at=at) for street in SubDistrict.objects.order_by("pk"))
    log.info("photos of deeds forgotten", count=gone)
    return gone


@verb()
def _forget_in(*, street: SubDistrict, at: datetime) -> int:
    """Settled: solved, declined, merged, or valid with nothing left to put right. A photo of what is open stays."""
    days = settings.value_of(settings.DEED_PHOTO_DAYS, street.pk, on=clock.local(at).date())
    ended = Q(deed__status__in=(Status.SOLVED, Status.DECLINED, Status.MERGED))
    ended |= Q(deed__status=Status.ACCEPTED, deed__close_by=None)
    settled = Photo.objects.annotate(settled=Coalesce(F("deed__solved_at"), F("deed__answered_at"))).filter(ended)
    old = settled.filter(deed__community__sub_district=street, settled__lt=at - timedelta(days=days)).order_by("pk")
    return Photo.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]
