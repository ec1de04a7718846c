"""小事 in the one queue of what waits (activities/queue.py), and in every other list that asks this app.

Suggestions are not there: adopting one needs words about how, which are written on its own page.
"""

from collections.abc import Callable, Sequence

from django.urls import reverse

from activities import answering, deedbook, deeds_counter, deeds_keeping, queue
from activities.answering import RULES
from activities.models import Deed
from activities.models.deeds import DeedQuerySet
from activities.rates import Prices
from communities import appeals, closing, copying, handover, todo
from communities.kin import kin_of
from communities.models import User
from core.refusals import Refused

IDEA = Deed.Kind.IDEA


def waiting_for(user: User) -> DeedQuerySet:
    return answering.waiting_for(user).exclude(kind=IDEA)


def open_for(user: User) -> DeedQuerySet:
    mine = Deed.objects.for_staff(user).waiting().exclude(kind=IDEA)
    return mine.select_related("resident__community", "community", "by").order_by("pk")


def refusals(user: User, rows: Sequence[Deed]) -> Callable[[Deed], Refused | None]:
    """The family of `user` is read once."""
    kin = kin_of(user)
    return lambda deed: answering.refusal_for(deed, user, kin)


def lines(rows: Sequence[Deed]) -> list[queue.Line]:
    prices = Prices()
    return [_line(one, prices) for one in rows]


def _line(deed: Deed, prices: Prices) -> queue.Line:
    price = prices.of(RULES[Deed.Kind(deed.kind)], 1, deed.resident.community.sub_district_id, deed.on)
    where = f"（{deed.place}）" if deed.place else ""
    return queue.Line(
        deed.resident, f"{deed.get_kind_display()}：{deed.text[:40]}", deed.by.name or deed.resident.name, deed.at,
        reverse("desk:deed", args=[deed.pk]), price=price, detail=where,
    )  # fmt: skip


def approve(deed: Deed, by: User) -> Deed:
    return answering.accept(deed=deed, by=by)


KIND = queue.Kind(
    "deed", "小事", community="community", waiting_for=waiting_for, open_for=open_for, refusals=refusals, lines=lines,
    approve=approve,
)  # fmt: skip


def wire() -> None:
    """Told once, when the app is ready (activities/apps.py)."""
    queue.register(KIND)
    todo.register(deedbook.rows)
    handover.register(deedbook.held)
    deeds_counter.register_acts()
    appeals.register(answering.PREFIX, answering.declined_about)
    appeals.on_answer(answering.appealed)
    copying.register(*deeds_keeping.SECTIONS)
    closing.register(deeds_keeping.obstacles)
    closing.on_empty(deeds_keeping.empty)
