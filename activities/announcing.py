"""列入公示: awards that wait for the public notice are put on one, and what its end could not post is posted by a colleague.

What is shown: the masked name, what kind of thing it was for, how many points (domain guide, 4.4); who is shown by name and
who is only counted is decided by communities/notices.py and its neighbours.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from activities import awarding, rates
from activities.awarding import PREFIX, NotWaiting
from activities.models import Award
from activities.queue import Kind, Line
from communities import kin, notices, todo
from communities.kin import Kin
from communities.models import Community, Notice, NoticeItem, User
from communities.notices import Standing, State
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from points import pricing

PAGE = 100
NAMED = Concat(Value(f"{PREFIX}:"), Cast("pk", CharField()))


class NothingPicked(BadInput):
    code = "no_awards_picked"
    message = "请先勾选要公示的积分，没有拟公示。"


class OtherCommunity(BadInput):
    code = "awards_of_two_places"
    message = "一份公示只列一个社区的积分，没有拟公示。请按社区筛选后重新勾选。"


REFUSALS: Refusals = notices.REFUSALS


class Waiting(NamedTuple):
    """An award and how its notice stands; `name` is the rule's."""

    award: Award
    standing: Standing
    name: str

    @property
    def can_be_shown(self) -> bool:
        return (self.standing.state == State.NONE and self.standing.notice is None) or self._is_over

    @property
    def _is_over(self) -> bool:
        """Withdrawn: it is shown anew."""
        notice = self.standing.notice
        return self.standing.state == State.NONE and notice is not None and notice.status == Notice.Status.WITHDRAWN


def waiting(user: User, community: Community | None = None, *, after: int = 0) -> list[Waiting]:
    """Awards that wait for their notice, the oldest first; one more than a page, in a fixed number of queries."""
    rows = Award.objects.for_staff(user).waiting().filter(pk__gt=after).order_by("pk")
    rows = rows.filter(community=community) if community else rows
    return stood(list(rows.select_related("resident__community", "community", "approved_by")[: PAGE + 1]))


def stood(awards: Sequence[Award]) -> list[Waiting]:
    """`awards` with how each stands and what its rule is called."""
    found = notices.standings([f"{PREFIX}:{one.pk}" for one in awards])
    names: dict[int, dict[str, str]] = {}
    for street in {one.community.sub_district_id for one in awards}:
        rules = pricing.tariffs(street, on=clock.today())
        names[street] = {code: tariff.rule.name for code, tariff in rules.items()}
    return [
        Waiting(one, found[f"{PREFIX}:{one.pk}"], names[one.community.sub_district_id].get(one.code, "积分"))
        for one in awards
    ]


def to_show(user: User) -> QuerySet[Award]:
    """Those on no notice that stands."""
    listed = NoticeItem.objects.filter(about=OuterRef("named"), live=True)
    return Award.objects.for_staff(user).waiting().annotate(named=NAMED).exclude(Exists(listed))


@verb(REFUSALS)
def prepare(*, awards: Iterable[Award], title: str, by: User, at: datetime | None = None) -> Notice:
    """A draft with one line for each; somebody else publishes it. `awards` are of one community.

    Refuses `NothingPicked`, `OtherCommunity`, `NotWaiting`, and what communities/notices.py refuses.
    """
    fresh = Award.objects.filter(pk__in=[one.pk for one in awards]).select_related("resident__community", "community")
    rows = stood(list(fresh.order_by("pk")))
    if not rows:
        raise NothingPicked
    community = rows[0].award.community
    if any(row.award.community_id != community.pk for row in rows):
        raise OtherCommunity
    if any(row.award.status != Award.Status.NOTICE for row in rows):
        raise NotWaiting
    lines = [
        notices.Line(
            f"{row.name}，{words.points(row.award.asked)}积分", row.award.resident, about=f"{PREFIX}:{row.award.pk}"
        )
        for row in rows
    ]
    return notices.prepare(community=community, title=title, lines=lines, by=by, at=at)


# What the end of the notice could not post


def open_for(user: User) -> QuerySet[Award]:
    """Whose notice has ended and who are not posted: the books refused it then."""
    ended = NoticeItem.objects.filter(about=OuterRef("named"), live=True, notice__status=Notice.Status.ENDED)
    rows = Award.objects.for_staff(user).waiting().annotate(named=NAMED).filter(Exists(ended))
    return rows.select_related("resident__community", "community", "approved_by", "recorded_by").order_by("pk")


def refusals(user: User, rows: Sequence[Award]) -> Callable[[Award], Refused | None]:
    """Two people have seen it already and nobody objected: whoever is not of the family may post it."""
    mine = kin.kin_of(user)
    return lambda row: kin.refusal_between(by=user, beneficiaries=[row.resident], kin=mine)


def waiting_for(user: User, mine: Kin | None = None) -> QuerySet[Award]:
    if not user.own_phone:
        return Award.objects.none()
    mine = mine or kin.kin_of(user)
    rows = open_for(user).exclude(resident__in=mine.residents)
    return rows.exclude(resident__household__in=mine.households)


def lines(rows: Sequence[Award]) -> list[Line]:
    prices = rates.Prices()
    return [
        Line(
            row.resident, row.title, str(row.approved_by), row.approved_at, reverse("desk:awards"),
            price=prices.of(row.code, row.quantity, row.resident.community.sub_district_id, row.served_on), detail="公示已期满",
        )
        for row in rows
    ]  # fmt: skip


def approve(row: Award, by: User) -> Award:
    """Refuses the family of `row`, and what `awarding.settle` says."""
    if refused := refusals(by, [row])(row):
        raise refused
    return awarding.settle(award=row, by=by)


KIND = Kind("award", "公示期满", "community", waiting_for, open_for, refusals, lines, approve)


def rows(user: User) -> list[todo.Waiting]:
    """To-do: what nobody has put on a notice yet."""
    return [todo.Waiting("review", "积分待列入公示", reverse("desk:awards"), lambda _: to_show(user))]
