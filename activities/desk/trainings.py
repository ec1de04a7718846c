"""培训记录 at the desk: who learnt what, entered for many at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import trainings
from activities.training_forms import Search, TrainingForm
from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "hours", "tab": "trainings"}
NEW = "desk/activities/training_new.html"


@require_safe
@staff_page
def listed(request: HttpRequest, user: User) -> HttpResponse:
    form = Search(request.GET)
    shown, following = turned(request, trainings.page_of(user, form.words(), place(request)), trainings.PAGE)
    context = {"form": form, "rows": shown, "following": following}
    return page(request, "desk/activities/trainings.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = TrainingForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, NEW, form, SECTION)
    keep_form(request, NEW, form, SECTION)
    place = form.cleaned_data["community"]
    people = trainings.named(place, form.cleaned_data["people"])
    made = trainings.enter(community=place, residents=people, lesson=form.lesson(), by=user)
    messages.success(request, f"已登记{len(made)}人的培训。培训不计服务时长，也不计积分。")
    return redirect("desk:trainings")


@require_POST
@staff_page
def void(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = get_object_or_404(trainings.for_staff(user), pk=pk)
    trainings.void(training=mine, by=user)
    messages.success(request, "已作废这条培训记录，居民的服务记录里不再列出。")
    return redirect("desk:trainings")
