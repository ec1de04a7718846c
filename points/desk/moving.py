"""办理迁入: find somebody of another community by a whole number, and take them in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities.guards import staff_page
from communities.models import User
from core import words
from core.pages import form_page, keep_form, page
from points import moving
from points.moving_forms import FindForm, TakeForm

SECTION = {"section": "residents"}
FIND, SHEET = "desk/points/move_in.html", "desk/points/move_sheet.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def find(request: HttpRequest, user: User) -> HttpResponse:
    """The numbers stand in no address, and the answer shows nothing but masked names."""
    form = FindForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, FIND, form, SECTION)
    keep_form(request, FIND, form, SECTION)
    asked = form.asked()
    sheets = moving.find(asked=asked, by=user)
    found = [(one, TakeForm(None, sheet=one, community=asked.community, number=n)) for n, one in enumerate(sheets)]
    return page(request, SHEET, SECTION | {"community": asked.community, "found": found})


@require_POST
@staff_page
def take(request: HttpRequest, user: User) -> HttpResponse:
    resident, community = moving.opened(request.POST.get("token", ""), user)
    sheet = moving.sheet(resident, community, user)
    form = TakeForm(request.POST, sheet=sheet, community=community)
    context = SECTION | {"community": community, "found": [(sheet, form)]}
    if not form.is_valid():
        return form_page(request, SHEET, form, context)
    keep_form(request, SHEET, form, context)
    points = moving.move(resident=resident, community=community, by=user, **form.chosen())
    messages.success(request, f"已迁入{community.name}，{words.points(points)}积分随人转入，原社区会收到消息。")
    return redirect("desk:resident", resident.pk)
