"""档案: one resident's file, from opening it at the counter to its phone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import files, households, phones, registration
from communities.desk.files_forms import CorrectForm, MoveForm, OpenForm
from communities.forms import DeclineForm
from communities.guards import staff_page
from communities.models import Community, Correction, Resident, User
from communities.paging import number
from core import clock
from core.pages import came_from, form_page, keep_form, on_refusal, page
from core.refusals import Refused

SECTION = {"section": "residents"}
FILE, OPEN, CORRECT = (f"desk/communities/{name}.html" for name in ("resident", "resident_new", "resident_correct"))
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def resident(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One file: who it is, the household, the phone, and what may be done."""
    return page(request, FILE, _file(user, mine_of(user, pk)))


@require_http_methods(FORMS)
@staff_page
def open_file(request: HttpRequest, user: User) -> HttpResponse:
    """For somebody at the counter. `?community=` where the reader has several, `?guardian=` for a minor of the family."""
    guardian = _guardian(request, user)
    community = guardian.community if guardian else _community(request, user)
    if community is None:
        return page(request, OPEN, SECTION | {"places": Community.objects.for_staff(user).order_by("pk")})
    asked: dict[str, Any] = {"community": community, "guardian": guardian}
    form = OpenForm(request.POST if request.method == "POST" else None, **asked)
    if not form.is_valid():
        return form_page(request, OPEN, form, SECTION | asked)

    def again(refused: Refused) -> HttpResponse:
        shown = OpenForm(request.POST, asks=getattr(refused, "twin", False), **asked)
        shown.add_error(None, refused.message)
        context = {"form": shown, "known": getattr(refused, "known", None), **asked, **SECTION}
        return page(request, OPEN, context, status=refused.status)

    on_refusal(request, again)
    given = {name: form.cleaned_data[name] for name in ("phone", "signed", "another")}
    made = files.open_file(by=user, facts=form.facts(), kinship=form.kinship(), **given, **asked)
    messages.success(request, f"已为{made.name}建档，登记已确认。")
    return redirect("desk:resident", made.pk)


@require_http_methods(FORMS)
@staff_page
def correct(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = mine_of(user, pk)
    shown = {"name": mine.name, "estate": mine.estate, "grid": mine.grid, "seen": files.mark(mine)}
    kind = {"document": mine.document} if mine.document else {}
    form = CorrectForm(request.POST if request.method == "POST" else None, resident=mine, initial=shown | kind)
    context = SECTION | {"resident": mine, "refused": files.refusal_to_correct(mine, user)}
    if not form.is_valid():
        return form_page(request, CORRECT, form, context)
    keep_form(request, CORRECT, form, context)
    reason, given = Correction.Reason(form.cleaned_data["reason"]), form.cleaned_data
    files.correct(
        resident=mine, by=user, facts=form.facts(), reason=reason, seen=given["seen"],
        forget_number=given.get("forget_number", False),
    )  # fmt: skip
    messages.success(request, "已更正，改动会记入变更记录。")
    return redirect("desk:resident", pk)


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    confirmed = registration.confirm(resident=mine_of(user, pk), by=user)
    messages.success(request, f"已确认{confirmed.name}。")
    return redirect(came_from(request, reverse("desk:residents")))


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form, mine = DeclineForm(request.POST), mine_of(user, pk)
    context = _file(user, mine, decline_form=form)
    if not form.is_valid():
        return form_page(request, FILE, form, context)
    keep_form(request, FILE, form, context)
    registration.decline(resident=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, f"已登记为未通过，{mine.name}登录后会看到原因。")
    return redirect("desk:residents")


@require_POST
@staff_page
def move(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = mine_of(user, pk)
    others = phones.others_on(mine, user)
    form = MoveForm(request.POST, others=others)
    context = _file(user, mine, move_form=form)
    if not form.is_valid():
        return form_page(request, FILE, form, context)

    def again(refused: Refused) -> HttpResponse:
        shown = MoveForm(request.POST, others=others, asks=isinstance(refused, phones.NumberServes))
        shown.add_error(None, refused.message)
        return page(request, FILE, context | {"move_form": shown}, status=refused.status)

    on_refusal(request, again)
    phones.move(resident=mine, by=user, **form.cleaned_data)
    along = "、".join(one.name for one in others) if form.cleaned_data.get("everyone") else ""
    messages.success(request, f"手机号已更换{f'，{along}也一起换了' if along else ''}，原号码不能再办理。")
    return redirect("desk:resident", pk)


@require_POST
@staff_page
def release(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    phones.release(resident=mine_of(user, pk), by=user, everyone="everyone" in request.POST)
    messages.success(request, "已解除手机号，档案和积分都保留，可在窗口办理。")
    return redirect("desk:resident", pk)


def mine_of(user: User, pk: int) -> Resident:
    """The file, if it is of a community where `user` works; else 404."""
    named = ("community__sub_district", "estate", "grid", "household", "account", "decided_by")
    return get_object_or_404(Resident.objects.for_staff(user).select_related(*named), pk=pk)


def _file(user: User, mine: Resident, **forms: Any) -> dict[str, Any]:
    same = (
        Resident.objects.for_staff(user)
        .filter(name=mine.name)
        .exclude(pk=mine.pk)
        .select_related("community", "estate")
    )
    others = phones.others_on(mine, user)
    blank = {"decline_form": DeclineForm(), "move_form": MoveForm(others=others), **forms}
    today = clock.today()
    return SECTION | blank | {
        "resident": mine, "same_name": same[:5], "others": others, "age": mine.age_on(today),
        "family": [one for one in households.members_of(mine.household_id) if one.pk != mine.pk],
        "corrected": mine.corrections.select_related("by").order_by("-at").first(), "here": "file",
    }  # fmt: skip


def _guardian(request: HttpRequest, user: User) -> Resident | None:
    wanted = number(request.GET.get("guardian", ""))
    return mine_of(user, wanted) if wanted else None


def _community(request: HttpRequest, user: User) -> Community | None:
    mine = list(Community.objects.for_staff(user).order_by("pk"))
    wanted = number(request.GET.get("community", ""))
    return mine[0] if len(mine) == 1 else next((one for one in mine if one.pk == wanted), None)
