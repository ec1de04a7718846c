"""What posts leave waiting: claims and months for a second person, terms that end."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from activities import duty_months, holdings, queue
from activities.models import DutyMonth, Holding
from activities.models.posts import HoldingQuerySet
from activities.terms import last_of, named
from communities import calendar, duties
from communities.kin import Kin, kin_of
from communities.models import Community, User
from communities.todo import Waiting, day_end
from core import clock
from core.refusals import Refused
from points import pricing
from points.pricing import Price

CLAIM_DAYS, MONTH_DAYS = 3, 10  # working days to answer
Status, Said = Holding.Status, DutyMonth.Status


def claims_for(by: User, kin: Kin | None = None) -> HoldingQuerySet:
    """The claims that `by` may decide: the same answer as `claims.refusal_to_decide`, as a query."""
    if not by.own_phone:
        return Holding.objects.none()
    kin, here = kin or kin_of(by), duties.served_by(by)
    asked = Holding.objects.filter(status=Status.ASKED, post__community__in=here).exclude(by__in=kin.accounts)
    return asked.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def months_for(by: User, kin: Kin | None = None) -> QuerySet[DutyMonth]:
    """The months that `by` may decide: the same answer as `duty_months.refusal_to_decide`, as a query."""
    if not by.own_phone:
        return DutyMonth.objects.none()
    kin = kin or kin_of(by)
    said = open_for(by).filter(holding__post__community__in=duties.served_by(by)).exclude(said_by__in=kin.accounts)
    others = said.exclude(holding__resident__in=kin.residents)
    return others.exclude(holding__resident__household__in=kin.households)


def open_for(user: User) -> QuerySet[DutyMonth]:
    """Every month that waits where `user` works, by pk."""
    here = Community.objects.for_staff(user)
    said = DutyMonth.objects.filter(status=Said.SAID, holding__post__community__in=here)
    return duty_months.read(said).order_by("pk")


def refusals(user: User, rows: Sequence[DutyMonth]) -> Callable[[DutyMonth], Refused | None]:
    """The question “why not?” about each of `rows`; family is read once."""
    kin = kin_of(user)
    today = clock.today()

    def why_not(month: DutyMonth) -> Refused | None:
        if refused := duty_months.refusal_to_decide(month, user, kin):
            return refused
        return duty_months.NotOverYet() if today <= last_of(month.month) else None

    return why_not


def lines(rows: Sequence[DutyMonth]) -> list[queue.Line]:
    """As the review page shows them; the rules of each month are read once."""
    last_days = {(one.holding.resident.community.sub_district_id, last_of(one.month)) for one in rows}
    prices = {(street, on): pricing.tariff(duty_months.CODE, street, on=on).price(1) for street, on in last_days}
    return [_line(one, prices[one.holding.resident.community.sub_district_id, last_of(one.month)]) for one in rows]


def _line(month: DutyMonth, price: Price) -> queue.Line:
    holding = month.holding
    return queue.Line(
        holding.resident, f"“{holding.post.title}”{named(month.month)}满月履职", month.said_by.name or holding.resident.name,
        month.said_at, reverse("desk:post", args=[holding.post_id]), price=price, detail=month.note,
    )  # fmt: skip


def approve(month: DutyMonth, by: User) -> object:
    return duty_months.confirm(month=month, by=by)


KIND = queue.Kind(
    "month", "满月履职", community="holding__post__community", waiting_for=months_for, open_for=open_for, refusals=refusals,
    lines=lines, approve=approve,
)  # fmt: skip


def rows(user: User) -> Iterator[Waiting]:
    """To-do: claims, months, terms that end. Each is counted with the nearest deadline."""
    posts, street = reverse("desk:posts"), "post__community__sub_district"
    claims, months = partial(claims_for, user), partial(months_for, user)
    ending = holdings.ending(Holding.objects.for_staff(user), clock.now())
    yield Waiting(
        "posts", "岗位认领待审核", f"{posts}?state=asked", claims, "asked_at", calendar.working(CLAIM_DAYS), street
    )
    yield Waiting("posts", "满月履职待确认", f"{posts}?state=said", months, "month", _answered_by, f"holding__{street}")
    yield Waiting("posts", "岗位任期快到，待续任", f"{posts}?state=ending", lambda _: ending, "ends_on", day_end)


def _answered_by(first: datetime, street: int) -> datetime:
    """Of the month that began then."""
    last = last_of(clock.local(first).date())
    return calendar.working(MONTH_DAYS)(clock.at(last, time()), street)
