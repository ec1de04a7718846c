"""注销 at the desk: what stands in the way, what the person loses, and how identity was checked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from communities import closing as process
from communities.desk.rights_forms import CloseForm
from communities.guards import staff_page
from communities.models import Resident, User
from core.pages import form_page, keep_form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    files = Resident.objects.for_staff(user).exclude(status=Resident.Status.CLOSED)
    resident = get_object_or_404(files.select_related("community", "account"), pk=pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    context = {
        "section": "residents", "resident": resident, "refused": process.refusal_to_close(resident, user),
        "obstacles": process.obstacles_of(resident), "losses": process.losses_of(resident),
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "desk/communities/close.html", form, context)
    keep_form(request, "desk/communities/close.html", form, context)
    closed = process.close(resident=resident, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, f"已注销，档案改为“{closed.name}”，姓名、手机号和证件号都已清除。")
    return redirect("desk:rights")
