"""What agreements leave waiting at the desk: drafts to send, the head's signature, texts to approve."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from communities import duties
from communities.models import Community, User
from communities.todo import Waiting
from core import clock
from partners.agreements.signing import HEADS
from partners.models import Agreement, Signature, Template

Status = Agreement.Status


def rows(user: User) -> Iterator[Waiting]:
    """Drafts for whoever works there; signatures for heads and admins, of what others wrote; texts for whoever did not draft them."""
    home, mine = reverse("desk:partners"), Agreement.objects.filter(community__in=duties.served_by(user))
    drafts = mine.filter(status=Status.DRAFT)
    yield Waiting(
        "partners",
        "协议草稿，待送签",
        f"{home}?state=draft",
        lambda _: drafts,
        "recorded_at",
        leads=("desk:agreement", "pk"),
    )
    held = user.duties.current().filter(role__in=HEADS)
    led = Q(community__in=held.values("community")) | Q(community__sub_district__in=held.values("sub_district"))
    signed = Signature.objects.filter(side=Signature.Side.COMMUNITY).values("agreement")
    sent = mine.filter(led, status=Status.SIGNING).exclude(pk__in=signed).exclude(recorded_by=user)
    yield Waiting(
        "partners", "协议待社区签署", f"{home}?state=signing", lambda _: sent, "sent_at", leads=("desk:agreement", "pk")
    )
    ends = mine.filter(led, ending_on__isnull=False, ended_on=None, ends_on__gte=clock.today()).exclude(ending_by=user)
    yield Waiting(
        "partners", "双方同意提前终止，待确认", home, lambda _: ends, "ending_on", leads=("desk:agreement", "pk")
    )
    streets = Community.objects.filter(
        Q(pk__in=held.values("community")) | Q(sub_district__in=held.values("sub_district"))
    )
    texts = Template.objects.filter(approved_at=None, sub_district__in=streets.values("sub_district")).exclude(
        made_by=user
    )
    yield Waiting("partners", "协议范本，待批准", reverse("desk:agreement-wordings"), lambda _: texts, "made_at")
