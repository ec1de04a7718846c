"""What is kept of visits to a resident: the copy they take away, and what closing the file empties."""

from collections.abc import Iterator, Sequence

from activities.models import Activity, FollowUp, Visit
from activities.visiting import MEANT, rows
from communities import closing, copying, handover, todo
from communities.closing import EMPTIED, Gone, scrub
from communities.copying import Cell, Section
from communities.handover import Holder
from communities.models import Resident

held = Holder(
    "待跟进的走访（登记）",
    lambda person, places: Visit.objects.filter(MEANT["open"], by=person, community__in=places).count(),
    stays="走访登记人不变，待跟进的事由本社区同事办结，不用交接。",
)


def _kept(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Visit.objects.filter(resident=resident).order_by("pk"):
        yield one.on, one.text, one.follow_up, one.settled_at


SECTION = Section("visits", "走访", ("走访日期", "走访情况", "要跟进的事", "办结时间"), _kept)


def empty_texts(gone: Gone) -> None:
    """What was written of a visit to somebody who leaves goes whole; out of other visits and results goes the name."""
    mine = Visit.objects.filter(resident=gone.resident)
    mine.exclude(follow_up="").update(follow_up=EMPTIED)
    mine.update(text=EMPTIED)
    if gone.namesake:
        return
    here = gone.resident.community_id
    scrub(Visit.objects.filter(community=here), "text", "follow_up", gone=gone)
    scrub(FollowUp.objects.filter(activity__community=here), "text", gone=gone)
    scrub(Activity.objects.filter(community=here), "leader", "leader_phone", "content", "summary", gone=gone)


def obstacles(resident: Resident) -> Iterator[str]:
    """Whoever leads on the spot is replaced first."""
    led = Activity.objects.filter(organiser=resident, status__in=(Activity.Status.DRAFT, Activity.Status.OPEN))
    for one in led.order_by("pk"):
        yield f"是活动“{one.title}”的现场组织人，请先换人或办理结束"


def wire() -> None:
    """To-do, handover, copies and closing learn of visits (activities/apps.py)."""
    todo.register(rows)
    handover.register(held)
    copying.register(SECTION)
    closing.register(obstacles)
    closing.on_empty(empty_texts)
