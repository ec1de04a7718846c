"""监护 at the desk: who answers for a child, for whom an adult answers; registered with both present."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities import finding, guardians, wards
from communities.desk.files import SECTION, mine_of
from communities.desk.guardians_forms import FindForm, RegisterForm
from communities.guards import staff_page
from communities.models import Guardian, Resident, User
from communities.models.guardians import ADULT, born_after
from core import clock
from core.pages import form_page, keep_form

PAGE = "desk/communities/guardians.html"
MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def guardians_of(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Of a child: the guardians, and `?q=` who else; of an adult: the children."""
    mine = mine_of(user, pk)
    context = _shown(request, user, mine)
    form = context["form"]
    if not form.is_valid():
        return form_page(request, PAGE, form, context)
    keep_form(request, PAGE, form, context)
    other = mine_of(user, int(form.cleaned_data["guardian"]))
    guardians.register(child=mine, guardian=other, kinship=form.kinship(), by=user)
    messages.success(request, f"已登记，{other.name}可以在自己的手机上为{mine.name}办理。")
    return redirect("desk:guardians", pk)


@require_POST
@staff_page
def sign(request: HttpRequest, user: User, pk: int, guardian: int) -> HttpResponse:
    """The guardian signed on paper that the child volunteers, or takes courses (`purpose`)."""
    mine, purpose = mine_of(user, pk), wards.named(request.POST.get("purpose"))
    if purpose is None:
        raise Http404
    guardians.sign(child=mine, guardian=_guardian(mine, guardian), by=user, purpose=purpose)
    messages.success(request, f"已记录监护人的同意：{mine.name}{wards.TITLES[purpose]}。")
    return redirect("desk:guardians", pk)


@require_POST
@staff_page
def end(request: HttpRequest, user: User, pk: int, guardian: int) -> HttpResponse:
    mine = mine_of(user, pk)
    ended = guardians.end(guardian=_guardian(mine, guardian), by=user)
    messages.success(request, f"已结束，{ended.guardian.name}不再为{mine.name}办理，其同意的事项也同时撤回。")
    return redirect("desk:guardians", pk)


def _guardian(child: Resident, pk: int) -> Guardian:
    return get_object_or_404(Guardian.objects.filter(child=child), pk=pk)


def _shown(request: HttpRequest, user: User, mine: Resident) -> dict[str, Any]:
    asked = request.GET.get("q", "")
    found = _candidates(user, mine, asked) if asked else []
    age = mine.age_on(clock.today())
    child = age is not None and age < ADULT
    rows = Guardian.objects.filter(child=mine) if child else Guardian.objects.filter(guardian=mine)
    return SECTION | {
        "resident": mine, "age": age, "child": child, "here": "guardians", "asked": asked, "found": found,
        "rows": rows.select_related("child", "guardian", "by").order_by("ended_at", "-pk")[:MOST],
        "words": wards.asked_of(mine, age) if child else [],
        "find": FindForm(initial={"q": asked}), "form": RegisterForm(request.POST if request.method == "POST" else None, people=found),
    }  # fmt: skip


def _candidates(user: User, mine: Resident, asked: str) -> list[Resident]:
    """Adults of the same community; who has no birth date on file is not known to be one."""
    here = finding.residents(user, asked).filter(community=mine.community_id, status=Resident.Status.CONFIRMED)
    adults = here.filter(birth_date__lte=born_after(clock.today())).exclude(pk=mine.pk)
    return list(adults.select_related("estate")[:MOST])
