"""公示异议 at the desk: what waits for an answer, the answer, and writing one down for whoever came or called."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import disclosure, finding, objections as process
from communities.guards import staff_page
from communities.models import Notice, Objection, Resident, User
from communities.objection_forms import ObjectionAnswerForm, ObjectionForm
from communities.paging import number
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "notices"}
FORMS = ["GET", "HEAD", "POST"]
PAGE = 50


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """What is open, the oldest first; with `?answered=1` what was answered, the newest first."""
    done, beyond = "answered" in request.GET, place(request)
    mine = Objection.objects.for_staff(user).with_people()
    rows = mine.answered().order_by("-pk") if done else mine.open().order_by("pk")
    further = {"pk__lt" if done else "pk__gt": beyond} if beyond else {}
    shown, following = turned(request, list(rows.filter(**further)[: PAGE + 1]), PAGE)
    context = {"rows": shown, "answered": done, "following": following, "day": clock.today()}
    return page(request, "desk/communities/objections.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def objection(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What somebody says, who it was, and the answer, or who must give it."""
    mine = get_object_or_404(Objection.objects.for_staff(user).with_people(), pk=pk)
    form = ObjectionAnswerForm(request.POST if request.method == "POST" else None)
    refused = process.refusal_to_answer(mine, user, process.concerned_by(mine))
    context = SECTION | {"objection": mine, "refused": refused, "day": clock.today()}
    if not form.is_valid():
        return form_page(request, "desk/communities/objection.html", form, context)
    keep_form(request, "desk/communities/objection.html", form, context)
    process.answer(objection=mine, by=user, **form.cleaned_data)
    messages.success(request, "已答复。" + ("提出人会收到消息。" if mine.resident else "请告诉提出人。"))
    return redirect("desk:objections")


@require_http_methods(FORMS)
@staff_page
def file(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For somebody at the counter or on the telephone, who may stay unnamed; `?q=` finds the resident."""
    own = Notice.objects.for_staff(user).select_related("community")
    notice = get_object_or_404(own.exclude(status=Notice.Status.DRAFT), pk=pk)
    named = {
        item.pk: f"{item.resident.name if item.resident else item.subject}：{item.said}"
        for item, _ in disclosure.reading_of(notice).rows
    }
    found = finding.residents(user, request.GET.get("q", "")).filter(community=notice.community_id)
    person = _person(request, notice)
    context = SECTION | {
        "notice": notice, "person": person, "q": request.GET.get("q", ""), "found": list(found[: finding.MOST]),
        "refused": process.refusal_to_object(notice, person, user),
    }  # fmt: skip
    form = ObjectionForm(request.POST if request.method == "POST" else None, notice=notice, named=named)
    if not form.is_valid():
        return form_page(request, "desk/communities/objection_new.html", form, context)
    keep_form(request, "desk/communities/objection_new.html", form, context)
    process.file(notice=notice, resident=person, by=user, **form.cleaned_data)
    messages.success(request, "已录入异议，由没有参与这份公示的工作人员答复。")
    return redirect("desk:notice", notice.pk)


def _person(request: HttpRequest, notice: Notice) -> Resident | None:
    asked = request.GET.get("resident", "")
    if not asked:
        return None
    person = Resident.objects.filter(community=notice.community_id, pk=number(asked)).first()
    if person is None:
        raise Http404
    return person
