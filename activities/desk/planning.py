"""Staff pages: plan an activity, publish it, change it, copy it, call it off, finish it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from activities import ending, follow_ups, leading, planning, revising, series
from activities.desk.planning_forms import ChangeForm, DayForm, FinishForm, PlanForm, ReasonForm, beginning
from activities.desk.series_forms import FollowUpForm
from activities.forms import AddForm, KindForm, SearchForm, asked
from activities.models import Activity
from communities import finding
from communities.guards import staff_page
from communities.models import Resident, User
from core import clock
from core.pages import form_page, keep_form, page

SECTION: dict[str, Any] = {"section": "activities"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """`?kind=ENV` fills in the template of that kind."""
    kind = asked(KindForm(request.GET)).get("kind", "")
    form = PlanForm(request.POST or None, user=user, initial=beginning(kind, user))
    context = SECTION | {"kinds": Activity.Kind.choices, "kind": kind}
    if not form.is_valid():
        return form_page(request, "desk/activities/new.html", form, context)
    keep_form(request, "desk/activities/new.html", form, context)
    keep = planning.draft if "draft" in request.POST else planning.plan
    made = keep(activity=form.activity(), providers=form.cleaned_data["providers"], by=user)
    is_draft = made.status == Activity.Status.DRAFT
    messages.success(request, f"《{made.title}》已{'存为草稿' if is_draft else '发布，居民现在可以报名'}。")
    return redirect("desk:activity", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def edit(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """A draft as a whole; of what was announced what may still change."""
    found = own(user, activity_id)
    is_draft = found.status == Activity.Status.DRAFT
    if not is_draft and (refused := revising.refusal_for(found, clock.now())):
        raise refused
    form = (PlanForm if is_draft else ChangeForm)(request.POST or None, user=user, instance=found)
    context = SECTION | {"activity": found, "is_draft": is_draft, "was": str(found)}
    if not form.is_valid():
        return form_page(request, "desk/activities/edit.html", form, context)
    keep_form(request, "desk/activities/edit.html", form, context)
    messages.success(request, _kept(form, user, is_draft))
    return redirect("desk:activity", found.pk)


def _kept(form: PlanForm, user: User, is_draft: bool) -> str:
    said = {"activity": form.activity(), "providers": form.cleaned_data["providers"], "by": user}
    if is_draft:
        planning.rewrite(**said)
        return "草稿已保存。"
    told = revising.change(**said)
    return f"已修改，并通知了{told}位报名的居民。" if told else "已修改。"


@require_POST
@staff_page
def publish(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    made = planning.publish(activity=own(user, activity_id), by=user)
    messages.success(request, f"《{made.title}》已发布，居民现在可以报名。")
    return redirect("desk:activity", made.pk)


@require_POST
@staff_page
def drop(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = own(user, activity_id)
    planning.drop(activity=found, by=user)
    messages.success(request, f"草稿《{found.title}》已删除。")
    return redirect("desk:activities")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def copy(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = own(user, activity_id)
    form = DayForm(request.POST or None)
    context = SECTION | {"activity": found}
    if not form.is_valid():
        return form_page(request, "desk/activities/copy.html", form, context)
    keep_form(request, "desk/activities/copy.html", form, context)
    made = series.copy(activity=found, day=form.cleaned_data["day"], by=user)
    messages.success(request, "已复制为草稿。请检查时间、地点和负责人后发布。")
    return redirect("desk:activity-edit", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def call_off(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = own(user, activity_id)
    form = ReasonForm(request.POST or None)
    context = SECTION | {"activity": found}
    if not form.is_valid():
        return form_page(request, "desk/activities/call_off.html", form, context)
    keep_form(request, "desk/activities/call_off.html", form, context)
    told = ending.call_off(activity=found, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, f"《{found.title}》已取消，已通知{told}位报名或候补的居民。")
    return redirect("desk:activity", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def finish(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = own(user, activity_id)
    form = FinishForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"activity": found, "unfinished": ending.refusal_to_finish(found, clock.now())}
    if not form.is_valid():
        return form_page(request, "desk/activities/finish.html", form, context)
    keep_form(request, "desk/activities/finish.html", form, context)
    ending.finish(activity=found, summary=form.cleaned_data["summary"], by=user)
    messages.success(request, f"《{found.title}》已办理结束。")
    return redirect("desk:activity", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def organiser(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """Who leads on the spot: looked for, chosen, or no longer."""
    found = own(user, activity_id)
    if request.method != "POST":
        words = asked(SearchForm(request.GET)).get("q", "")
        people = finding.people(user, words).people if words else []
        context = SECTION | {"activity": found, "q": words, "found": people}
        return page(request, "desk/activities/organiser.html", context)
    form = AddForm(request.POST)
    number = form.cleaned_data["resident"] if form.is_valid() else None
    chosen = get_object_or_404(Resident.objects.for_staff(user), pk=number) if "resident" in request.POST else None
    leading.appoint(activity=found, resident=chosen, by=user)
    messages.success(request, f"已请{chosen.name}担任现场组织人。" if chosen else "现在没有现场组织人。")
    return redirect("desk:activity", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def follow_up(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """What came of a salon or a lecture."""
    found = own(user, activity_id)
    form = FollowUpForm(request.POST or None, initial={"on": clock.today()})
    context = SECTION | {"activity": found}
    if not form.is_valid():
        return form_page(request, "desk/activities/follow_up.html", form, context)
    keep_form(request, "desk/activities/follow_up.html", form, context)
    follow_ups.note(activity=found, by=user, **form.cleaned_data)
    messages.success(request, "后续已登记。")
    return redirect("desk:activity", found.pk)


def own(user: User, activity_id: int) -> Activity:
    """The activity, if it is of a community where `user` works; else 404."""
    mine = Activity.objects.for_staff(user).select_related("community", "series", "room", "organiser")
    return get_object_or_404(mine, pk=activity_id)
