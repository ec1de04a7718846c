"""托管报名 on the guardian's phone: begun, written in seven steps that are kept one by one, handed in, taken back."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.enrolment import drafting, lapsing, submitting
from childcare.enrolment.steps import LAST, STEPS, Step, numbered
from childcare.enrolment_forms import FORMS as STEP_FORMS, StepForm, again
from childcare.models import Centre, Enrolment
from childcare.views.door import family_page
from communities.models import Resident, User
from communities.paging import number
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused

FORMS = ["GET", "HEAD", "POST"]
TAB = {"tab": "me"}


@require_http_methods(FORMS)
@family_page
def new(request: HttpRequest, guardian: Resident) -> HttpResponse:
    """Where, and for which child: one that has a file, or another one."""
    centres = list(Centre.objects.filter(community=guardian.community_id).open_on(clock.today()).order_by("name", "pk"))
    children = drafting.children_to_enrol(guardian)
    refused = drafting.refusal_to_begin(guardian, centres[0]) if centres else None
    context = TAB | {"centres": centres, "children": children, "refused": refused, "guardian": guardian}
    if request.method != "POST":
        return page(request, "childcare/enrol_new.html", context)
    centre = get_object_or_404(Centre, pk=number(request.POST.get("centre", "")) or 0, community=guardian.community_id)
    asked = number(request.POST.get("child", ""))
    child = next((one.child for one in children if one.child_id == asked), None)
    made = drafting.begin(guardian=guardian, centre=centre, child=child, by=cast(User, request.user))
    return redirect("childcare:enrol-step", made.pk, max(1, min(made.step + 1, LAST)))


@require_safe
@family_page
def enrolment(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    """How it stands, and where to go on."""
    mine = _own(guardian, pk)
    lacking = drafting.lacking(drafting.said_in(mine)) if mine.status == Enrolment.Status.DRAFT else []
    first = lacking[0].number if lacking else LAST
    context = {"enrolment": mine, "steps": STEPS, "next": first, "open": mine.status in drafting.OPEN}
    context["until"] = lapsing.last_day(mine)
    return page(request, "childcare/enrolment.html", TAB | context)


@require_http_methods(FORMS)
@family_page
def step(request: HttpRequest, guardian: Resident, pk: int, at: int) -> HttpResponse:
    """One step; the last one hands it in."""
    mine, by = _own(guardian, pk), cast(User, request.user)
    if mine.status != Enrolment.Status.DRAFT:
        return redirect("childcare:enrolment", pk)
    asked = _step(at)
    form = form_of(request, mine, asked, by)
    context = TAB | step_context(mine, asked)
    if not form.is_valid():
        return form_page(request, "childcare/enrol_step.html", form, context)
    keep_form(request, "childcare/enrol_step.html", form, context)
    kept = drafting.save_step(
        enrolment=mine, step=asked, said=drafting.kept_before(mine, form.said(), asked, by), by=by
    )
    if at < LAST:
        return redirect("childcare:enrol-step", pk, at + 1)
    on_refusal(request, lambda refused: _mend(request, kept, refused, by))
    submitting.submit(enrolment=kept, by=by)
    messages.success(request, "已提交，社区会在2个工作日内核对，结果会发消息给您。")
    return redirect("childcare:enrolment", pk)


@require_POST
@family_page
def withdraw(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    submitting.withdraw(enrolment=_own(guardian, pk), by=cast(User, request.user))
    messages.success(request, "已撤回，填写的内容已删除。需要时可以重新报名。")
    return redirect("childcare:home")


def form_of(request: HttpRequest, mine: Enrolment, asked: Step, by: User) -> StepForm:
    """The form of that step with what was kept."""
    given = request.POST if request.method == "POST" else None
    return STEP_FORMS[asked.key](given, enrolment=mine, initial=drafting.shown(mine, asked, by))


def _mend(request: HttpRequest, mine: Enrolment, refused: Refused, by: User) -> HttpResponse:
    """Not handed in: the step that stands in the way, with what was kept of it."""
    asked, form = again(mine, getattr(refused, "step", LAST), by)
    context = TAB | step_context(mine, asked) | {"form": form, "refused": refused}
    return page(request, "childcare/enrol_step.html", context, status=refused.status)


def step_context(mine: Enrolment, asked: Step) -> dict[str, Any]:
    """For the page of one step."""
    return {"enrolment": mine, "step": asked, "steps": STEPS, "last": LAST, "back": asked.number - 1}


def _own(guardian: Resident, pk: int) -> Enrolment:
    """404 for every other family's."""
    return get_object_or_404(
        Enrolment.objects.of(guardian).select_related("centre__community", "guardian", "child", "group", "place"), pk=pk
    )


def _step(at: int) -> Step:
    found = numbered(at)
    if found is None:
        raise Http404
    return found
