"""Staff pages: a course as a draft, what is looked at before it opens, and its picture."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.photo_form import PhotoForm
from communities.photos import shown
from core import clock
from core.pages import form_page, keep_form, page
from nightschool import drafting, photos, planning
from nightschool.desk.drafts_forms import CourseForm
from nightschool.models import Course, CoursePhoto
from venues.claiming import Hours

COURSES = {"section": "courses"}
FORMS = ["GET", "HEAD", "POST"]
FORM, LOOKED_AT, PHOTO = (
    "desk/nightschool/course_form.html",
    "desk/nightschool/draft.html",
    "desk/nightschool/photo.html",
)


@require_http_methods(FORMS)
@staff_page
def course_new(request: HttpRequest, user: User) -> HttpResponse:
    form = CourseForm(request.POST or None, user=user)
    context = COURSES | {"terms": form.terms.exists()}
    if not form.is_valid():
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    made = drafting.draft(
        course=form.course(), timetable=form.timetable(), closes_at=form.cleaned_data["closes_at"], by=user
    )
    messages.success(request, f"《{made.title}》已存为草稿，居民还看不到。请核对上课日期，再开放报名。")
    _warn(request, planning.put_off(form.timetable(), form.cleaned_data["room"]))
    return redirect("desk:course-draft", made.pk)


@require_safe
@staff_page
def draft(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """The dates, with what stands against each by now, what was left out, and what staff should think of."""
    found = own(user, course_id)
    if found.status != Course.Status.DRAFT:
        return redirect("desk:course", found.pk)
    sessions, at = drafting.classes_of(found), clock.now()
    hours = [Hours(one.starts_at, one.ends_at) for one in sessions]
    looked = planning.looked_at(found.room, hours)
    rows = [{"session": one, "against": day.skipped} for one, day in zip(sessions, looked, strict=True)]
    context = {
        "course": found, "rows": rows, "left_out": planning.left_out(found, sessions),
        "against": sum(1 for day in looked if day.skipped), "warnings": drafting.warnings(found, sessions, at),
    }  # fmt: skip
    return page(request, LOOKED_AT, COURSES | context)


@require_http_methods(FORMS)
@staff_page
def draft_edit(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = own(user, course_id)
    form = CourseForm(request.POST or None, user=user, instance=found)
    context = COURSES | {"terms": True, "course_id": found.pk}
    if not form.is_valid():
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    drafting.redraft(
        course=form.course(), timetable=form.timetable(), closes_at=form.cleaned_data["closes_at"], by=user
    )
    messages.success(request, "草稿已改好，请再核对一遍上课日期。")
    _warn(request, planning.put_off(form.timetable(), form.cleaned_data["room"]))
    return redirect("desk:course-draft", found.pk)


@require_POST
@staff_page
def draft_replan(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    drafting.replan(course=own(user, course_id), by=user)
    messages.success(request, "已避开节假日和教室占用，重新排好，请核对。")
    return redirect("desk:course-draft", course_id)


@require_POST
@staff_page
def draft_open(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    opened = drafting.open_draft(course=own(user, course_id), by=user)
    messages.success(request, f"《{opened.title}》已开放，居民看得到了；教室已占好。")
    return redirect("desk:course", opened.pk)


@require_POST
@staff_page
def draft_discard(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = own(user, course_id)
    drafting.discard(course=found, by=user)
    messages.success(request, f"草稿《{found.title}》已删除。")
    return redirect("desk:courses")


@require_http_methods(FORMS)
@staff_page
def photo(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = own(user, course_id)
    form = PhotoForm(request.POST or None, request.FILES or None, by=user)
    context = COURSES | {"course": found, "photo": CoursePhoto.objects.filter(course=found).only("at").first()}
    if not form.is_valid() or form.picture is None:
        return form_page(request, PHOTO, form, context)
    keep_form(request, PHOTO, form, context)
    photos.put(course=found, picture=form.picture, by=user)
    messages.success(request, "图片已换上。")
    return redirect("desk:course-photo", found.pk)


@require_POST
@staff_page
def photo_remove(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    photos.remove(course=own(user, course_id), by=user)
    messages.success(request, "图片已去掉。")
    return redirect("desk:course-photo", course_id)


@require_safe
@staff_page
def photo_shown(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    return shown(get_object_or_404(CoursePhoto, course=own(user, course_id)))


def _warn(request: HttpRequest, said: str) -> None:
    if said:
        messages.warning(request, said)


def own(user: User, course_id: int) -> Course:
    """A course of the communities where `user` works; that of another one does not exist (404)."""
    mine = Course.objects.for_staff(user).select_related(
        "community__sub_district", "room__community", "partner", "term", "taught_by"
    )
    return get_object_or_404(mine, pk=course_id)
