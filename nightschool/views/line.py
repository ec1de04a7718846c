"""Residents' pages of the line: joining it, the own place in it, taking the seat that is offered, or giving it up."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities.guards import resident_page
from communities.models import Resident, User
from communities.paging import number
from core import clock
from core.pages import on_refusal, page
from core.refusals import Refused
from nightschool import enrolment, family
from nightschool.line import mine as my_line, waitlist
from nightschool.models import Channel

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@resident_page
def wait(request: HttpRequest, resident: Resident, course_id: int) -> HttpResponse:
    by = cast(User, request.user)
    asked = (request.POST if request.method == "POST" else request.GET).get("for", "")
    who = family.member(resident, number(asked) or resident.pk, by, clock.now())
    if request.method != "POST":
        return _wait_page(request, resident, course_id, None, who)
    on_refusal(request, lambda refused: _wait_page(request, resident, course_id, refused, who))
    waitlist.join(course_id=course_id, resident=who, by=by, channel=Channel.PHONE)
    if who.pk == resident.pk:
        messages.success(request, "已加入候补，没有扣积分。轮到时会通知您。")
        return redirect("nightschool:wait", course_id)
    messages.success(request, f"已为{who.name}加入候补，没有扣积分。轮到时会通知本人，由本人确认。")
    return redirect("nightschool:course", course_id)


@require_POST
@resident_page
def accept(request: HttpRequest, resident: Resident, course_id: int) -> HttpResponse:
    on_refusal(request, lambda refused: _wait_page(request, resident, course_id, refused))
    by, purse = cast(User, request.user), "purse" in request.POST
    seat = waitlist.accept(course_id=course_id, resident=resident, by=by, purse=purse)
    return redirect(f"{reverse('nightschool:ticket', args=[seat.pk])}?done=1")


@require_http_methods(FORMS)
@resident_page
def leave(request: HttpRequest, resident: Resident, course_id: int) -> HttpResponse:
    if request.method != "POST":
        mine = my_line.in_course(course_id, resident)
        refused = None if mine else waitlist.NotWaiting()
        return page(request, "nightschool/wait_leave.html", {"mine": mine, "refused": refused, "number": course_id})
    gone = waitlist.leave(course_id=course_id, resident=resident, by=cast(User, request.user))
    offered = gone.status == gone.Status.DECLINED
    messages.success(request, "名额已让给下一位，没有扣积分。" if offered else "已退出候补，没有扣积分。")
    return redirect("nightschool:course", course_id)


def _wait_page(
    request: HttpRequest, resident: Resident, course_id: int, refused: Refused | None, who: Resident | None = None
) -> HttpResponse:
    at, who = clock.now(), who or resident
    course = enrolment.look(course_id, who, at)
    if who.pk != resident.pk:
        context = my_line.joining(course, who, at, refused, other=True)
    else:
        context = my_line.sheet(course, resident, at, refused)
    return page(request, "nightschool/wait.html", context, status=refused.status if refused else 200)
