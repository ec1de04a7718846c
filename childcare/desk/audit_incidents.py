"""信息安全事件 at the desk: the list, writing one down, and noting that families and the office were told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.desk.audit_forms import IncidentForm, StepForm
from childcare.models import Incident
from childcare.watching import incidents, reporting
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from core.refusals import BadInput

SECTION = {"section": "care_audit"}
PAGE = 30


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """The newest first."""
    before, found = place(request), Incident.objects.for_staff(user).select_related("community", "by").order_by("-pk")
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    context = {
        "rows": rows,
        "following": following,
        "today": clock.today(),
        "may": bool(reporting.communities_for(user)),
    }
    return page(request, "desk/childcare/incidents.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    mine = reporting.communities_for(user)
    form = IncidentForm(request.POST if request.method == "POST" else None, communities=mine)
    context = SECTION | {"may": bool(mine)}
    if not form.is_valid():
        return form_page(request, "desk/childcare/incident_new.html", form, context)
    keep_form(request, "desk/childcare/incident_new.html", form, context)
    incidents.record(**form.cleaned_data, by=user)
    messages.success(request, "已登记。请马上告知监护人，并向主管部门报告。")
    return redirect("desk:care-incidents")


@require_POST
@staff_page
def note(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = get_object_or_404(Incident.objects.for_staff(user), pk=pk), StepForm(request.POST)
    if not form.is_valid():
        raise BadInput("请填写日期再提交。没有登记。")
    incidents.note(incident=mine, step=form.cleaned_data["step"], on=form.day(), by=user)
    messages.success(request, "已登记。")
    return redirect("desk:care-incidents")
