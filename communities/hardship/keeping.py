"""How long evidence is kept (domain guide, 13.4), and what of it goes into 我的信息: no category, since a colleague may print that."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from communities import changes
from communities.closing import Gone
from communities.copying import Cell, Section
from communities.models import Evidence, EvidenceImage, Resident, User
from core import clock
from core.verbs import verb

IMAGES_FOR = timedelta(days=30)
DECLINED_FOR = timedelta(days=183)
DECIDED_FOR = timedelta(days=3 * 365 + 1)
LAST_BILL = timedelta(days=45)  # a month that began under it is drawn, confirmed and corrected by then
SYSTEM = "system"
Status, End = Evidence.Status, Evidence.End


@verb()
def forget(*, at: datetime | None = None) -> dict[str, int]:
    """Pictures after 30 days; what was said half a year after a no, three years after a yes that ended or ran out, and after a
    family took it back when its last bill is confirmed (`LAST_BILL`). How many of each."""
    system = User.objects.get(username=SYSTEM)
    changes.by(system)
    at = at or clock.now()
    today = clock.local(at).date()
    pictures = EvidenceImage.objects.filter(at__lt=at - IMAGES_FOR).delete()[0]
    taken_back = Q(status=Status.ENDED, end_reason=End.WITHDRAWN, ended_on__lte=today - LAST_BILL)
    over = Q(status=Status.ENDED, ended_at__lt=at - DECIDED_FOR) | Q(
        status=Status.DECLINED, decided_at__lt=at - DECLINED_FOR
    )
    lapsed = Evidence.objects.filter(taken_back | over, facts__isnull=False)
    out = Evidence.objects.filter(status=Status.VALID, ends_on__lt=today - DECIDED_FOR)
    ran_out = out.update(
        status=Status.ENDED, end_reason=End.RECHECKED, ended_on=today, ended_at=at, ended_by=system, facts=None
    )
    return {"pictures": pictures, "facts": lapsed.update(facts=None) + ran_out}


def emptied(gone: Gone) -> None:
    """Listener of closing: the consents have ended, so has what stood by them; what was said goes."""
    EvidenceImage.objects.filter(evidence__resident=gone.resident).delete()
    Evidence.objects.filter(resident=gone.resident).update(facts=None)


def evidence(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Evidence.objects.filter(resident=resident).order_by("pk"):
        yield one.get_status_display(), one.get_way_display(), one.seen_on, one.starts_on, one.ends_on, one.ended_on


SECTIONS = (
    Section("evidence", "优待依据", ("状态", "方式", "查看日期", "开始", "最后一天", "终止日期"), evidence),
)  # fmt: skip
