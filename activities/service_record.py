"""我的服务记录: hours, trainings, honours and corrections of one resident, as they and the counter read them (民政部令第67号, 7-9, 12).

The word 证明 belongs to the numbered paper that staff issue (activities/certificates.py), never to this page.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from activities import corrected, trainings
from activities.hourbook import hours_of
from activities.models import Correction, Honour, Participation, Service, Training
from communities import appeals
from communities.models import Resident
from core import clock
from core.refusals import Refused

PAGE = 20
ON_PAPER = 1_000
LATELY = timedelta(days=100)  # longer than any window to appeal
OTHERS = 20
Status = Participation.Status


class TooMuchPaper(Refused):
    code = "record_too_long"
    message = f"服务记录超过{ON_PAPER:,}条，一次打印不下。请选较短的日期再打印。"


@dataclass(frozen=True)
class Total:
    """What counts of a life, or of the days that were asked for: records, minutes credited."""

    records: int
    credited: int

    @property
    def hours(self) -> str:
        return str(hours_of(self.credited))


@dataclass(frozen=True)
class Line:
    """One service; `appeal` is how it stands with the resident, None when there is nothing to say about that."""

    service: Service
    about: str
    appeal: appeals.State | None

    @property
    def id(self) -> int:
        return self.service.pk


@dataclass(frozen=True)
class Other:
    """What was decided lately and gives no hours: marked absent, or counted once."""

    participation: Participation
    appeal: appeals.State


@dataclass(frozen=True)
class Paper:
    """The record of a period for printing; both days belong to it, None is open."""

    total: Total
    services: list[Service]
    trainings: list[Training]
    honours: list[Honour]
    corrections: list[Correction]
    since: date | None
    until: date | None


def standing(resident: Resident, since: date | None = None, until: date | None = None) -> QuerySet[Service]:
    """What counts, the latest day first."""
    named = {"on__gte": since, "on__lte": until}
    rows = Service.objects.of(resident).standing().filter(**{key: day for key, day in named.items() if day})
    return rows.order_by("-on", "-pk")


def total(services: QuerySet[Service]) -> Total:
    found = services.order_by().aggregate(records=Count("pk"), credited=Sum("credited"))
    return Total(found["records"], found["credited"] or 0)


def lines(resident: Resident, before: int | None, at: datetime) -> list[Line]:
    """One more than a page, from behind row `before`; five queries for any number."""
    rows = standing(resident).select_related("recorded_by", "confirmed_by", "replaces")
    last = Service.objects.filter(pk=before).values_list("on", flat=True).first() if before else None
    if last:
        rows = rows.filter(Q(on__lt=last) | Q(on=last, pk__lt=before))
    found = list(rows[: PAGE + 1])
    abouts = _abouts(found)
    states = _said(resident, {abouts[one.pk]: one.confirmed_at for one in found}, at)
    return [Line(one, abouts[one.pk], states.get(abouts[one.pk])) for one in found]


def others(resident: Resident, at: datetime) -> list[Other]:
    """Decisions of late that gave no hours, the newest first: they too may be appealed."""
    since = at - LATELY
    counted_once = Q(status=Status.CONFIRMED, activity__volunteering=False, confirmed_at__gte=since)
    absent = Q(status=Status.ABSENT, absent_at__gte=since)
    own = Participation.objects.of(resident).filter(counted_once | absent).select_related("activity")
    rows = list(own.order_by("-pk")[:OTHERS])
    made = _corrections_of(rows_of=[one.pk for one in rows])
    named = {one.pk: made.get(one.pk, f"participation:{one.pk}") for one in rows}
    decided = {named[one.pk]: _moment(one) for one in rows}
    states = appeals.state_for(resident, decided, at=at) if decided else {}
    return [Other(one, states[named[one.pk]]) for one in rows]


def corrections(resident: Resident) -> list[Correction]:
    """What was corrected, old and new, the newest first."""
    found = Correction.objects.filter(participation__resident=resident, status=Correction.Status.APPROVED)
    return list(found.select_related("participation__activity").order_by("-decided_at", "-pk"))


def honours(resident: Resident) -> list[Honour]:
    approved = Honour.objects.filter(resident=resident, status=Honour.Status.APPROVED)
    return list(approved.order_by("-on", "-pk"))


def paper(resident: Resident, since: date | None, until: date | None) -> Paper:
    """Refuses `TooMuchPaper`."""
    rows = standing(resident, since, until)
    found = list(rows.select_related("recorded_by", "confirmed_by").order_by("on", "pk")[: ON_PAPER + 1])
    if len(found) > ON_PAPER:
        raise TooMuchPaper
    days = (since or date.min, until or date.max)
    learnt = [one for one in trainings.of(resident) if days[0] <= one.on <= days[1]]
    honoured = [one for one in honours(resident) if days[0] <= one.on <= days[1]]
    return Paper(total(rows), found, learnt, honoured, _within(corrections(resident), *days), since, until)


def _within(found: list[Correction], since: date, until: date) -> list[Correction]:
    """Those of activities of the period."""
    return [
        one for one in found if since <= clock.local(one.participation.activity.starts_at).date() <= until
    ]  # fmt: skip


def _abouts(services: list[Service]) -> dict[int, str]:
    """How each decision is called: what came of a correction is appealed as that."""
    made = _corrections_of(rows_of=[one.participation_id for one in services])
    return {one.pk: made.get(one.participation_id, f"participation:{one.participation_id}") for one in services}


def _corrections_of(rows_of: list[int]) -> dict[int, str]:
    """The last approved correction of each participation, in one query."""
    found = Correction.objects.filter(participation__in=rows_of, status=Correction.Status.APPROVED).order_by("pk")
    return {one.participation_id: corrected.about(one) for one in found}


def _said(resident: Resident, decided: dict[str, datetime], at: datetime) -> dict[str, appeals.State]:
    """Only where an appeal stands or may still be filed: years of 已过 tell nobody anything."""
    states = appeals.state_for(resident, decided, at=at) if decided else {}
    return {about: state for about, state in states.items() if state.appeal or state.may_file}


def _moment(part: Participation) -> datetime:
    moment = part.confirmed_at if part.status == Status.CONFIRMED else part.absent_at
    assert moment is not None
    return moment
