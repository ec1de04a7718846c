"""优待依据 at the counter: the family stands there with its paper; a page of its own, since another colleague decides."""

from datetime import datetime

from django.urls import reverse

from communities.counter import Act, Choice, register
from communities.models import Guardian, Resident


def choices(resident: Resident, at: datetime) -> list[Choice]:
    """For the resident, and for each child for whom they answer."""
    found = Guardian.objects.current().filter(guardian=resident, child__status="confirmed").select_related("child")
    people = [resident, *(one.child for one in found.order_by("child_id"))]
    return [
        Choice(one.pk, f"登记{one.name}的优待依据", "带家庭已有的证件，或由工作人员查询", link=reverse("desk:evidence-of", args=[one.pk]))
        for one in people
    ]  # fmt: skip


def register_acts() -> None:
    """Called once, when the app is ready."""
    register(Act("evidence", "优待依据", choices, place=5))
