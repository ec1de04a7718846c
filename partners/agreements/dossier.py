"""合伙人档案: what the reader's communities have of one partner, the newest first."""

from typing import Any

from communities import settings
from communities.models import Community, User
from core import clock
from partners.models import (
    Agreement,
    Application,
    Ceremony,
    Complaint,
    Delivery,
    Evaluation,
    Leaving,
    Offer,
    Partner,
    Rating,
    Statement,
    Suspension,
)

MOST = 20


def of(partner: Partner, user: User) -> dict[str, Any]:
    """At most twenty of each kind; a fixed number of queries. Of residents nothing: a complaint shows its kind and its days."""
    today, own = clock.today(), Community.objects.for_staff(user)
    warned = settings.value_of(settings.AGREEMENT_DAYS, partner.sub_district_id)
    agreements = Agreement.objects.filter(partner=partner, community__in=own).defer("text", "document")
    held = agreements.select_related("community").order_by("-pk")[:MOST]
    return {
        "agreements": [(one, one.state_on(today, warned)) for one in held],
        "licences": partner.licences.current().select_related("checked_by").order_by("kind", "pk"), "today": today,
        "clerks": partner.clerks.current().select_related("account").order_by("slot"),
        "applications": _newest(Application.objects.for_staff(user).filter(partner=partner), "community", "call"),
        "offers": _newest(Offer.objects.filter(partner=partner, community__in=own), "community"),
        "deliveries": _newest(Delivery.objects.for_staff(user).filter(promise__agreement__partner=partner), "promise"),
        "statements": _newest(Statement.objects.filter(partner=partner, community__in=own), "community"),
        "complaints": _newest(Complaint.objects.filter(partner=partner, community__in=own), "community"),
        "remarks": Rating.objects.filter(partner=partner, community__in=own).exclude(remark="").order_by("-pk")[:MOST],
        "suspensions": _newest(Suspension.objects.filter(agreement__in=agreements), "agreement__community"),
        "leavings": _newest(Leaving.objects.filter(agreement__in=agreements), "agreement__community"),
        "evaluations": _newest(Evaluation.objects.filter(agreement__in=agreements), "agreement__community"),
        "ceremonies": Ceremony.objects.filter(agreements__in=agreements).distinct().order_by("-on", "-pk")[:MOST],
    }  # fmt: skip


def _newest(found: Any, *with_rows: str) -> Any:
    return found.select_related(*with_rows).order_by("-pk")[:MOST]
