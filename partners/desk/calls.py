"""招募公告 at the desk: drafted, published by another, withdrawn, ended."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.desk.joining_forms import CallFilter, CallForm, NoteForm
from partners.joining import book, calling, choosing, scoring
from partners.models import Application, Call, Partner

SECTION: dict[str, Any] = {"section": "joining"}
FORMS = ["GET", "HEAD", "POST"]
PAGE = 50


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form, before = CallFilter(request.GET, user=user), place(request)
    mine = Call.objects.for_staff(user).filter(**form.asked()).select_related("community").order_by("-pk")
    rows, following = turned(request, list((mine.filter(pk__lt=before) if before else mine)[: PAGE + 1]), PAGE)
    context = {"form": form, "rows": rows, "following": following}
    return page(request, "desk/partners/calls.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = CallForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/partners/call_form.html", form, SECTION)
    keep_form(request, "desk/partners/call_form.html", form, SECTION)
    made = calling.draft(community=form.cleaned_data["community"], plan=form.plan(), by=user)
    messages.success(request, "草稿已保存，请社区主任或街道管理员发布。")
    return redirect("desk:call", made.pk)


@require_http_methods(FORMS)
@staff_page
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = own(user, pk)
    form = CallForm(request.POST if request.method == "POST" else None, user=user, call=found)
    context = SECTION | {"call": found}
    if not form.is_valid():
        return form_page(request, "desk/partners/call_form.html", form, context)
    keep_form(request, "desk/partners/call_form.html", form, context)
    calling.redraft(call=found, plan=form.plan(), by=user)
    messages.success(request, "草稿已保存。")
    return redirect("desk:call", pk)


@require_safe
@staff_page
def call(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One call, who applied, and the marks as far as this reader may see them."""
    found, at = own(user, pk), clock.now()
    stand = found.applications.exclude(submitted_at=None)
    context = {
        "call": found, "criteria": found.criteria.order_by("order"), "trades": [Partner.Trade(one).label for one in found.trades],
        "rows": stand.select_related("partner").order_by("rank", "submitted_at", "pk"), "summary": book.summary(found, user),
        "publish": calling.refusal_to_publish(found, user, at), "begin": scoring.refusal_to_begin(found, user, at),
        "turn": choosing.next_in_rank(found), "to_show": choosing.to_show(Application.objects.filter(call=found)),
        "over": clock.today() > found.closes_on, "may_excuse": scoring.may_excuse(found, user),
    }  # fmt: skip
    return page(request, "desk/partners/call.html", SECTION | context)


@require_POST
@staff_page
def do(request: HttpRequest, user: User, pk: int, act: str) -> HttpResponse:
    found = own(user, pk)
    if act == "publish":
        calling.publish(call=found, seen=request.POST.get("seen", ""), by=user)
        messages.success(request, "已发布，从公告日期起可以报名。")
    elif act == "propose":
        chosen = choosing.propose_ranked(call=found, by=user)
        messages.success(request, f"已按名次提出{len(chosen)}家，请同事拟公示。")
    elif act == "show":
        made = choosing.show(applications=choosing.to_show(Application.objects.filter(call=found)), by=user)
        messages.success(request, "公示稿已拟好，请另一位负责人核对后发布。")
        return redirect("desk:notice", made.pk)
    else:
        raise Http404
    return redirect("desk:call", pk)


SAY = {"withdraw": (calling.withdraw, "撤销招募"), "settle": (choosing.settle, "结束招募")}


@require_http_methods(FORMS)
@staff_page
def say(request: HttpRequest, user: User, pk: int, act: str) -> HttpResponse:
    """撤销 or 结束, with a reason that everybody who applied reads."""
    found = own(user, pk)
    if act not in SAY:
        raise Http404
    verb, what = SAY[act]
    form = NoteForm(request.POST if request.method == "POST" else None, most=calling.REASON)
    context = SECTION | {"title": f"{found}：{what}", "what": what, "back": request.path.partition("say/")[0]}
    if not form.is_valid():
        return form_page(request, "desk/partners/joining_say.html", form, context)
    keep_form(request, "desk/partners/joining_say.html", form, context)
    verb(call=found, reason=form.cleaned_data["note"], by=user)
    messages.success(request, f"已办理：{what}。")
    return redirect("desk:call", pk)


def own(user: User, pk: int) -> Call:
    """404 for another community's."""
    mine = Call.objects.for_staff(user).select_related("community", "made_by", "published_by")
    return get_object_or_404(mine, pk=pk)
