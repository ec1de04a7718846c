"""孩子 at the desk: the roster, and one child's file, purpose first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare import opening
from childcare.desk.enrolment_forms import ChildrenFilter, PurposeForm
from childcare.desk.taking import taken
from childcare.enrolment import agreeing, book, carefiles, carers, contacts, health, mine
from childcare.enrolment.said import graded
from childcare.file_forms import CarerForm, ContactsListForm, FactsForm, HealthFileForm
from childcare.models import CareFile, Carer, Pickup
from childcare.opening import Part
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import kept
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION: dict[str, Any] = {"section": "care_children"}
FORMS = ["GET", "HEAD", "POST"]
SHOWN = {Part.BASIC, Part.GUARDIANS, Part.CONTACTS, Part.PICKUPS, Part.HEALTH}
ONE, EDIT = "desk/childcare/child.html", "desk/childcare/child_form.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = ChildrenFilter(request.GET, user=user)
    rows, following = turned(request, book.page_of(user, form.asked(), place(request)), book.PAGE)
    context = {"form": form, "rows": rows, "following": following, "query": kept(request)}
    return page(request, "desk/childcare/children.html", SECTION | context)


@require_safe
@staff_page
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """A4."""
    rows = book.paper_of(user=user, said=ChildrenFilter(request.GET, user=user).asked())
    return page(request, "desk/childcare/children_paper.html", {"rows": rows, "printed_at": clock.now(), "maker": user})


@require_http_methods(FORMS)
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file, after its purpose was written down."""
    said = ChildrenFilter(request.GET, user=user).asked()
    context = SECTION | {
        "title": "导出托管花名册",
        "back": "desk:care-children",
        "holds": "孩子的姓名、学校、托管安排和监护人（手机号隐去中间四位）",
    }
    return taken(request, context, "托管花名册", lambda purpose: book.file_of(user=user, said=said, purpose=purpose))


@require_http_methods(FORMS)
@staff_page
def child(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The purpose first; then the parts that the reader may see, once."""
    here = _child(user, pk)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"child": here}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    seen = opening.look(user=user, child=here, parts=SHOWN, purpose=form.purpose())
    return page(request, "desk/childcare/child_file.html", context | _shown(here, seen))


@require_http_methods(FORMS)
@staff_page
def facts(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    here = _child(user, pk)
    form = FactsForm(
        request.POST if request.method == "POST" else None, file=CareFile.objects.filter(child=here).first()
    )
    context = SECTION | {"child": here, "title": "学校和班级", "refused": carefiles.refusal_to_write(here, user)}
    if not form.is_valid():
        return form_page(request, EDIT, form, context)
    keep_form(request, EDIT, form, context)
    carefiles.change(child=here, said=form.said(), by=user)
    return _saved(request, pk)


@require_http_methods(FORMS)
@staff_page
def contact_list(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Written anew as the family says it; what stood there is on the file's page, behind a purpose."""
    here = _child(user, pk)
    form = ContactsListForm(request.POST if request.method == "POST" else None, rows=[])
    context = SECTION | {
        "child": here,
        "title": "紧急联系人（重新填写）",
        "refused": carefiles.refusal_to_write(here, user),
    }
    if not form.is_valid():
        return form_page(request, EDIT, form, context)
    keep_form(request, EDIT, form, context)
    contacts.replace(child=here, said=form.said(), by=user)
    return _saved(request, pk)


@require_http_methods(FORMS)
@staff_page
def health_form(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What the guardian at the window says; the desk writes it, and does not read it."""
    here = _child(user, pk)
    form = HealthFileForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"child": here, "title": "健康情况（重新填写）", "refused": health.refusal_to_write(here, user)}
    if not form.is_valid():
        return form_page(request, EDIT, form, context)
    keep_form(request, EDIT, form, context)
    health.write(child=here, said=form.said(), by=user)
    return _saved(request, pk)


@require_http_methods(FORMS)
@staff_page
def carer(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    here = _child(user, pk)
    form = CarerForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"child": here, "title": "委托照护人", "refused": carefiles.refusal_to_write(here, user)}
    if not form.is_valid():
        return form_page(request, EDIT, form, context)
    keep_form(request, EDIT, form, context)
    carers.entrust(child=here, said=form.entrusted(), by=user)
    return _saved(request, pk)


@require_POST
@staff_page
def carer_end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    seen = Carer.objects.filter(child__in=Resident.objects.for_staff(user))
    ended = carers.end(carer=get_object_or_404(seen, pk=pk), by=user)
    messages.success(request, "已结束委托照护，这位照护人不能再接孩子。")
    return redirect("desk:care-child", ended.child_id)


def _child(user: User, pk: int) -> Resident:
    """A child of the reader's communities that is in childcare; else 404."""
    seen = Resident.objects.for_staff(user).filter(care_file__isnull=False)
    return get_object_or_404(seen.select_related("community", "care_file"), pk=pk)


def _shown(here: Resident, seen: set[Part]) -> dict[str, Any]:
    """What stands on the page, of the parts that were looked at alone."""
    shown: dict[str, Any] = {"seen": {part.name for part in seen}}
    if Part.BASIC in seen:
        shown |= {"file": here.care_file, "age": here.age_on(clock.today()), "places": mine.places_of(here)}
        shown |= {"grade": graded(here.care_file.grade), "consents": agreeing.rows_of(here)}
    if Part.GUARDIANS in seen:
        shown |= {"guardians": agreeing.guardians_of(here), "carer": mine.carer_of(here)}
    if Part.CONTACTS in seen:
        shown["contacts"] = mine.contacts_of(here)
    if Part.PICKUPS in seen:
        shown["pickups"] = Pickup.objects.good_on(clock.today()).filter(child=here).order_by("slot")
    if Part.HEALTH in seen:
        shown["health"] = health.read_out(health.opened(here))
    return shown


def _saved(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, "已保存。")
    return redirect("desk:care-child", pk)
