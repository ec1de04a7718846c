"""多人报名 at the desk: names typed, what will become of whom, then done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, page
from nightschool import seating
from nightschool.desk.seating_forms import NamesForm
from nightschool.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def seat_many(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """The list goes along hidden: names stand in no address, and only what was shown is done."""
    mine = Course.objects.for_staff(user).select_related("community__sub_district", "term")
    course = get_object_or_404(mine, pk=course_id)
    form, context = NamesForm(request.POST or None), {"section": "courses", "course": course}
    if not form.is_valid():
        return form_page(request, "desk/nightschool/seat_many.html", form, context)
    named = seating.named(user, form.lines())
    people = [one.resident for one in named if one.resident]
    if form.cleaned_data["sure"]:
        outcome = seating.seat_many(course=course, people=people, by=user)
        _say(request, outcome)
        return redirect(_sheets(course, outcome) if outcome.slips else reverse("desk:course", args=[course.pk]))
    found = seating.forecast(course, people, user, clock.now())
    context |= {
        "form": form, "unknown": [one for one in named if one.resident is None], "found": found,
        "seated": [one for one in found if one.seated], "waiting": [one for one in found if one.waits],
        "short": [one for one in found if one.short], "others": [one for one in found if one.refused and not one.short],
    }  # fmt: skip
    return page(request, "desk/nightschool/seat_many_sure.html", context)


@require_safe
@staff_page
def seat_many_slips(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """The slips of everybody in one go, an A4 sheet each: one half is signed and stays, the other is taken home."""
    course = get_object_or_404(Course.objects.for_staff(user), pk=course_id)
    found = seating.slips(user, request.GET.getlist("id"))
    return page(request, "desk/nightschool/slips.html", {"course": course, "slips": found})


def _sheets(course: Course, outcome: seating.Outcome) -> str:
    numbers = urlencode({"id": [one.pk for one in outcome.slips]}, doseq=True)
    return f"{reverse('desk:seat-many-slips', args=[course.pk])}?{numbers}"


def _say(request: HttpRequest, outcome: seating.Outcome) -> None:
    done = [f"已报上{len(outcome.seated)}人"] if outcome.seated else []
    done += [f"{len(outcome.waiting)}人进入候补（没有扣积分）"] if outcome.waiting else []
    if done:
        messages.success(request, f"{'，'.join(done)}。每个人都会收到消息。")
    for one, refused in outcome.refused:
        messages.error(request, f"{one.name}没有办成：{seating.said(refused)}。")
