"""更正 at the desk: proposed beside the record, decided by another colleague."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import correcting, corrections, rates
from activities.correction_forms import CorrectionFilter, CorrectionForm, DeclineForm
from activities.models import Correction, Participation, Service
from communities.guards import staff_page
from communities.models import Appeal, User
from communities.paging import number
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "hours"}


@require_safe
@staff_page
def listed(request: HttpRequest, user: User) -> HttpResponse:
    form = CorrectionFilter(request.GET, user=user)
    asked = form.asked()
    shown, following = turned(request, corrections.page_of(user, asked, place(request)), corrections.PAGE)
    tiles = [_tile(status, count, asked) for status, count in corrections.figures(user).items()]
    context = {"form": form, "rows": shown, "kpis": tiles, "following": following, "tab": "corrections"}
    return page(request, "desk/activities/corrections.html", SECTION | context)


def _tile(status: str, count: int, asked: dict[str, Any]) -> dict[str, Any]:
    url, label = f"{reverse('desk:corrections')}?status={status}", Correction.Status(status).label
    return {"value": count, "label": label, "url": url, "current": asked.get("status") == status}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def correct(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """Propose another length for one record; `?appeal=` names the upheld appeal that asks for it."""
    related = (
        "activity__community",
        "resident__estate",
        "guardian",
        "recorded_by",
        "confirmed_by",
        "absent_by",
        "award",
    )
    part = get_object_or_404(Participation.objects.for_staff(user).select_related(*related), pk=number)
    appeal = _appeal(request, user, part)
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=_begun(appeal))
    context = SECTION | {
        "part": part, "minutes": correcting.minutes_of(part), "appeal": appeal,
        "refused": correcting.refusal_to_propose(part, user), "earlier": _earlier(part),
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "desk/activities/correct.html", form, context)
    keep_form(request, "desk/activities/correct.html", form, context)
    made = correcting.propose(participation=part, appeal=appeal, by=user, **form.cleaned_data)
    messages.success(request, "已提出更正，由另一位工作人员复核后生效。现在的记录还没有变动。")
    return redirect("desk:correction", made.pk)


@require_safe
@staff_page
def correction(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What was proposed, and the decision, or who must make it."""
    return page(request, "desk/activities/correction.html", _shown(user, pk) | {"form": DeclineForm()})


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _mine(user, pk)
    correcting.approve(correction=mine, by=user)
    told = "会收到消息" if mine.participation.resident.account_id else "没有登录账号，请当面或打电话告诉本人"
    messages.success(request, f"已更正，时长和积分一起改好。{mine.participation.resident.name}{told}。")
    return redirect("desk:correction", pk)


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form, context = DeclineForm(request.POST), _shown(user, pk)
    if not form.is_valid():
        return form_page(request, "desk/activities/correction.html", form, context)
    keep_form(request, "desk/activities/correction.html", form, context)
    correcting.decline(correction=context["correction"], reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已登记为不通过，原来的记录没有变动。")
    return redirect("desk:correction", pk)


def _mine(user: User, pk: int) -> Correction:
    found = corrections.with_people(corrections.for_staff(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _appeal(request: HttpRequest, user: User, part: Participation) -> Appeal | None:
    asked = number(request.GET.get("appeal", ""))
    found = Appeal.objects.for_staff(user).filter(pk=asked).first() if asked else None
    return found if found and correcting.concerns(found, part) else None


def _begun(appeal: Appeal | None) -> dict[str, str]:
    return {"reason": f"申诉成立：{appeal.new_value}"[: correcting.REASON]} if appeal else {}


def _earlier(part: Participation) -> list[Correction]:
    return list(part.corrections.select_related("proposed_by", "decided_by").order_by("-pk"))


def _shown(user: User, pk: int) -> dict[str, Any]:
    """With what the points will be: what a cap cuts off is known only when it is booked."""
    mine = _mine(user, pk)
    part = mine.participation
    asks = rates.price_of(part.activity, mine.new_minutes, part.guardian or part.resident) if mine.new_minutes else None
    return SECTION | {
        "correction": mine, "part": part, "refused": correcting.refusal_for(mine, user), "asks": asks,
        "longer": mine.new_minutes > part.activity.minutes, "gone": correcting.taken_back_before(part.award),
        "services": Service.objects.filter(participation=part).select_related("recorded_by", "confirmed_by").order_by("pk"),
        "about": f"correction:{pk}",
    }  # fmt: skip
