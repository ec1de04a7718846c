"""待办 of enrolment: families that wait for an answer, and children with a place for whom nobody agrees any more."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from childcare.enrolment.agreeing import NEEDED
from childcare.models import Enrolment, Place
from communities import calendar, consents
from communities.kin import Kin
from communities.models import Guardian, User
from communities.todo import Waiting

ANSWER_DAYS = 2  # working days in which a family hears


def rows(user: User) -> Iterator[Waiting]:
    """Each for whom can do it: staff of the community, not the own family's."""
    waiting = Enrolment.objects.for_staff(user).to_decide()
    yield Waiting(
        "care_enrolment", "托管报名待核对", f"{reverse('desk:care-enrolments')}?state=submitted", lambda kin: without(waiting, kin),
        "submitted_at", calendar.working(ANSWER_DAYS), "centre__community__sub_district", leads=("desk:care-enrolment", "pk"),
    )  # fmt: skip
    alone = unagreed(Place.objects.for_staff(user).held())
    url = f"{reverse('desk:care-children')}?agreed=no"
    yield Waiting("care_children", "在托的孩子没有监护人同意，请联系家长", url, lambda _: alone)


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
