"""星级 at the desk: who reached which, putting some on a list, one resident's room, and who is kept out for a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import barring, certificates, certified, starbook, starring
from activities.desk.stars_forms import BarForm, ReasonForm, StarFilter
from activities.models import Star, StarBar
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import number
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.paging import place, turned

SECTION = {"section": "stars"}
BAR = "desk/activities/star_bar.html"


@require_safe
@staff_page
def stars(request: HttpRequest, user: User) -> HttpResponse:
    return page(request, "desk/activities/stars.html", _list(request, user))


@require_POST
@staff_page
def show(request: HttpRequest, user: User) -> HttpResponse:
    """列入公示 of what was ticked: a draft that somebody else publishes."""
    picked = [number(one) for one in request.POST.getlist("star")]
    on_refusal(request, lambda refused: page(
        request, "desk/activities/stars.html", _list(request, user) | {"refused": refused, "picked": picked}, status=refused.status
    ))  # fmt: skip
    made = starring.show(stars=Star.objects.for_staff(user).filter(pk__in=picked), by=user)
    messages.success(request, f"已拟好一份公示，共{made.items.count()}项。请核对，再请另一位负责人发布。")
    return redirect("desk:notice", made.pk)


def _list(request: HttpRequest, user: User) -> dict[str, Any]:
    form = StarFilter(request.GET, user=user)
    shown, following = turned(request, starbook.page_of(user, form.asked(), place(request)), starbook.PAGE)
    on_lists = starbook.listed_of(list(shown))
    rows = [(one, on_lists.get(one.pk)) for one in shown]
    free = any(one.status == Star.Status.REACHED and item is None for one, item in rows)
    return SECTION | {"form": form, "rows": rows, "following": following, "free": free}


@require_safe
@staff_page
def room(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One resident: hours, stars, certificates, and what can be done."""
    mine = _resident(user, pk)
    context = {
        "resident": mine, "ways": starbook.ways_of(mine, clock.now()), "bars": _bars(mine), "units": certificates.units_of(mine),
        "stars": Star.objects.of(mine).order_by("-pk"), "issued": certified.mine(mine), "day": clock.today(),
    }  # fmt: skip
    return page(request, "desk/activities/resident_stars.html", SECTION | context)


@require_safe
@staff_page
def bars(request: HttpRequest, user: User) -> HttpResponse:
    shown, following = turned(request, starbook.bars_of(user, place(request)), starbook.PAGE)
    context = SECTION | {"rows": shown, "following": following, "day": clock.today()}
    return page(request, "desk/activities/star_bars.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def propose(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, template = _resident(user, pk), "desk/activities/star_bar_new.html"
    form = BarForm(request.POST if request.method == "POST" else None)
    until = barring.last_day(mine.community.sub_district_id, clock.today())
    context = SECTION | {"resident": mine, "until": until, "refused": barring.refusal_to_propose(mine, user)}
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    made = barring.propose(resident=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已提出，由社区主任或街道管理员中的另一位复核后生效。")
    return redirect("desk:star-bar", made.pk)


@require_safe
@staff_page
def bar(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    context = _shown(user, pk)
    return page(request, BAR, context | {"form": _reason(context["bar"])})


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = barring.approve(bar=_shown(user, pk)["bar"], by=user)
    messages.success(request, f"限制已生效，到{done.until:%Y年%-m月%-d日}为止。本人会收到消息，可以申诉。")
    return redirect("desk:star-bar", pk)


@require_POST
@staff_page
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Decline what waits, lift what holds."""
    context = _shown(user, pk)
    form = _reason(context["bar"], request.POST)
    if not form.is_valid():
        return form_page(request, BAR, form, context)
    keep_form(request, BAR, form, context)
    mine, reason = context["bar"], form.cleaned_data["reason"]
    done = barring.lift if mine.decided_at else barring.decline
    done(bar=mine, reason=reason, by=user)
    messages.success(
        request, "已解除，本人会收到消息。" if mine.decided_at else "已登记为未通过，提出的同事会收到消息。"
    )
    return redirect(f"{reverse('desk:star-bars')}")


def _reason(bar: StarBar, typed: QueryDict | None = None) -> ReasonForm:
    return ReasonForm(typed) if bar.decided_at else ReasonForm(typed, seen_by="提出的同事会看到这句话。")


def _resident(user: User, pk: int) -> Resident:
    return get_object_or_404(Resident.objects.for_staff(user).select_related("community", "estate"), pk=pk)


def _bars(resident: Resident) -> list[StarBar]:
    rows = StarBar.objects.filter(resident=resident).select_related("proposed_by", "decided_by", "lifted_by")
    return list(rows.order_by("-pk"))


def _shown(user: User, pk: int) -> dict[str, Any]:
    rows = StarBar.objects.for_staff(user)
    mine = get_object_or_404(
        rows.select_related("resident__community", "proposed_by", "decided_by", "lifted_by"), pk=pk
    )
    ask = barring.refusal_to_lift if mine.decided_at else barring.refusal_to_decide
    refused = None if mine.lifted_at else ask(mine, user)
    return SECTION | {"bar": mine, "refused": refused, "day": clock.today()}
