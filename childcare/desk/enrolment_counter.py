"""托管报名 at the window, for a guardian who stands there: the same drafts in the same steps as on the phone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from childcare.desk import presence
from childcare.enrolment import drafting, submitting
from childcare.enrolment.steps import LAST, STEPS, Step, numbered
from childcare.enrolment_forms import FORMS as STEP_FORMS, again
from childcare.models import Centre, Enrolment
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import number
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused

SECTION: dict[str, Any] = {"section": "counter"}
FORMS = ["GET", "HEAD", "POST"]
NEW, STEP = "desk/childcare/counter_new.html", "desk/childcare/counter_step.html"
PRESENT = "desk/childcare/counter_present.html"


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Where, and for which child of this guardian."""
    seen = Resident.objects.for_staff(user).select_related("community", "account")
    guardian = get_object_or_404(seen, pk=pk)
    centres = list(Centre.objects.filter(community=guardian.community_id).open_on(clock.today()).order_by("name", "pk"))
    children = drafting.children_to_enrol(guardian)
    refused = drafting.refusal_to_write(guardian, user) or (
        drafting.refusal_to_begin(guardian, centres[0]) if centres else None
    )
    context = SECTION | {"resident": guardian, "centres": centres, "children": children, "refused": refused}
    if request.method != "POST":
        return page(request, NEW, context | {"chosen": number(request.GET.get("centre", ""))})
    centre = get_object_or_404(Centre, pk=number(request.POST.get("centre", "")) or 0, community=guardian.community_id)
    asked = number(request.POST.get("child", ""))
    child = next((one.child for one in children if one.child_id == asked), None)
    made = drafting.begin(guardian=guardian, centre=centre, child=child, by=user)
    presence.came(request, made)
    return redirect("desk:care-counter-step", made.pk, max(1, min(made.step + 1, LAST)))


@require_http_methods(FORMS)
@staff_page
def draft(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Goes on with a draft where it was left, once the guardian stands there; the look is written with its purpose."""
    mine = _one(user, pk)
    form, context = (
        presence.PresentForm(request.POST if request.method == "POST" else None),
        SECTION | {"enrolment": mine},
    )
    if not form.is_valid():
        return form_page(request, PRESENT, form, context)
    keep_form(request, PRESENT, form, context)
    drafting.open_at_counter(enrolment=mine, by=user, purpose=form.cleaned_data["why"])
    presence.came(request, mine)
    lacking = drafting.lacking(drafting.said_in(mine))
    return redirect("desk:care-counter-step", pk, lacking[0].number if lacking else LAST)


@require_http_methods(FORMS)
@staff_page
def step(request: HttpRequest, user: User, pk: int, at: int) -> HttpResponse:
    """One step; the last one hands it in, and the papers are seen at once."""
    mine, asked = _one(user, pk), numbered(at)
    if asked is None:
        raise Http404
    if refused := drafting.refusal_to_write(mine.guardian, user):
        raise refused
    if not presence.is_there(request, mine):
        return redirect("desk:care-counter-draft", pk)
    given = request.POST if request.method == "POST" else None
    form = STEP_FORMS[asked.key](given, enrolment=mine, initial=drafting.shown(mine, asked, user))
    context = _context(mine, asked)
    if not form.is_valid():
        return form_page(request, STEP, form, context)
    keep_form(request, STEP, form, context)
    given_now = drafting.kept_before(mine, form.said(), asked, user)
    kept = drafting.save_step(enrolment=mine, step=asked, said=given_now, by=user)
    if at < LAST:
        return redirect("desk:care-counter-step", pk, at + 1)
    on_refusal(request, lambda refused: _mend(request, kept, refused, user))
    submitting.submit(enrolment=kept, by=user)
    messages.success(request, "已提交。请当场核对证件原件。")
    return redirect("desk:care-enrolment", pk)


def _context(mine: Enrolment, asked: Step) -> dict[str, Any]:
    return SECTION | {"enrolment": mine, "step": asked, "steps": STEPS, "last": LAST, "back": asked.number - 1}


def _mend(request: HttpRequest, mine: Enrolment, refused: Refused, by: User) -> HttpResponse:
    """Not handed in: the step that stands in the way."""
    asked, form = again(mine, getattr(refused, "step", LAST), by)
    return page(request, STEP, _context(mine, asked) | {"form": form, "refused": refused}, status=refused.status)


@require_POST
@staff_page
def withdraw(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The guardian at the window has changed their mind."""
    seen = Enrolment.objects.at_counter(user) | Enrolment.objects.for_staff(user)
    mine = get_object_or_404(seen.distinct().select_related("guardian__community"), pk=pk)
    submitting.withdraw(enrolment=mine, by=user)
    messages.success(request, "已撤回，填写的内容已删除。")
    return redirect("desk:counter-person", mine.guardian_id)


def _one(user: User, pk: int) -> Enrolment:
    people = ("centre__community", "guardian__community", "guardian__account", "child")
    return get_object_or_404(Enrolment.objects.at_counter(user).select_related(*people), pk=pk)
