"""What is kept about a resident's posts; what closing the file asks and empties; which decisions may be appealed."""

from collections.abc import Iterator, Sequence

from activities.claims import PAGE
from activities.models import DutyMonth, Holding
from activities.terms import named
from communities.appeals import Decision
from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident

Status, Said = Holding.Status, DutyMonth.Status


def posts(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Holding.objects.filter(resident=resident).select_related("post").order_by("pk"):
        yield (
            one.post.title,
            one.get_status_display(),
            one.asked_at,
            one.starts_on,
            one.ends_on,
            one.ended_at,
            one.end_reason,
        )


def months(resident: Resident) -> Iterator[Sequence[Cell]]:
    mine = DutyMonth.objects.filter(holding__resident=resident).select_related("holding__post", "award")
    for one in mine.order_by("pk"):
        given = one.award.given if one.award else None
        yield one.holding.post.title, named(one.month), one.get_status_display(), one.note, given, one.decline_reason


SECTIONS = (
    Section("posts", "岗位", ("岗位", "状态", "认领时间", "上岗日期", "任期到", "离岗时间", "原因"), posts),
    Section("duty_months", "满月履职", ("岗位", "月份", "状态", "履职情况", "积分", "未通过原因"), months),
)


def obstacles(resident: Resident) -> Iterator[str]:
    """What closing would leave without an answer."""
    for one in Holding.objects.filter(resident=resident, status__in=(Status.ASKED, Status.HELD)).select_related("post"):
        yield f"岗位“{one.post.title}”{'的认领还没有审核' if one.status == Status.ASKED else '还没有离岗'}"
    if DutyMonth.objects.filter(holding__resident=resident, status=Said.SAID).exists():
        yield "满月履职还没有确认"


def emptied(gone: Gone) -> None:
    """The person's own words go whole; out of what others wrote goes the name."""
    mine = DutyMonth.objects.filter(holding__resident=gone.resident)
    mine.update(note="")
    scrub(mine, "decline_reason", gone=gone)
    scrub(Holding.objects.filter(resident=gone.resident), "end_reason", gone=gone)


def claim_decided(resident: Resident, number: int) -> Decision | None:
    """A claim that staff declined, or a post that ended (communities/appeals.py); not what the resident took back."""
    found = (
        Holding.objects.filter(pk=number, resident=resident, status__in=(Status.DECLINED, Status.ENDED))
        .exclude(end_reason__in=("本人撤回", "本人提出"))
        .select_related("post__community")
        .first()
    )
    if found is None:
        return None
    at, by = (found.ended_at, found.ended_by_id) if found.ended_at else (found.decided_at, found.decided_by_id)
    assert at is not None  # holding_decided_when
    what = "认领未通过" if found.status == Status.DECLINED else "离岗"
    return Decision(
        f"holding:{found.pk}", f"岗位“{found.post.title}”{what}", at, by, found.post.community, PAGE,
        found.end_reason, prepared_by_id=found.by_id,
    )  # fmt: skip


def month_decided(resident: Resident, number: int) -> Decision | None:
    """A month that was declined, or confirmed: how many points."""
    mine = DutyMonth.objects.filter(pk=number, holding__resident=resident).exclude(status=Said.SAID)
    found = mine.select_related("holding__post__community", "award").first()
    if found is None or found.decided_at is None:
        return None
    value = found.decline_reason or f"{found.award.asked if found.award else 0}积分"
    return Decision(
        f"month:{found.pk}", f"“{found.holding.post.title}”{named(found.month)}满月履职", found.decided_at, found.decided_by_id,
        found.holding.post.community, PAGE, value, prepared_by_id=found.said_by_id,
    )  # fmt: skip
