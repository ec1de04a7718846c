"""申诉 at the desk: what waits for an answer, the answer, and filing for somebody who came to the counter."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import appeals as process
from communities.forms import AnswerForm, AppealForm
from communities.guards import staff_page
from communities.models import Appeal, Resident, User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "appeals"}
PAGE = 50


@require_safe
@staff_page
def appeals(request: HttpRequest, user: User) -> HttpResponse:
    """What is open, the oldest first; with `?answered=1` what was answered, the newest first."""
    done = "answered" in request.GET
    shown, following = turned(request, process.listed(user, answered=done, beyond=place(request), size=PAGE), PAGE)
    context = {"rows": shown, "answered": done, "following": following, "day": clock.today()}
    return page(request, "desk/communities/appeals.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def appeal(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What was decided, what the resident says, and the answer, or who must give it."""
    mine = get_object_or_404(Appeal.objects.for_staff(user).with_people(), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"appeal": mine, "refused": process.refusal_to_answer(mine, user), "day": clock.today()}
    context |= SECTION | {"remedy": process.remedy_of(mine)}
    if not form.is_valid():
        return form_page(request, "desk/communities/appeal.html", form, context)
    keep_form(request, "desk/communities/appeal.html", form, context)
    process.answer(appeal=mine, by=user, **form.cleaned_data)
    messages.success(request, f"已答复，{mine.resident.name}会收到消息。")
    return redirect("desk:appeals")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def file(request: HttpRequest, user: User, pk: str, about: str) -> HttpResponse:
    """For a resident at the counter, or on the telephone."""
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    filed = Appeal.objects.for_staff(user).of(resident).filter(about=about).first()
    if filed:
        return redirect("desk:appeal", filed.pk)
    context = process.case_of(resident, about, clock.now())
    if context is None:
        raise Http404
    form = AppealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/appeal_new.html", form, SECTION | context)
    keep_form(request, "desk/communities/appeal_new.html", form, SECTION | context)
    made = process.file(resident=resident, about=about, text=form.cleaned_data["text"], by=user)
    messages.success(request, f"已代{resident.name}提交申诉，由另一位工作人员答复。")
    return redirect("desk:appeal", made.pk)
