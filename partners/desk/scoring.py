"""评审 at the desk: the reviewers, one sheet of marks for each application, the summary on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page
from partners.desk.calls import FORMS, SECTION, own
from partners.desk.joining_forms import ExcuseForm, MarksForm, ReviewersForm
from partners.joining import book, scoring
from partners.models import Application, Call, Review, Reviewer


@require_http_methods(FORMS)
@staff_page
def begin(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The head appoints, knowing who said that somebody of the family works here, and the scoring begins."""
    found = own(user, pk)
    form = ReviewersForm(request.POST if request.method == "POST" else None, call=found)
    declared = found.applications.filter(status=Application.Status.CHECKED, kinship=True).select_related("partner")
    context = SECTION | {
        "call": found,
        "refused": scoring.refusal_to_begin(found, user, clock.now()),
        "declared": declared,
    }
    if not form.is_valid():
        return form_page(request, "desk/partners/call_reviewers.html", form, context)
    keep_form(request, "desk/partners/call_reviewers.html", form, context)
    scoring.begin(call=found, reviewers=form.cleaned_data["reviewers"], by=user)
    messages.success(request, "评审已开始，各位评审人的待办里会出现。")
    return redirect("desk:call", pk)


@require_http_methods(FORMS)
@staff_page
def excuse(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """更换评审人, while the marks come in; whom to name instead."""
    theirs = Reviewer.objects.filter(call__in=Call.objects.for_staff(user)).select_related("call__community", "user")
    found = get_object_or_404(theirs, pk=pk)
    form = ExcuseForm(request.POST if request.method == "POST" else None, call=found.call)
    context = SECTION | {
        "title": f"{found.call}：更换评审人{found.user}", "what": "更换评审人", "back": f"/desk/calls/{found.call_id}/",
        "refused": scoring.refusal_to_excuse(found, user),
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "desk/partners/joining_say.html", form, context)
    keep_form(request, "desk/partners/joining_say.html", form, context)
    scoring.excuse(reviewer=found, by=user, **form.cleaned_data)
    messages.success(request, f"{found.user}已退出评审，已打的分不计入总分。")
    return redirect("desk:call", found.call_id)


@require_http_methods(FORMS)
@staff_page
def mark(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One's own sheet of one application; nobody else's is read here."""
    mine = Application.objects.for_staff(user).exclude(call=None).select_related("partner", "community", "call")
    found = get_object_or_404(mine, pk=pk)
    criteria = list(found.call.criteria.order_by("order")) if found.call else []
    kept = Review.objects.filter(application=found, reviewer__user=user).first()
    given = request.POST if request.method == "POST" else None
    form = MarksForm(given, criteria=criteria, kept=kept.marks if kept else [], remark=kept.remark if kept else "")
    context = SECTION | {"application": found, "refused": scoring.refusal_to_mark(found, user)}
    if not form.is_valid():
        return form_page(request, "desk/partners/call_mark.html", form, context)
    keep_form(request, "desk/partners/call_mark.html", form, context)
    done = scoring.mark(application=found, marks=form.marks(), by=user, remark=form.cleaned_data["remark"])
    messages.success(request, f"{found.partner}的评分已保存，共{done.total}分。")
    return redirect("desk:call", found.call_id)


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """评分汇总表: what this reader may see of it; whole once all marks are in."""
    found = own(user, pk)
    context = {"call": found, "summary": book.summary(found, user), "criteria": found.criteria.order_by("order")}
    return page(request, "desk/partners/call_paper.html", context)
