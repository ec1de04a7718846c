"""Residents' pages of courses by draw or approval: applying, one's own application, and the public page of a draw."""

from functools import partial
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import open_page, resident_page
from communities.models import Resident, User
from communities.paging import number as number_of
from core import clock
from core.pages import on_refusal, page
from core.refusals import Refused
from nightschool import enrolment, family
from nightschool.applications import applied, applying, proof as draw_proof
from nightschool.models import Application, Channel

TICKETS = {"tab": "tickets"}
SCRIPT = settings.BASE_DIR / "docs" / "draw.py"


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def apply(request: HttpRequest, resident: Resident, course_id: int) -> HttpResponse:
    at, by = clock.now(), cast(User, request.user)
    asked = (request.POST if request.method == "POST" else request.GET).get("for", "")
    who = family.member(resident, number_of(asked) or resident.pk, by, at)
    found = enrolment.look(course_id, who, at)
    question = partial(applied.question, found, who, at, other=who.pk != resident.pk)
    if request.method != "POST":
        refused = applying.refusal_for(found, who, at, mine=applying.mine_of(course_id, who))
        choosing = "for" in request.GET and not number_of(asked)
        members = {"members": family.members(resident, by, at), "choosing": choosing}
        return page(request, "nightschool/apply.html", question(refused) | members)
    on_refusal(
        request, lambda refused: page(request, "nightschool/apply.html", question(refused), status=refused.status)
    )
    made = applying.apply(course_id=course_id, resident=who, by=by, channel=Channel.PHONE, at=at)
    if who.pk == resident.pk:
        messages.success(request, f"已提交申请，您的编号是{made.number}，积分没有扣。")
        return redirect("nightschool:application", made.pk)
    messages.success(request, f"已为{who.name}申请《{found.title}》，编号{made.number}，积分没有扣，结果会告诉本人。")
    return redirect("nightschool:course", course_id)


@require_safe
@resident_page
def application(request: HttpRequest, resident: Resident, number: int) -> HttpResponse:
    sheet = applied.sheet(applied.application(resident, number), clock.now())
    return page(request, "nightschool/application.html", TICKETS | sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def withdraw(request: HttpRequest, resident: Resident, number: int) -> HttpResponse:
    mine = applied.application(resident, number)
    if request.method != "POST":
        return _withdrawal(request, mine, applied.refusal_to_withdraw(mine), 200)
    on_refusal(request, lambda refused: _withdrawal(request, mine, refused, refused.status))
    applying.withdraw(application=mine, by=cast(User, request.user))
    messages.success(request, f"《{mine.course.title}》的申请已撤回，积分没有变动。")
    return redirect("nightschool:tickets")


def _withdrawal(request: HttpRequest, mine: Application, refused: Refused | None, status: int) -> HttpResponse:
    return page(request, "nightschool/application_withdraw.html", {"mine": mine, "refused": refused}, status=status)


@require_safe
@open_page
def draw(request: HttpRequest, resident: Resident | None, course_id: int) -> HttpResponse:
    """For everybody, signed in or not: the promise, the list, the order, and how to check them."""
    return page(request, "nightschool/draw.html", draw_proof.sheet(draw_proof.draw_of(course_id)))


@require_safe
@open_page
def draw_file(request: HttpRequest, resident: Resident | None, course_id: int, form: str) -> HttpResponse:
    """The list as list.json, which docs/draw.py reads, or as list.txt."""
    found, files = draw_proof.draw_of(course_id), {"json": draw_proof.as_json, "txt": draw_proof.as_text}
    if form not in files:
        raise Http404
    kind = "application/json" if form == "json" else "text/plain; charset=utf-8"
    answer = HttpResponse(files[form](found), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{course_id}.{form}"'
    return answer


@require_safe
@open_page
def draw_script(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """The forty lines that recompute a draw, to be run on one's own computer."""
    answer = FileResponse(SCRIPT.open("rb"), as_attachment=True, filename="draw.py", content_type="text/x-python")
    return cast(HttpResponse, answer)
