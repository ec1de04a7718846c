"""托管报名 at the desk: what waits, one enrolment beside the papers, yes or no."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.desk.enrolment_forms import DeclineForm, EnrolmentFilter, PapersForm
from childcare.enrolment import book, deciding
from childcare.models import Enrolment, Place
from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION: dict[str, Any] = {"section": "care_enrolment"}
ONE = "desk/childcare/enrolment.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = EnrolmentFilter(request.GET, user=user)
    rows, following = turned(request, book.enrolment_page(user, form.asked(), place(request)), book.PAGE)
    return page(
        request, "desk/childcare/enrolments.html", SECTION | {"form": form, "rows": rows, "following": following}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def enrolment(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Beside the papers; the POST says they were seen."""
    mine = _one(user, pk)
    refused = deciding.refusal_for(mine, user)
    context = SECTION | {"enrolment": mine, "refused": refused, "decline": DeclineForm()}
    if refused:
        return page(request, ONE, context)
    review = deciding.review(enrolment=mine, by=user)
    form = PapersForm(request.POST if request.method == "POST" else None, review=review)
    if not form.is_valid():
        return form_page(request, ONE, form, context | review)
    keep_form(request, ONE, form, context | review)
    made = deciding.accept(enrolment=mine, papers=form.papers(), by=user)
    held = "已有托位" if made.status == Place.Status.HELD else "名额已满，已排上候补"
    messages.success(request, f"已通过，孩子的档案已建好，{held}。家长会收到消息。")
    return redirect("desk:care-enrolment", pk)


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _one(user, pk), DeclineForm(request.POST)
    context = SECTION | {"enrolment": mine, "decline": form, "refused": deciding.refusal_for(mine, user)}
    if not form.is_valid():
        return page(request, "desk/childcare/enrolment_decline.html", context, status=400)
    keep_form(request, "desk/childcare/enrolment_decline.html", form, context)
    deciding.decline(enrolment=mine, reason=form.said(), by=user)
    messages.success(request, "已答复没有通过，填写的内容已删除。家长会收到消息。")
    return redirect("desk:care-enrolments")


def _one(user: User, pk: int) -> Enrolment:
    people = ("guardian__community", "guardian__account", "child__community", "decided_by")
    found = Enrolment.objects.for_staff(user).select_related("centre__community", "group", "place", *people)
    return get_object_or_404(found, pk=pk)
