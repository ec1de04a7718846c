"""接送人 at the counter, with the guardian there who signs. Of those registered only the relation is shown (least access)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from childcare.days.sights import Sights
from childcare.handover import codes, pickups as sending
from childcare.handover.sheet import sheet
from childcare.models import Place, speaking_guardians
from childcare.views.pickup_forms import CodeForm, PickupForm
from communities.guards import staff_page
from communities.models import Guardian, Resident, User
from core import clock
from core.pages import form_page, keep_form, page

SECTION: dict[str, Any] = {"section": "counter"}
FORMS = ["GET", "HEAD", "POST"]


class _Signed(forms.Form):
    guardian = forms.ModelChoiceField(Guardian.objects.none(), label="哪位监护人在场", empty_label="请选择")
    signed = forms.BooleanField(label="监护人本人在场，已在纸上签字")

    def __init__(self, *args: Any, child: Resident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["guardian"]
        field.queryset = speaking_guardians().filter(child=child).select_related("guardian")
        field.label_from_instance = lambda one: f"{one.guardian.name}（{one.relation}）"


class CounterPickup(_Signed, PickupForm):
    def said(self) -> sending.Said:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("guardian", "signed")}
        return sending.Said(**typed)


class CounterCode(_Signed, CodeForm):
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("guardian", "signed")}


@require_http_methods(FORMS)
@staff_page
def pickups(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    child = _child(user, pk)
    form = CounterPickup(request.POST if request.method == "POST" else None, child=child)
    context = SECTION | {"child": child, "sheet": sheet(child, clock.today())}
    if not form.is_valid():
        return form_page(request, "desk/childcare/pickups.html", form, context)
    keep_form(request, "desk/childcare/pickups.html", form, context)
    guardian = form.cleaned_data["guardian"].guardian
    sending.authorise(child=child, guardian=guardian, said=form.said(), by=user)
    messages.success(request, "接送人已登记，监护人会收到消息。")
    return redirect("desk:care-pickups", child.pk)


@require_http_methods(FORMS)
@staff_page
def code(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The digits stand on the answer alone."""
    child = _child(user, pk)
    form = CounterCode(request.POST if request.method == "POST" else None, child=child)
    context = SECTION | {"child": child}
    if not form.is_valid():
        return form_page(request, "desk/childcare/pickup_code.html", form, context)
    keep_form(request, "desk/childcare/pickup_code.html", form, context)
    guardian = form.cleaned_data["guardian"].guardian
    digits = codes.issue(child=child, guardian=guardian, by=user, **form.said())
    return page(request, "desk/childcare/pickup_code.html", context | {"form": form, "digits": digits})


def _child(user: User, pk: int) -> Resident:
    """404 for children of other communities; refuses the own family. Who is sent is seen here, so that is written down first."""
    held = Place.objects.for_staff(user).values("child")
    rows = Resident.objects.for_staff(user).filter(pk__in=held).select_related("community__sub_district")
    child = get_object_or_404(rows, pk=pk)
    if refused := sending.refusal_to_manage(child, user):
        raise refused
    Sights(user, child.community).once("托管：接送人关系和有效期", "监护人在窗口办理接送", child)
    return child
