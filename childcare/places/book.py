"""托位台账: places and the line as the desk lists them, on the screen, on paper and in the Excel file. Why somebody is first, nobody reads."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any

from django.db.models import Count, Q

from childcare import opening
from childcare.models import Centre, Group, Place, PlaceQuerySet
from childcare.opening import Part
from childcare.places import showcase
from communities import access
from communities.models import User
from communities.workbook import Cell, workbook
from core.verbs import verb
from partners import standing

PAGE = 50
ORDER = ("-tier", "joined_at", "pk")  # of a line (PlaceQuerySet.waiting)
STANDING = (Place.Status.HELD, Place.Status.OFFERED, Place.Status.WAITING)
COLUMNS = (
    ("班", 20), ("孩子", 12), ("状态", 12), ("候补次序", 10), ("每周", 16), ("用餐", 8), ("午休", 8), ("自行离开", 10), ("付费监护人", 12),
    ("登记时间", 18), ("确认期限", 18), ("开始", 12), ("最后一天", 12), ("原因", 14),
)  # fmt: skip


def asked(user: User, said: dict[str, Any]) -> PlaceQuerySet:
    """Of the communities that the reader works in, by `community`, `group`, `state` (nothing: who has a place or waits)."""
    found = Place.objects.for_staff(user).select_related("group__centre", "child", "payer")
    state = said.get("state", "")
    if state != "all":
        found = found.filter(status=state) if state else found.filter(status__in=STANDING)
    names = {"community": "group__centre__community", "group": "group"}
    return found.filter(**{column: said[name] for name, column in names.items() if said.get(name)})


def numbers_of(places: Sequence[Place]) -> dict[int, int]:
    """The place in its line of each of `places` that waits, 1 for the next; one query for any number."""
    lines = {one.group_id for one in places if one.status == Place.Status.WAITING}
    if not lines:
        return {}
    rows = Place.objects.waiting().filter(group__in=lines).order_by("group", *ORDER)
    found: dict[int, int] = {}
    counted: dict[int, int] = {}
    for pk, group in rows.values_list("pk", "group"):
        found[pk] = counted[group] = counted.get(group, 0) + 1
    return found


def page_of(user: User, said: dict[str, Any], before: int | None) -> list[Place]:
    """One more than a page, the newest first; of one group who waits, in the order of the line. The looks are written first."""
    found = asked(user, said)
    if said.get("group") and said.get("state") == Place.Status.WAITING:
        rows = list((_after(found, before) if before else found).order_by(*ORDER)[: PAGE + 1])
    else:
        rows = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1])
    _looked(user, rows[:PAGE], "托位和候补", "办理托位和候补")
    return rows


def _after(found: PlaceQuerySet, number: int) -> PlaceQuerySet:
    """Who stands in the line behind this place; the line from its beginning for one that is not in it."""
    last = found.filter(pk=number).first()
    if last is None:
        return found
    later = Q(joined_at__gt=last.joined_at) | Q(joined_at=last.joined_at, pk__gt=last.pk)
    return found.filter(Q(tier__lt=last.tier) | Q(later, tier=last.tier))


@verb()
def paper_of(*, user: User, said: dict[str, Any]) -> list[Place]:
    """All that the list was asked for, for paper, after the looks were written."""
    rows = _all(user, said)
    _looked(user, rows, "打印托位和候补", "打印托位和候补", again=True)
    return rows


@verb()
def file_of(*, user: User, said: dict[str, Any], purpose: str) -> IO[bytes]:
    """The same as an Excel file, one row each; who took it away and what for is written down for each community and child.
    Refuses `NoPurpose`."""
    rows = _all(user, said)
    for community in {one.group.centre.community for one in rows}:
        access.look(by=user, community=community, what="托位和候补（导出）", purpose=purpose)
    _looked(user, rows, "导出托位和候补", purpose, again=True)
    return workbook("托位", COLUMNS, _rows(rows))


def _all(user: User, said: dict[str, Any]) -> list[Place]:
    found = asked(user, said).select_related("child", "payer", "group__centre__community")
    return list(found.order_by("group__centre", "group", *ORDER))


def _looked(user: User, rows: Sequence[Place], where: str, purpose: str, *, again: bool = False) -> None:
    people, parts = [one.child for one in rows], {Part.BASIC, Part.GUARDIANS}
    opening.listed(user=user, children=people, parts=parts, where=where, purpose=purpose, again=again)


def _rows(places: list[Place]) -> Iterator[tuple[Cell, ...]]:
    numbers = numbers_of(places)
    for one in places:
        yield (
            f"{one.group.centre}·{one.group}", one.child.name, one.get_status_display(), numbers.get(one.pk), showcase.weekdays_of(one.plan),
            _yes(one.lunch), _yes(one.nap), _yes(one.alone), one.payer.name, one.joined_at, one.offered_until, one.starts_on, one.ends_on,
            one.get_end_reason_display() if one.end_reason else None,
        )  # fmt: skip


def _yes(said: bool) -> str | None:
    return "是" if said else None


def centres_of(user: User, day: date) -> list[tuple[Centre, str]]:
    """The centres that the reader works for, and what is wrong with the operator's agreement today, if anything."""
    with_counts = Centre.objects.for_staff(user).select_related("community", "operator").annotate(
        children=Count("groups__places", filter=Q(groups__places__status=Place.Status.HELD), distinct=True),
        open_groups=Count("groups", filter=Q(groups__status=Group.Status.OPEN), distinct=True),
    )  # fmt: skip
    return [(one, trouble_of(one, day)) for one in with_counts.order_by("community", "name", "pk")]


def trouble_of(centre: Centre, day: date) -> str:
    """Why the operator may not serve today, in a few words; nothing when all is well."""
    refused = standing.refusal_for(centre.operator, centre.community, day)
    words = {
        "agreement_not_in_force": "协议没有生效",
        "partner_suspended": "服务已暂停",
        "licence_lapsed": "证照已过期",
    }
    return words.get(refused.code, "不能服务") if refused else ""


def groups_of(centre: Centre) -> list[Group]:
    """Drafts and what goes on first, with how many wait."""
    waits = Count("places", filter=Q(places__status=Place.Status.WAITING))
    rows = centre.groups.select_related("room").annotate(waits=waits).order_by("-last_on", "starts", "pk")
    return sorted(rows, key=lambda one: {"draft": 0, "open": 1}.get(one.status, 2))
