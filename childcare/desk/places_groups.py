"""班 at the desk: planned, looked at day by day, opened into its room, ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.models import Centre, Group
from childcare.place_forms import GroupForm, LastDayForm, OpenForm
from childcare.places import capacity, centres, closing, groups, rooms, showcase
from communities import duties
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused

SECTION: dict[str, Any] = {"section": "care_centres"}
FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    centre = get_object_or_404(Centre.objects.for_staff(user).select_related("community"), pk=pk)
    form = GroupForm(request.POST if request.method == "POST" else None, centre=centre)
    context = SECTION | {"centre": centre, "group": None}
    if not form.is_valid():
        return form_page(request, "desk/childcare/group_form.html", form, context)
    keep_form(request, "desk/childcare/group_form.html", form, context)
    made = groups.draft(centre=centre, facts=form.facts(), by=user)
    return redirect("desk:care-group", made.pk)


@require_http_methods(FORMS)
@staff_page
def change(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own = _own(user, pk)
    form = GroupForm(request.POST if request.method == "POST" else None, centre=own.centre, group=own)
    context = SECTION | {"centre": own.centre, "group": own}
    if not form.is_valid():
        return form_page(request, "desk/childcare/group_form.html", form, context)
    keep_form(request, "desk/childcare/group_form.html", form, context)
    groups.revise(group=own, facts=form.facts(), by=user)
    return redirect("desk:care-group", pk)


@require_safe
@staff_page
def group(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _page(request, user, _own(user, pk), None)


@require_POST
@staff_page
def open_group(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own, at = _own(user, pk), clock.now()
    on_refusal(request, lambda refused: _page(request, user, _own(user, pk), refused))
    form = OpenForm(request.POST, offered=[one.day for one in rooms.plan(own, at)])
    made = groups.open(group=own, days=form.chosen(), by=user, at=at)
    messages.success(request, f"已开放，名额{made.capacity}个，家长可以报名。")
    return redirect("desk:care-group", pk)


@require_POST
@staff_page
def discard(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own = _own(user, pk)
    groups.discard(group=own, by=user)
    messages.success(request, "已删除这个还没有开放的班。")
    return redirect("desk:care-centre", own.centre_id)


@require_http_methods(FORMS)
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own, form = (
        _own(user, pk),
        LastDayForm(request.POST if request.method == "POST" else None, initial={"last_day": clock.today()}),
    )
    context = SECTION | {"group": own, "held": own.places.held().count(), "waits": own.places.waiting().count()}
    if not form.is_valid():
        return form_page(request, "desk/childcare/group_close.html", form, context)
    keep_form(request, "desk/childcare/group_close.html", form, context)
    closing.close(group=own, last_day=form.cleaned_data["last_day"], by=user)
    messages.success(request, "已登记班的最后一天，家长已收到消息。")
    return redirect("desk:care-group", pk)


def _page(request: HttpRequest, user: User, own: Group, refused: Refused | None) -> HttpResponse:
    """A draft with the plan of its days and what is in the way; an open group with its figures."""
    at, draft = clock.now(), own.status == Group.Status.DRAFT
    limits = capacity.limits(own) if draft else []
    context = {
        "group": own, "refused": refused or (groups.refusal_to_open(own, user, at) if draft else None), "limits": limits,
        "capacity": max(min((one.most for one in limits), default=0), 0) if draft else own.capacity,
        "days": rooms.plan(own, at) if draft else [], "weekdays": showcase.weekdays_of(own.weekdays), "fees": showcase.fees_of(own),
        "heads": duties.holds(user, own.centre.community, *centres.HEADS), "serves": duties.holds(user, own.centre.community),
        "held": own.places.held().count(), "waits": own.places.waiting().count(), "running": len(groups.bookings_of(own)),
    }  # fmt: skip
    return page(request, "desk/childcare/group.html", SECTION | context, status=refused.status if refused else 200)


def _own(user: User, pk: int) -> Group:
    rows = Group.objects.for_staff(user).select_related(
        "centre__community__sub_district", "centre__operator", "room__community", "series"
    )
    return get_object_or_404(rows, pk=pk)
