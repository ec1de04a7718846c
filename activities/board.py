"""What the desk sees: the list of activities, and one activity with its people."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from activities.models import Activity, ActivityQuerySet, Participation
from activities.reviewing import eyes_of, refusal_for
from communities import finding
from communities.models import Resident, User
from core.refusals import Refused

PAGE = 50
FOUND = 10
Status = Participation.Status


class Line(NamedTuple):
    """One person on the board; `refused` says why this staff member may not confirm."""

    person: Participation
    refused: Refused | None


class Board(NamedTuple):
    """The people of one activity by what is to be done about them."""

    signed: list[Participation]
    absent: list[Participation]
    waiting: list[Line]
    confirmed: list[Participation]
    line: list[Participation]  # 候补, whose turn comes first first

    @property
    def recordable(self) -> list[Participation]:
        """Nobody has recorded them, or they were marked absent, which may have been a mistake."""
        return self.signed + self.absent

    @property
    def recorded(self) -> list[Participation]:
        return [line.person for line in self.waiting]


def board_of(activity: Activity, user: User) -> Board:
    """Everybody on the list of `activity`, in two queries."""
    people = list(
        activity.participations.standing().with_people().select_related("guardian").order_by("resident__pinyin", "pk")
    )

    def those(status: Status) -> list[Participation]:
        return [person for person in people if person.status == status]

    recorded = those(Status.RECORDED)
    eyes = eyes_of(user, recorded)
    waiting = [Line(person, refusal_for(person, user, eyes)) for person in recorded]
    line = sorted(those(Status.WAITING), key=lambda one: (one.at, one.pk))
    return Board(those(Status.SIGNED_UP), those(Status.ABSENT), waiting, those(Status.CONFIRMED), line)


def candidates(activity: Activity, user: User, words: str) -> list[Resident]:
    """Confirmed residents of the user's communities whom `words` may mean (communities/finding.py), not yet on the list."""
    on_list = Participation.objects.standing().filter(activity=activity, resident=OuterRef("pk"))
    meant = finding.residents(user, words).filter(status=Resident.Status.CONFIRMED).exclude(Exists(on_list))
    here = meant.filter(community__sub_district=activity.community.sub_district_id)
    return list(here.select_related("community", "estate")[:FOUND])


def narrowed(activities: ActivityQuerySet, at: datetime, asked: dict[str, Any]) -> ActivityQuerySet:
    """The part of the list that was asked for (forms.FilterForm), without paging."""
    states = {
        "open": activities.upcoming(at),
        "to_record": activities.to_record(at),
        "to_confirm": activities.to_confirm(),
        **{state: activities.filter(status=state) for state in ("draft", "finished", "cancelled")},
    }
    activities = states.get(asked.get("state", ""), activities)
    return activities.filter(**{name: asked[name] for name in ("kind", "community") if name in asked})


def page_of(activities: ActivityQuerySet, before: int | None) -> list[Activity]:
    """Activities with their counts, the latest first, earlier than `before`; one more than a page."""
    last = Activity.objects.filter(pk=before).values_list("starts_at", flat=True).first() if before else None
    if last:
        activities = activities.filter(Q(starts_at__lt=last) | Q(starts_at=last, pk__lt=before))
    return list(activities.with_counts().select_related("community").order_by("-starts_at", "-pk")[: PAGE + 1])


def figures(activities: ActivityQuerySet, at: datetime) -> dict[str, int]:
    """How many activities take people in, wait to be recorded, wait to be confirmed."""
    return {state: narrowed(activities, at, {"state": state}).count() for state in ("open", "to_record", "to_confirm")}
