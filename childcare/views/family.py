"""我的孩子 in childcare: every child of the phone, one child's file, what may be put right, and the consents."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.enrolment import agreeing, carefiles, contacts, health, mine
from childcare.enrolment.said import graded
from childcare.enrolment.withdrawing import ENDING, NOTES
from childcare.file_forms import ContactsListForm, FactsForm, HealthFileForm
from childcare.models import CareFile
from childcare.views.door import child_of, family_page
from communities import guardians
from communities.guards import open_page
from communities.models import Consent, Resident, User
from communities.purposes import TEXTS
from communities.wards import ENDS
from core import clock
from core.pages import form_page, keep_form, page

FORMS = ["GET", "HEAD", "POST"]
TAB: dict[str, Any] = {"tab": "me"}


@require_safe
@family_page
def home(request: HttpRequest, guardian: Resident) -> HttpResponse:
    """Every child, with its places; and what was begun."""
    rows = mine.children_of(cast(User, request.user))
    context = {"rows": rows, "enrolments": mine.open_enrolments(guardian), "today": clock.today()}
    return page(request, "childcare/home.html", TAB | context)


@require_safe
@family_page
def child(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    """The child's whole file, to the family."""
    one = child_of(request, pk)
    file = CareFile.objects.filter(child=one.child).first()
    context = {
        "one": one, "child": one.child, "age": one.child.age_on(clock.today()), "file": file, "grade": graded(file.grade) if file else "",
        "places": mine.places_of(one.child), "contacts": mine.contacts_of(one.child), "carer": mine.carer_of(one.child),
        "guardians": agreeing.guardians_of(one.child),
        "health": health.read_out(health.read(child=one.child, by=cast(User, request.user))), "health_agreed": guardians.consented(one.child, Consent.Purpose.CARE_HEALTH),
    }  # fmt: skip
    return page(request, "childcare/child.html", TAB | context)


@require_http_methods(FORMS)
@family_page
def facts(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    """School, class, workplace."""
    one = child_of(request, pk)
    form = FactsForm(
        request.POST if request.method == "POST" else None, file=CareFile.objects.filter(child=one.child).first()
    )
    context = TAB | {"child": one.child, "title": "学校和班级"}
    if not form.is_valid():
        return form_page(request, "childcare/child_form.html", form, context)
    keep_form(request, "childcare/child_form.html", form, context)
    carefiles.change(child=one.child, said=form.said(), by=cast(User, request.user))
    return _saved(request, pk)


@require_http_methods(FORMS)
@family_page
def contact_list(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    one = child_of(request, pk)
    form = ContactsListForm(request.POST if request.method == "POST" else None, rows=list(mine.contacts_of(one.child)))
    context = TAB | {"child": one.child, "title": "紧急联系人"}
    if not form.is_valid():
        return form_page(request, "childcare/child_form.html", form, context)
    keep_form(request, "childcare/child_form.html", form, context)
    contacts.replace(child=one.child, said=form.said(), by=cast(User, request.user))
    return _saved(request, pk)


@require_http_methods(FORMS)
@family_page
def health_form(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    one, by = child_of(request, pk), cast(User, request.user)
    form = HealthFileForm(
        request.POST if request.method == "POST" else None, initial=health.read(child=one.child, by=by)
    )
    context = TAB | {"child": one.child, "title": "健康情况", "refused": health.refusal_to_write(one.child, by)}
    if not form.is_valid():
        return form_page(request, "childcare/child_form.html", form, context)
    keep_form(request, "childcare/child_form.html", form, context)
    health.write(child=one.child, said=form.said(), by=by)
    return _saved(request, pk)


@require_safe
@family_page
def consents(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    """Every purpose by itself, each given and taken back by the same button."""
    one = child_of(request, pk)
    return page(request, "childcare/consents.html", TAB | {"child": one.child, "rows": agreeing.rows_of(one.child)})


@require_POST
@family_page
def agree(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    one, purpose = child_of(request, pk), _purpose(request)
    guardians.agree(child=one.child, by=cast(User, request.user), purpose=purpose)
    messages.success(request, f"已记录您的同意：{purpose.label}。随时可以在这里撤回。")
    return redirect("childcare:consents", pk)


@require_POST
@family_page
def withdraw(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    """At once; where something ends with it, once that was read."""
    one, purpose = child_of(request, pk), _purpose(request)
    if purpose in ENDS and "sure" not in request.POST:
        places = mine.places_of(one.child) if purpose in agreeing.NEEDED else []
        context = {"title": purpose.label, "purpose": purpose, "said": ENDING[purpose], "places": places}
        return page(
            request, "communities/consent_withdraw.html", context | {"back": reverse("childcare:consents", args=[pk])}
        )
    guardians.withdraw(child=one.child, by=cast(User, request.user), purpose=purpose)
    messages.success(request, f"已撤回：{purpose.label}。{NOTES[purpose]}")
    return redirect("childcare:consents", pk)


@require_safe
@open_page
def agreement(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """托管服务协议和家长须知."""
    return page(request, "childcare/agreement.html", {"version": TEXTS[Consent.Purpose.CARE].version, "tab": "me"})


def _purpose(request: HttpRequest) -> Consent.Purpose:
    asked = request.POST.get("purpose", "")
    found = next((one for one in agreeing.ASKED if one == asked), None)
    if found is None:
        raise Http404
    return found


def _saved(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, "已保存，老师马上能看到新的内容。")
    return redirect("childcare:child", pk)
