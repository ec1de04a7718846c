"""亲友代办 at the desk: the resident is present and says who may act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities import helping
from communities.guards import staff_page
from communities.helping_forms import DeskHelperForm
from communities.models import Helper, Resident, User
from core.pages import form_page, keep_form

SECTION = {"section": "residents"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def helpers(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Who helps and who did, and the form for another."""
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    form = DeskHelperForm(request.POST if request.method == "POST" else None)
    rows = resident.helpers.select_related("account", "by", "ended_by", "consent").order_by("ended_at", "-pk")
    context = SECTION | {"resident": resident, "helpers": rows[:20], "refused": helping.refusal_for(resident, user)}
    if not form.is_valid():
        return form_page(request, "desk/communities/helpers.html", form, context)
    keep_form(request, "desk/communities/helpers.html", form, context)
    made = helping.appoint(resident=resident, by=user, **form.appointment())
    messages.success(request, f"已登记，{made.name}可以用自己的手机号登录，替{resident.name}办理。")
    return redirect("desk:resident-helpers", resident.pk)


@require_POST
@staff_page
def end(request: HttpRequest, user: User, pk: int, helper: int) -> HttpResponse:
    """At the resident's word, or because the helper can no longer be reached."""
    resident = get_object_or_404(Resident.objects.for_staff(user), pk=pk)
    ended = helping.end(helper=get_object_or_404(Helper.objects.filter(resident=resident), pk=helper), by=user)
    messages.success(request, f"已取消，{ended.name}不能再替{resident.name}办理。")
    return redirect("desk:resident-helpers", resident.pk)
