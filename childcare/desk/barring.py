"""禁止接走 at the desk: the head's list; whom a bar names, after the purpose was said; writing one down, and lifting one by paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.days.sights import Sights
from childcare.desk.barring_forms import BarForm, ChildForm, LiftForm, PurposeForm
from childcare.handover import barring
from childcare.models import Barred, BarredTry, CareFile
from communities.guards import staff_page
from communities.kin import kin_of, refusal_between
from communities.models import Resident, User
from communities.paging import number
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION: dict[str, Any] = {"section": "care_staff"}
FORMS = ["GET", "HEAD", "POST"]
PAGE = 50


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """For which children a bar stands, since when, by whom: the head's, not of the own family; no names of the barred. Seen once
    a day is written down. Others may write one down all the same."""
    mine, before, kin = Barred.objects.for_head(user).standing(), place(request), kin_of(user)
    rows = mine.exclude(child__in=kin.residents).exclude(child__household__in=kin.households)
    found = rows.select_related("child__community", "by").order_by("-pk")
    shown, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    for community in {one.child.community for one in shown}:
        Sights(user, community).once("托管禁止接走名单", barring.PURPOSE)
    context = {"rows": shown, "following": following, "head": barring.may_list(user)}
    return page(request, "desk/childcare/barred.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """Which child, then who: somebody whom its file names, or another name."""
    asked = number(request.POST.get("child", "") or request.GET.get("child", ""))
    mine = next(iter(_children(user).filter(pk=asked)), None)
    if mine is None:
        return form_page(request, "desk/childcare/barred_new.html", ChildForm(request.GET or None, user=user), SECTION)
    if refused := refusal_between(by=user, beneficiaries=[mine]):
        raise refused
    form = BarForm(
        request.POST if request.method == "POST" else None, child=mine, known=barring.known_to(child=mine, by=user)
    )
    context = SECTION | {"child": mine}
    if not form.is_valid():
        return form_page(request, "desk/childcare/barred_new.html", form, context)
    keep_form(request, "desk/childcare/barred_new.html", form, context)
    barring.bar(child=mine, facts=form.said(), by=user)
    messages.success(request, "已登记，当班老师在接送页马上能看到；同名的和由他授权的接送人、接送码已作废。")
    return redirect("desk:care-barred")


@require_http_methods(FORMS)
@staff_page
def child(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The purpose first; the answer to the POST shows it, and no address does. That there is none is said to who may read it."""
    mine = get_object_or_404(_children(user), pk=pk)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"child": mine}
    if not form.is_valid():
        return form_page(request, "desk/childcare/barred_child.html", form, context)
    keep_form(request, "desk/childcare/barred_child.html", form, context)
    shown = barring.read(child=mine, user=user, purpose=form.cleaned_data["purpose"])
    return page(request, "desk/childcare/barred_child.html", context | {"form": form, "shown": shown, "read": True})


@require_http_methods(FORMS)
@staff_page
def lift(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Why it is opened, then what it says beside the paper that lifts it."""
    mine = get_object_or_404(Barred.objects.for_staff(user).select_related("child__community"), pk=pk)
    if refused := barring.refusal_to_lift(mine, user):
        raise refused
    purpose = PurposeForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"child": mine.child}
    if not purpose.is_valid():
        return form_page(request, "desk/childcare/barred_child.html", purpose, context)
    form = LiftForm(request.POST if "basis" in request.POST else None, initial=purpose.cleaned_data)
    if not form.is_valid():
        rows = barring.read(child=mine.child, user=user, purpose=purpose.cleaned_data["purpose"])
        shown = [one for one in rows if one.row.pk == mine.pk]
        return form_page(request, "desk/childcare/barred_lift.html", form, context | {"shown": shown})
    keep_form(request, "desk/childcare/barred_lift.html", form, context)
    barring.lift(barred=mine, lifting=form.said(), by=user)
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


def _children(user: User) -> Any:
    """Every child with a care file: which of them a bar is about, an address does not tell."""
    files = CareFile.objects.for_staff(user).values("child")
    return Resident.objects.filter(pk__in=files).select_related("community")


def _tries(user: User) -> Any:
    return BarredTry.objects.filter(barred__in=Barred.objects.for_staff(user))
