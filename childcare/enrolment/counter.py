"""托管报名 at the counter, for a guardian without a phone: the same steps, the same drafts (communities/counter.py)."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from childcare.enrolment import drafting
from childcare.models import Centre, Enrolment
from communities.counter import Act, Choice, register
from communities.models import Resident
from core import clock, words

Status = Enrolment.Status


def register_acts() -> None:
    """Pages of their own: links alone, the paper that is signed is the enrolment's."""
    register(Act("care-enrol", "托管报名", choices, empty="", place=4))


def choices(resident: Resident, at: datetime) -> list[Choice]:
    """Drafts to go on with, then each centre that takes children here; nothing for who is no adult."""
    return [*_drafts(resident), *_centres(resident)]


def _drafts(resident: Resident) -> Iterator[Choice]:
    mine = Enrolment.objects.filter(guardian=resident, status=Status.DRAFT, step__gt=0).select_related("centre")
    for one in mine.order_by("pk"):
        link = reverse("desk:care-counter-draft", args=[one.pk])
        yield Choice(
            one.pk,
            f"继续填写：{one.centre}",
            f"{words.day(clock.local(one.saved_at).date())}填到第{one.step}步",
            link=link,
        )


def _centres(resident: Resident) -> Iterator[Choice]:
    for centre in Centre.objects.filter(community=resident.community_id).open_on(clock.today()).order_by("pk"):
        if drafting.refusal_to_begin(resident, centre) is None:
            link = reverse("desk:care-counter-new", args=[resident.pk])
            yield Choice(
                centre.pk, f"为孩子报名：{centre}", "分7步填写，填完当场核对证件", link=f"{link}?centre={centre.pk}"
            )
