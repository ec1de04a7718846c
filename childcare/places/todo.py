"""待办 of places: operators that may not serve while children are there, offers to tell of by telephone, drafts to open, what ends soon."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from childcare.models import Centre, Group, Place
from childcare.places.centres import HEADS
from childcare.places.groups import PREPARING
from communities import duties, todo
from communities.models import User
from communities.models.places import CommunityQuerySet
from communities.todo import Waiting
from core import clock
from partners.models import Agreement, Suspension

SOON = timedelta(days=14)
STREET = "centre__community__sub_district"


def rows(user: User) -> Iterator[Waiting]:
    """Each for whom can do it: heads mend agreements and open groups, staff ring up families."""
    heads, preparing = duties.served_by(user, *HEADS), duties.served_by(user, *PREPARING)
    unserved = unserved_in(heads)
    yield Waiting(
        "care_centres", "运营单位没有生效的协议，还有孩子在托，请马上处理", reverse("desk:care-centres"), lambda _: unserved,
        leads=("desk:care-centre", "pk"),
    )  # fmt: skip
    drafts = Group.objects.filter(centre__community__in=heads, status=Group.Status.DRAFT, last_on__gte=clock.today())
    yield Waiting(
        "care_centres", "新的班待开放", reverse("desk:care-centres"), lambda _: drafts, "first_on", todo.day_end, STREET,
        leads=("desk:care-group", "pk"),
    )  # fmt: skip
    silent = Place.objects.filter(group__centre__community__in=preparing, status=Place.Status.OFFERED, payer__phone="")
    yield Waiting(
        "care_places", "托位轮到了，请打电话告诉家长", f"{reverse('desk:care-places')}?state=offered", lambda _: silent,
        "offered_until", _until, f"group__{STREET}", leads=("desk:care-place", "pk"),
    )  # fmt: skip
    ending = ending_in(preparing)
    yield Waiting(
        "care_centres", "班快结束了，还没有排下一期", reverse("desk:care-centres"), lambda _: ending, "last_on", todo.day_end, STREET,
        leads=("desk:care-group", "pk"),
    )  # fmt: skip


def unserved_in(communities: CommunityQuerySet) -> QuerySet[Centre]:
    """Centres with children whose operator has no agreement in force with the community, or is suspended."""
    today = clock.today()
    children = Place.objects.held_on(today).filter(group__centre=OuterRef("pk"), status=Place.Status.HELD)
    running = Agreement.objects.in_force(today).filter(partner=OuterRef("operator"), community=OuterRef("community"))
    halted = Suspension.objects.standing().filter(
        agreement__partner=OuterRef("operator"), agreement__community=OuterRef("community")
    )
    mine = Centre.objects.filter(Exists(children), community__in=communities)
    return mine.filter(~Exists(running) | Exists(halted))


def ending_in(communities: CommunityQuerySet) -> QuerySet[Group]:
    """Open groups of after-school hours that end soon and have no successor in their room."""
    today = clock.today()
    after = Group.objects.filter(centre=OuterRef("centre"), kind=OuterRef("kind"), first_on__gt=OuterRef("last_on"))
    here = Group.objects.filter(centre__community__in=communities)
    open_now = here.filter(status=Group.Status.OPEN, kind=Group.Kind.AFTER_SCHOOL, taken__gt=0)
    return open_now.filter(~Exists(after), last_on__range=(today, today + SOON))


def _until(since: datetime, sub_district_id: int) -> datetime:
    return since
