"""表彰记录 at the desk: writing one down, the list, and the second person's decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import honours
from activities.desk.honours_forms import DeclineForm, HonourFilter, HonourForm
from activities.models import Honour
from communities import finding
from communities.guards import staff_page
from communities.models import Community, Resident, User
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "review"}
PAGE = 50
NEW, ONE = "desk/activities/honour_new.html", "desk/activities/honour.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = HonourFilter(request.GET, user=user)
    rows, before = _own(user).filter(**form.asked()).order_by("-pk"), place(request)
    shown, following = turned(request, list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1]), PAGE)
    words = finding.clean(request.GET.get("q", ""))
    found = [one for one in finding.people(user, words, 10).people if one.confirmed] if words else []
    context = {"form": form, "rows": shown, "following": following, "q": words, "found": found}
    return page(request, "desk/activities/honours.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    form = HonourForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"resident": resident, "refused": honours.refusal_to_record(resident, user)}
    if not form.is_valid():
        return form_page(request, NEW, form, context)
    keep_form(request, NEW, form, context)
    made = honours.record(resident=resident, by=user, **form.cleaned_data)
    messages.success(request, "已登记，由另一位工作人员核对证明材料后记入。")
    return redirect("desk:honour", made.pk)


@require_safe
@staff_page
def honour(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return page(request, ONE, _shown(user, pk) | {"form": DeclineForm()})


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = honours.approve(honour=_mine(user, pk), by=user)
    waits = "积分公示期满没有异议后入账。" if mine.award else "这一级别不计积分。"
    messages.success(request, f"已记入表彰记录。{waits}")
    return redirect("desk:honour", pk)


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form, context = DeclineForm(request.POST), _shown(user, pk)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    honours.decline(honour=context["one"], reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已登记为未通过，居民会收到消息，可以申诉。")
    return redirect("desk:honour", pk)


def _own(user: User) -> Any:
    mine = Honour.objects.filter(community__in=Community.objects.for_staff(user))
    return mine.select_related("resident__community", "community", "recorded_by", "decided_by", "award")


def _mine(user: User, pk: int) -> Honour:
    found: Honour = get_object_or_404(_own(user), pk=pk)
    return found


def _shown(user: User, pk: int) -> dict[str, Any]:
    mine = _mine(user, pk)
    (line,) = honours.lines([mine])
    asked = line.price.asked if line.price else 0
    about = f"{honours.PREFIX}:{pk}"
    return SECTION | {"one": mine, "about": about, "asked": asked, "refused": honours.refusal_for(mine, user)}
