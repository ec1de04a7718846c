"""合伙人报名 at the desk: the list, one application, what was looked up, and each step on the way to 入选."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import notices
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.agreements import licences
from partners.desk.joining_forms import JoiningFilter, LookupForm, NoteForm
from partners.joining import applying, book, checking, choosing, handing_in
from partners.models import Agreement, Application

SECTION: dict[str, Any] = {"section": "joining"}
ONE = "desk/partners/joining_one.html"
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = JoiningFilter(request.GET, user=user)
    rows, following = turned(request, book.page_of(user, form.asked(), place(request)), book.PAGE)
    context = {"form": form, "rows": rows, "following": following, "query": kept(request)}
    return page(request, "desk/partners/joining.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(book.file_of(user, JoiningFilter(request.GET, user=user).asked()), "合伙人报名")


@require_http_methods(FORMS)
@staff_page
def application(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One application and what can be done with it; the POST is what was looked up."""
    found = own(user, pk)
    form = LookupForm(request.POST if request.method == "POST" else None)
    context = _shown(found, user)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    checking.look_up(application=found, by=user, **form.cleaned_data)
    messages.success(request, "查询结果已登记。")
    return redirect("desk:joining-one", pk)


def _shown(found: Application, user: User) -> dict[str, Any]:
    kept_ones = list(found.partner.licences.current().select_related("checked_by").order_by("kind", "pk"))
    return SECTION | {
        "application": found, "licences": kept_ones, "lookups": found.lookups.select_related("by").order_by("-pk"),
        "missing": [one.label for one in licences.missing(found.partner, kept_ones)], "wanting": checking.wanting(found),
        "twin": handing_in.twin_of(found.partner), "notice": notices.standing(choosing.about(found)),
        "look": checking.refusal_to_look(found, user), "passing": checking.refusal_to_pass(found, user),
        "down": checking.refusal_to_turn_down(found, user), "propose": choosing.refusal_to_propose(found, user),
        "decline": choosing.refusal_to_decline(found, user), "admit": choosing.refusal_to_admit(found, user),
        "show": bool(choosing.to_show(Application.objects.filter(pk=found.pk))),
        "drafted": found.agreements.exclude(status=Agreement.Status.VOID).first(),
        "reach": found.status not in (Application.Status.DECLINED, Application.Status.WITHDRAWN),
        "write": found.status in applying.WRITABLE and applying.may_write(found, user),
    }  # fmt: skip


class Step(NamedTuple):
    """A button: the verb, and what is said when it is done."""

    verb: Callable[..., object]
    said: str


DO = {
    "pass": Step(checking.let_stand, "资格审查已通过。"),
    "propose": Step(choosing.propose, "已同意，请同事拟公示。"),
    "admit": Step(choosing.admit, "已确认入选，可以拟协议。"),
}
SAY = {
    "return": Step(checking.give_back, "退回补正"),
    "turn-down": Step(checking.turn_down, "资格审查不通过"),
    "decline": Step(choosing.decline, "不予入选"),
}


@require_POST
@staff_page
def do(request: HttpRequest, user: User, pk: int, act: str) -> HttpResponse:
    found = own(user, pk)
    if act == "show":
        made = choosing.show(applications=[found], by=user)
        messages.success(request, "公示稿已拟好，请另一位负责人核对后发布。")
        return redirect("desk:notice", made.pk)
    step = _step(DO, act)
    step.verb(application=found, by=user)
    messages.success(request, step.said)
    return redirect("desk:joining-one", pk)


@require_http_methods(FORMS)
@staff_page
def say(request: HttpRequest, user: User, pk: int, act: str) -> HttpResponse:
    """A step with a reason that the applicant reads."""
    found, step = own(user, pk), _step(SAY, act)
    form = NoteForm(request.POST if request.method == "POST" else None, most=100)
    back = {"title": f"{found.partner}：{step.said}", "what": step.said, "back": request.path.partition("say/")[0]}
    if not form.is_valid():
        return form_page(request, "desk/partners/joining_say.html", form, SECTION | back)
    keep_form(request, "desk/partners/joining_say.html", form, SECTION | back)
    step.verb(application=found, by=user, **form.cleaned_data)
    messages.success(request, f"已办理：{step.said}。")
    return redirect("desk:joining-one", pk)


def _step(steps: dict[str, Step], act: str) -> Step:
    if act not in steps:
        raise Http404
    return steps[act]


def own(user: User, pk: int) -> Application:
    """404 for what was handed in elsewhere."""
    mine = Application.objects.for_staff(user).exclude(submitted_at=None)
    with_people = mine.select_related("partner", "community", "call", "checked_by", "proposed_by", "settled_by", "by")
    return get_object_or_404(with_people, pk=pk)
