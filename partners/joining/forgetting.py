"""What of a partner's file may not be kept for longer (domain guide, 13.4): six months after nobody was chosen, three years a complaint."""

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce

from core.verbs import verb
from partners.models import Application, Call, Clerk, Complaint, Licence, Lookup, Paper, Partner, Review

UNSUCCESSFUL_FOR = timedelta(days=183)
COMPLAINTS_FOR = timedelta(days=3 * 365 + 1)
AT_ONCE = 200
Status = Application.Status


def forget(*, at: datetime) -> int:
    """Run by beat, each file a transaction of its own; how many applications and complaints that were."""
    over = Application.objects.filter(status__in=(Status.DRAFT, Status.DECLINED, Status.WITHDRAWN))
    over = over.exclude(call__status__in=(Call.Status.SCORING, Call.Status.RANKED))  # marks stay so long (partners/sql)
    over = over.annotate(last=Coalesce("settled_at", "submitted_at", F("at"))).filter(last__lt=at - UNSUCCESSFUL_FOR)
    found = list(over.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        forget_application(pk=pk)
    old = Complaint.objects.filter(status=Complaint.Status.ANSWERED, answered_at__lt=at - COMPLAINTS_FOR)
    return len(found) + old.delete()[0]


@verb()
def forget_application(*, pk: int) -> None:
    """One that led to nothing; with it its candidate, if that one is no partner and stands nowhere else."""
    mine = Application.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if mine is None:
        return
    Review.objects.filter(application=mine).delete()
    Lookup.objects.filter(application=mine).delete()
    partner = Partner.objects.select_for_update().get(pk=mine.partner_id)
    mine.delete()
    if partner.admitted_at or partner.applications.exists() or partner.agreements.exists():
        return
    for kept in (Licence, Clerk, Paper):  # in the order in which they hang on one another
        kept.objects.filter(partner=partner).delete()
    partner.delete()
