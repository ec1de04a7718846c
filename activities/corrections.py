"""What the desk sees of corrections: the list, what waits for whom, upheld appeals that nobody has acted on yet."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from activities import correcting, queue
from activities.models import Correction, Participation
from activities.rates import Prices
from communities import duties, todo
from communities.handover import Holder
from communities.kin import kin_of
from communities.models import Appeal, Community, Resident, User
from core.refusals import Refused

PAGE = 50
PREFIXES = ("participation", "correction")
ROW = "participation"
Status = Correction.Status
Rows = QuerySet[Correction]


def for_staff(user: User) -> Rows:
    """Those of activities of the communities where `user` works."""
    return Correction.objects.filter(participation__activity__community__in=Community.objects.for_staff(user))


def with_people(rows: Rows) -> Rows:
    """Everything that a line of a list and `correcting.refusal_for` read, in one query."""
    related = ("activity__community", "resident__estate", "resident__community", "guardian__community")
    return rows.select_related(*(f"{ROW}__{name}" for name in related), "proposed_by", "decided_by", "appeal")


def page_of(user: User, asked: dict[str, Any], before: int | None) -> list[Correction]:
    """One more than a page, the newest first: of one `status`, of one `community`."""
    named = {"status": "status", "community": f"{ROW}__activity__community"}
    rows = with_people(for_staff(user)).filter(**{field: asked[name] for name, field in named.items() if name in asked})
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def figures(user: User) -> dict[str, int]:
    """How many there are in each status."""
    counted = dict(for_staff(user).order_by().values_list("status").annotate(Count("pk")))
    return {status: counted.get(status, 0) for status in Status.values}


def open_for(user: User) -> Rows:
    """Everything that waits in the communities where `user` works, the oldest first."""
    return with_people(for_staff(user).filter(status=Status.PROPOSED)).order_by("pk")


def waiting_for(by: User) -> Rows:
    """What `by` may decide: the same answer as `correcting.refusal_for`, as a query."""
    if not by.own_phone:
        return Correction.objects.none()
    kin = kin_of(by)
    others = open_for(by).exclude(proposed_by=by)
    for whose in ("resident", "guardian"):
        mine = Q(**{f"{ROW}__{whose}__in": kin.residents}) | Q(**{f"{ROW}__{whose}__household__in": kin.households})
        others = others.exclude(mine)
    return others


def lines(rows: Sequence[Correction]) -> list[queue.Line]:
    """As the review queue shows them."""
    prices = Prices()
    return [_line(one, prices) for one in rows]


def _line(correction: Correction, prices: Prices) -> queue.Line:
    part, minutes = correction.participation, correction.new_minutes
    return queue.Line(
        resident=part.guardian or part.resident, name=part.resident.name, what=f"《{part.activity.title}》记录更正",
        recorder=str(correction.proposed_by), since=correction.proposed_at,
        url=reverse("desk:correction", args=[correction.pk]),
        price=prices.of_activity(part.activity, minutes, part.guardian or part.resident) if minutes else None, minutes=minutes,
        detail=f"{correction.old_minutes}分钟改为{minutes}分钟：{correction.reason}", seen=f"{minutes}",
    )  # fmt: skip


def refusals(user: User, rows: Sequence[Correction]) -> Callable[[Correction], Refused | None]:
    """Why not, for each of `rows`; duties and family are read once."""
    kin, served = kin_of(user), frozenset(duties.served_by(user).values_list("pk", flat=True))
    return lambda one: correcting.refusal_for(one, user, kin, served)


def approve(correction: Correction, by: User) -> Correction:
    return correcting.approve(correction=correction, by=by)


KIND = queue.Kind(
    "correction", "记录更正", community=f"{ROW}__activity__community", waiting_for=waiting_for, open_for=open_for,
    refusals=refusals, lines=lines, approve=approve,
)  # fmt: skip


def unheeded(user: User) -> QuerySet[Appeal]:
    """Appeals about service that were upheld and that no correction answers yet."""
    answered = Correction.objects.exclude(status=Status.DECLINED).exclude(appeal=None).values("appeal")
    ours = Q()
    for prefix in PREFIXES:
        ours |= Q(about__startswith=f"{prefix}:")
    upheld = Appeal.objects.for_staff(user).filter(ours, status=Appeal.Status.UPHELD)
    return upheld.exclude(pk__in=answered).order_by("answered_at")


def rows(user: User) -> Iterator[todo.Waiting]:
    """To-do: upheld appeals still to be acted on. What waits for the second person is the queue's."""
    yield todo.Waiting(
        "hours", "申诉得到支持，待更正记录", reverse("desk:corrections"), lambda _: unheeded(user), "answered_at",
        leads=("desk:appeal", "pk"),
    )  # fmt: skip


def remedy(appeal: Appeal) -> tuple[str, str] | None:
    """Where an upheld appeal is put right, or the correction that does so: label and address."""
    made = Correction.objects.filter(appeal=appeal).exclude(status=Status.DECLINED).order_by("pk").last()
    if made:
        return "查看据此提出的更正", reverse("desk:correction", args=[made.pk])
    part = participation_of(appeal)
    return ("据此更正记录", f"{reverse('desk:correct', args=[part])}?appeal={appeal.pk}") if part else None


def participation_of(appeal: Appeal) -> int | None:
    """The participation that an appeal is about."""
    prefix, _, number = appeal.about.partition(":")
    if prefix == "participation":
        return Participation.objects.filter(pk=number).values_list("pk", flat=True).first()
    return Correction.objects.filter(pk=number).values_list("participation", flat=True).first()


held = Holder(
    "待复核的服务更正（提出）",
    lambda person, places: Correction.objects.filter(
        proposed_by=person, status=Status.PROPOSED, participation__activity__community__in=places
    ).count(),
    stays="提出人不变，由另一位工作人员复核，不用交接。",
)


def obstacles(resident: Resident) -> Iterator[str]:
    """What keeps a file from being closed."""
    open_ones = Correction.objects.filter(participation__resident=resident, status=Status.PROPOSED)
    for one in open_ones.select_related("participation__activity").order_by("pk"):
        yield f"活动“{one.participation.activity.title}”的记录更正还没有复核"
