"""禁止接走 at the desk: that there is a bar, seen by staff; whom it names, by who may, after the purpose was said."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.desk.barring_forms import BarForm, PurposeForm
from childcare.handover import barring
from childcare.models import Barred, BarredTry
from communities.guards import staff_page
from communities.models import Resident, User
from core.pages import form_page, keep_form, page

SECTION: dict[str, Any] = {"section": "care_staff"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """For which children a bar stands, since when, by whom; no names of the barred."""
    rows = Barred.objects.for_staff(user).standing().select_related("child", "by").order_by("-at", "-pk")
    return page(request, "desk/childcare/barred.html", SECTION | {"rows": rows})


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = BarForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/childcare/barred_new.html", form, SECTION)
    keep_form(request, "desk/childcare/barred_new.html", form, SECTION)
    barring.bar(child=form.cleaned_data["child"], facts=form.said(), by=user)
    messages.success(request, "已登记，当班老师在接送页马上能看到；同名的接送人和接送码已作废。")
    return redirect("desk:care-barred")


@require_http_methods(FORMS)
@staff_page
def child(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The purpose first; the answer to the POST shows it, and no address does."""
    own = Barred.objects.for_staff(user).standing()
    mine = get_object_or_404(Resident.objects.select_related("community"), pk__in=own.values("child"), pk=pk)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"child": mine}
    if not form.is_valid():
        return form_page(request, "desk/childcare/barred_child.html", form, context)
    keep_form(request, "desk/childcare/barred_child.html", form, context)
    shown = barring.read(child=mine, user=user, purpose=form.cleaned_data["purpose"])
    return page(request, "desk/childcare/barred_child.html", context | {"form": form, "shown": shown})


@require_POST
@staff_page
def lift(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    barring.lift(barred=get_object_or_404(Barred.objects.for_staff(user), pk=pk), by=user)
    messages.success(request, "已解除。以前作废的接送人不会恢复，要接请监护人重新登记。")
    return redirect("desk:care-barred")


@require_safe
@staff_page
def tries(request: HttpRequest, user: User) -> HttpResponse:
    rows = _tries(user).select_related("place__child", "place__group__centre", "by", "seen_by").order_by("-at", "-pk")
    return page(request, "desk/childcare/barred_tries.html", SECTION | {"rows": rows[:100]})


@require_POST
@staff_page
def seen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _tries(user).select_related("place__group__centre__community")
    barring.sign_off(tried=get_object_or_404(mine, pk=pk), by=user)
    messages.success(request, "已登记处理。")
    return redirect("desk:care-barred-tries")


def _tries(user: User) -> Any:
    return BarredTry.objects.filter(barred__in=Barred.objects.for_staff(user))
