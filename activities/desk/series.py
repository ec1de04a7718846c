"""Staff pages: make a series of an activity, copy a series to new dates, copy a scheme to another community."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import schemes, series as repeating
from activities.desk.planning import SECTION, own
from activities.desk.series_forms import FirstForm, RepeatForm, SchemeForm, SeriesCopyForm, SourceForm
from activities.models import Series
from communities import calendar
from communities.guards import staff_page
from communities.models import Community, User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

PAGE = 50


@require_safe
@staff_page
def every(request: HttpRequest, user: User) -> HttpResponse:
    """The series of one's own communities, the newest first."""
    mine, before = Series.objects.filter(community__in=Community.objects.for_staff(user)), place(request)
    found = mine.filter(pk__lt=before) if before else mine
    held = found.annotate(
        many=Count("activities"), begins=Min("activities__starts_at"), ends=Max("activities__starts_at")
    )
    rows, following = turned(request, list(held.select_related("community").order_by("-pk")[: PAGE + 1]), PAGE)
    return page(request, "desk/activities/series_list.html", SECTION | {"rows": rows, "following": following})


@require_safe
@staff_page
def one(request: HttpRequest, user: User, series_id: int) -> HttpResponse:
    found = _own(user, series_id)
    rows = found.activities.with_counts().order_by("starts_at", "pk")
    return page(
        request,
        "desk/activities/series.html",
        SECTION
        | {"series": found, "rows": rows, "now": clock.now(), "drafts": any(one.status == "draft" for one in rows)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def repeat(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """Tick the weeks in which it is held again."""
    found = own(user, activity_id)
    offered = repeating.weekly(found, clock.now())
    form = RepeatForm(request.POST or None, offered=offered, title=found.series.title if found.series else found.title)
    street = found.community.sub_district_id
    unmarked = calendar.unmarked(street, [day.day for day in offered])
    context = SECTION | {"activity": found, "taken": [day for day in offered if day.taken], "unmarked": unmarked}
    if not form.is_valid():
        return form_page(request, "desk/activities/repeat.html", form, context)
    keep_form(request, "desk/activities/repeat.html", form, context)
    at_once = form.cleaned_data["publish"]
    made = repeating.repeat(
        activity=found, days=form.chosen(), title=form.cleaned_data["title"], publish=at_once, by=user
    )  # fmt: skip
    messages.success(request, f"已按周复制{len(made)}次，{'居民现在可以报名' if at_once else '存为草稿'}。")
    return redirect("desk:activity-series", made[0].series_id)


@require_POST
@staff_page
def publish(request: HttpRequest, user: User, series_id: int) -> HttpResponse:
    many = repeating.publish_drafts(series=_own(user, series_id), by=user)
    messages.success(request, f"已发布{many}次活动，居民现在可以报名。" if many else "没有可以发布的草稿。")
    return redirect("desk:activity-series", series_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def copy(request: HttpRequest, user: User, series_id: int) -> HttpResponse:
    """First the day of the first one, then a look at all days, then the copy."""
    found = _own(user, series_id)
    asked = FirstForm(request.GET if "first" in request.GET else None)
    form = SeriesCopyForm(
        request.POST or None, initial={"first": asked.cleaned_data["first"]} if asked.is_valid() else {}
    )
    days = _days(found, asked)
    unmarked = calendar.unmarked(found.community.sub_district_id, [one["day"] for one in days])
    context = SECTION | {"series": found, "asked": asked, "days": days, "unmarked": unmarked}
    if not form.is_valid():
        return form_page(request, "desk/activities/series_copy.html", form, context)
    keep_form(request, "desk/activities/series_copy.html", form, context)
    made = repeating.copy_series(series=found, by=user, **form.cleaned_data)
    messages.success(request, f"已复制{len(made)}次活动，存为草稿。请逐一检查后发布。")
    return redirect("desk:activity-series", made[0].series_id)


def _days(found: Series, asked: FirstForm) -> list[dict[str, Any]]:
    """Where each activity would come to lie, with holidays named."""
    if not asked.is_valid():
        return []
    moved = repeating.moves(found, asked.cleaned_data["first"])
    names = calendar.names_of(found.community.sub_district_id, [day for _, day in moved])
    return [{"activity": activity, "day": day, "holiday": names.get(day, "")} for activity, day in moved]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def scheme(request: HttpRequest, user: User) -> HttpResponse:
    """What works in one community, as drafts in another of the same sub-district."""
    asked = SourceForm(request.GET if "community" in request.GET else None, user=user)
    source = asked.chosen()
    if source is None:
        return page(request, "desk/activities/scheme.html", SECTION)
    form = SchemeForm(request.POST or None, user=user, source=source)
    context = SECTION | {"asked": asked, "source": source}
    if not form.is_valid():
        return form_page(request, "desk/activities/scheme.html", form, context)
    keep_form(request, "desk/activities/scheme.html", form, context)
    made = schemes.copy_scheme(source=source, by=user, **form.cleaned_data)
    messages.success(
        request,
        f"已复制到{form.cleaned_data['target']}：{made.activities}个活动草稿，{made.posts}个岗位。已有的没有重复。",
    )
    return redirect("desk:activities")


def _own(user: User, series_id: int) -> Series:
    mine = Series.objects.filter(community__in=Community.objects.for_staff(user)).select_related("community")
    return get_object_or_404(mine, pk=series_id)
