"""《儿童个人信息规则》: a page of its own beside the rules for everybody (communities/views/me.py)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import open_page
from communities.models import Community, Consent, Duty, Resident
from communities.purposes import TEXTS
from core.pages import page


@require_safe
@open_page
def rules(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Who is responsible is named to whoever acts in a community: its head of today."""
    context = {
        "version": TEXTS[Consent.Purpose.CHILD_DATA].version,
        "keeper": _keeper(resident.community if resident else None),
    }
    return page(request, "communities/child_rules.html", context | {"tab": "me"})


def _keeper(community: Community | None) -> str:
    heads = Duty.objects.current().filter(community=community, role=Duty.Role.HEAD, user__is_active=True)
    head = heads.select_related("user").order_by("pk").first() if community else None
    return head.user.name if head else ""
