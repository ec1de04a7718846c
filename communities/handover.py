"""交接: a colleague leaves, and what waits in their name passes to a successor in one click (domain guide, 18).

This home knows nothing of what people hold: an app registers a `Holder`, which finds it in some communities and passes it
on. What two-person rules keep with the person is listed with the reason, and stays.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db.models import Q, QuerySet

from communities import appointing, changes, colleagues, duties
from communities.duties import STAFF, Role
from communities.kin import kin_of
from communities.models import Community, Duty, Grid, Notice, RightsRequest, SubDistrict, User
from communities.models.places import CommunityQuerySet
from core import clock
from core.refusals import Refused
from core.verbs import verb

log = structlog.get_logger(__name__)
Places = CommunityQuerySet
Listener = Callable[["Handed"], None]
NOT_GIVEN = "职责由街道管理员交接；审计员和系统管理员的由系统管理员交接。"


class NotYours(Refused):
    code = "handover_not_yours"
    message = "交接由本人、社区主任或街道管理员办理，没有改动。"
    status = 403


class NoSuccessor(Refused):
    code = "no_successor"
    message = "接手的人在这个社区没有办理居民事务的职责，没有交接。请另选一位，或由街道管理员连同职责一起交接。"


@dataclass(frozen=True)
class Holder:
    """One kind of thing that stands in somebody's name. Both are asked for `person` and the communities in question.

    `pass_on` gives it to the successor and says how many there were; without it things stay, and `stays` says why.
    """

    label: str
    count: Callable[[User, Places], int]
    pass_on: Callable[[User, User, Places], int] | None = None
    stays: str = ""


@dataclass(frozen=True)
class Held:
    """A line of the page: how many of what, and why they stay (empty: they pass)."""

    label: str
    count: int
    stays: str = ""


@dataclass(frozen=True)
class Handed:
    """What became of it: told to the successor, and to whoever pressed the button."""

    person: User
    successor: User
    lines: tuple[Held, ...]
    by: User


_holders: list[Holder] = []
_listeners: list[Listener] = []


def register(holder: Holder) -> None:
    """From now on what `holder` finds is part of every handover."""
    if holder not in _holders:
        _holders.append(holder)


def on_handover(listener: Listener) -> None:
    """`listener(handed)` is called in the transaction that hands over."""
    if listener not in _listeners:
        _listeners.append(listener)


def places_of(person: User, by: User) -> Places:
    """The communities whose things of `person` may be handed over by `by`: one's own, those one heads, one's street's."""
    if person.pk == by.pk:
        return Community.objects.for_staff(by)
    headed = by.duties.current().filter(role__in=(Role.HEAD, Role.STREET_ADMIN))
    return Community.objects.filter(
        Q(pk__in=headed.values("community")) | Q(sub_district__in=headed.values("sub_district"))
    )


def overview(person: User, by: User) -> list[Held]:
    """What `person` holds where `by` may hand it over: duties first, then what passes, then what stays."""
    places = places_of(person, by)
    lines = [Held(f"职责：{duty}", 1, "" if _gives(by, duty) else NOT_GIVEN) for duty in duties_of(person, by)]
    found = [Held(one.label, one.count(person, places), one.stays) for one in _holders]
    return lines + sorted((line for line in found if line.count), key=lambda line: bool(line.stays))


def duties_of(person: User, by: User) -> list[Duty]:
    """The duties of today and later which the page of `by` shows; to oneself one's own."""
    seen = person.duties.filter(role__in=duties.GIVEN) if person.pk == by.pk else colleagues.visible_to(by)
    open_ones = Q(ends_on=None) | Q(ends_on__gt=clock.today())
    mine = seen.filter(open_ones, user=person).select_related("community__sub_district", "sub_district", "user")
    return list(mine.order_by("pk"))


def gives(by: User) -> bool:
    """Whether `by` gives duties at all, and so hands over duties as well."""
    return bool(duties.streets_of(by, *duties.PEOPLE))


def successors(person: User, by: User) -> QuerySet[User]:
    """Who may take over: colleagues of these communities; for whoever gives duties anybody at the desk of the sub-district."""
    held = Duty.objects.current()
    if gives(by) and person.pk != by.pk:
        streets = duties.streets_of(by, *duties.PEOPLE)
        held = held.filter(colleagues.duties_in(streets), role__in=duties.GIVEN).exclude(
            user=by
        )  # nobody gives to oneself
    else:
        places = places_of(person, by)
        streets_of_places = places.values("sub_district")
        held = held.filter(Q(community__in=places) | Q(sub_district__in=streets_of_places), role__in=STAFF)
    found = User.objects.filter(kind=User.Kind.STAFF, is_active=True, duties__in=held).exclude(pk=person.pk)
    return found.distinct().order_by("name", "pk")


def refusal_for(person: User, by: User) -> Refused | None:
    """Why `by` cannot hand over for `person`; None when nothing stands against it."""
    if person.pk == by.pk or colleagues.people_for(by).filter(pk=person.pk).exists():
        return None
    return NotYours()


@verb(appointing.REFUSALS)
def hand_over(*, person: User, successor: User, by: User) -> Handed:
    """Everything of `person` that passes stands in the name of `successor` from now on.

    Whoever gives duties hands them over as well, with the same last day; the person's own end today. All or nothing.
    Refuses `NotYours`, `NoSuccessor` for somebody who could not work with it, and what `appointing.give` and `end` refuse.
    """
    changes.by(by)
    streets = [one.pk for one in duties.streets_of(by, *duties.PEOPLE)]  # before people, as in appointing and accounts
    list(SubDistrict.objects.select_for_update(no_key=True).filter(pk__in=streets).order_by("pk"))
    list(User.objects.select_for_update(no_key=True).filter(pk__in=(person.pk, successor.pk)).order_by("pk"))
    if refused := refusal_for(person, by):
        raise refused
    if not successors(person, by).filter(pk=successor.pk).exists():
        raise NoSuccessor
    places = places_of(person, by)
    lines = _pass_duties(person, successor, by)
    lines += _pass_things(person, successor, places)
    handed = Handed(person, successor, tuple(lines), by)
    log.info("handed over", person=person.pk, successor=successor.pk, by=by.pk)
    for listener in _listeners:
        listener(handed)
    return handed


def _gives(by: User, duty: Duty) -> bool:
    place = duty.community.sub_district if duty.community else duty.sub_district
    assert place is not None
    return colleagues.refusal_to_give(by=by, user=duty.user, role=Role(duty.role), street=place) is None


def _pass_duties(person: User, successor: User, by: User) -> list[Held]:
    lines = []
    for duty in duties_of(person, by):
        if not _gives(by, duty):
            lines.append(Held(f"职责：{duty}", 1, NOT_GIVEN))
            continue
        _give_the_same(duty, successor, by)  # first: the last admin may end only when there is another
        appointing.end(duty=duty, by=by)
        lines.append(Held(f"职责：{duty}", 1))
    return lines


def _give_the_same(duty: Duty, successor: User, by: User) -> None:
    place = duty.community or duty.sub_district
    assert place is not None
    term = {"starts_on": max(duty.starts_on, clock.today()), "ends_on": duty.ends_on}
    given = {"by": by, "user": successor, "role": Role(duty.role), "place": place, **term}
    if not isinstance(appointing.refusal_to_give(**given), appointing.AlreadyHeld):  # type: ignore[arg-type]
        appointing.give(**given)  # type: ignore[arg-type]


def _pass_things(person: User, successor: User, places: Places) -> list[Held]:
    lines = []
    able = set(places.filter(pk__in=Community.objects.for_staff(successor)).values_list("pk", flat=True))
    for holder in _holders:
        count = holder.count(person, places)
        if count and holder.pass_on:
            if holder.count(person, places.exclude(pk__in=able)):
                raise NoSuccessor
            holder.pass_on(person, successor, places)
        if count:
            lines.append(Held(holder.label, count, holder.stays))
    return lines


def _pass_requests(person: User, successor: User, places: Places) -> int:
    """What concerns the successor's own family is nobody's again: any other colleague takes it."""
    kin, mine = kin_of(successor), RightsRequest.objects.open().filter(handler=person, community__in=places)
    theirs = Q(resident__in=kin.residents) | Q(resident__household__in=kin.households)
    return mine.filter(theirs).update(handler=None) + mine.exclude(theirs).update(handler=successor)


requests = Holder(
    "信息申请（承办）",
    lambda person, places: RightsRequest.objects.open().filter(handler=person, community__in=places).count(),
    _pass_requests,
)
grids = Holder(
    "网格（网格员）",
    lambda person, places: Grid.objects.filter(keeper=person, community__in=places).count(),
    lambda person, successor, places: Grid.objects.filter(keeper=person, community__in=places).update(keeper=successor),
)
drafts = Holder(
    "公示草稿（拟稿）",
    lambda person, places: Notice.objects.filter(
        status=Notice.Status.DRAFT, prepared_by=person, community__in=places
    ).count(),
    stays="拟稿人不变，由拟稿人以外的同事核对、发布，不用交接。",
)
