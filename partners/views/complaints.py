"""投诉 on the phone: say it, see what came of it, say once more that it is not good yet."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import limits
from communities.guards import resident_page
from communities.models import Community, Resident, User
from communities.settings import COMPLAINT_ANSWER_DAYS
from core import clock, words
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Complaint, ComplaintQuerySet, Partner
from partners.obligation_forms import AgainForm, ComplaintForm
from partners.obligations import complaining
from partners.publication import running

PAGE = 20
TAB = {"tab": "me"}


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def new(request: HttpRequest, resident: Resident, partner_id: int) -> HttpResponse:
    """About a partner of the reader's sub-district; it goes to the own community if that one agreed, else to one that did."""
    near = Partner.objects.filter(sub_district=resident.community.sub_district_id, admitted_at__isnull=False)
    partner, account = get_object_or_404(near, pk=partner_id), cast(User, request.user)
    community = _where(partner, resident)
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    context = TAB | {"partner": partner, "community_asked": community}
    if not form.is_valid():
        return form_page(request, "partners/complain.html", form, context)
    keep_form(request, "partners/complain.html", form, context)
    limits.hit(f"complaint:{account.pk}", limit=complaining.A_DAY, window=timedelta(days=1))
    made = complaining.file(partner=partner, community=community, resident=resident, by=account, **form.cleaned_data)
    until = complaining.day_of(COMPLAINT_ANSWER_DAYS, community, made.at)
    messages.success(request, f"已提交，{words.day(until)}前答复，结果发到您的消息。")
    return redirect("partners:complaint", made.pk)


def _where(partner: Partner, resident: Resident) -> Community:
    agreed = [one.community for one in running([partner], clock.today())]
    return resident.community if resident.community in agreed or not agreed else agreed[0]


@require_safe
@resident_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    before, own = place(request), _own(resident)
    rows, following = turned(request, list((own.filter(pk__lt=before) if before else own)[: PAGE + 1]), PAGE)
    return page(request, "partners/complaints.html", TAB | {"rows": rows, "following": following})


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def complaint(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """One, with its answer; a POST says once more what is wrong."""
    own = get_object_or_404(_own(resident), pk=pk)
    form = AgainForm(request.POST if request.method == "POST" else None)
    refused = complaining.refusal_to_reopen(own, clock.now())
    context = TAB | {"complaint": own, "due": complaining.due(own), "refused": refused}
    if not form.is_valid():
        return form_page(request, "partners/complaint.html", form, context)
    keep_form(request, "partners/complaint.html", form, context)
    complaining.reopen(complaint=own, by=cast(User, request.user), **form.cleaned_data)
    messages.success(request, "已重新提出，由另一位工作人员办理。")
    return redirect("partners:complaint", pk)


def _own(resident: Resident) -> ComplaintQuerySet:
    return Complaint.objects.filter(resident=resident).select_related("partner", "community").order_by("-pk")
