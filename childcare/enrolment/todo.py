"""待办 of enrolment: families that wait for an answer, and children with a place for whom nobody agrees any more."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from childcare.enrolment import lapsing
from childcare.enrolment.agreeing import NEEDED
from childcare.models import Enrolment, Place
from communities import calendar, consents
from communities.kin import Kin
from communities.models import Guardian, User
from communities.todo import Waiting
from core import clock

ANSWER_DAYS = 2  # working days in which a family hears


def rows(user: User) -> Iterator[Waiting]:
    """Each for whom can do it: staff of the community, not the own family's. What waits too long is about to be given back."""
    waiting = Enrolment.objects.for_staff(user).to_decide()
    url, near = f"{reverse('desk:care-enrolments')}?state=submitted", clock.now() - lapsing.NEAR
    opens: dict[str, Any] = {"street": "centre__community__sub_district", "leads": ("desk:care-enrolment", "pk")}
    yield Waiting(
        "care_enrolment", "托管报名待核对", url, lambda kin: without(waiting.filter(submitted_at__gt=near), kin),
        "submitted_at", calendar.working(ANSWER_DAYS), **opens,
    )  # fmt: skip
    yield Waiting(
        "care_enrolment", "托管报名快到期限，请联系家长带证件来核对，到期退回并删除", url,
        lambda kin: without(waiting.filter(submitted_at__lte=near), kin), "submitted_at", lapsing.until, **opens,
    )  # fmt: skip
    alone = unagreed(Place.objects.for_staff(user).held())
    listed = f"{reverse('desk:care-children')}?agreed=no"
    yield Waiting("care_children", "在托的孩子没有监护人同意，请联系家长", listed, lambda _: alone)


def without(found: QuerySet[Enrolment], kin: Kin) -> QuerySet[Enrolment]:
    """What is not the own family's."""
    return found.exclude(guardian__in=kin.residents).exclude(guardian__household__in=kin.households)


def unagreed(places: QuerySet[Place]) -> QuerySet[Place]:
    """Places, not ending, of children for whom no guardian of today agrees to what a place needs."""
    answering = Guardian.objects.current().filter(child=OuterRef("resident"), guardian=OuterRef("guardian"))
    found = places.filter(ends_on=None)
    agreed = [
        Exists(consents.standing(purpose).filter(Exists(answering), resident=OuterRef("child"))) for purpose in NEEDED
    ]
    return found.exclude(*agreed)
