"""Residents' pages: the first page, courses, taking a seat, the code, giving the seat back."""

from functools import partial
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import open_page, resident_page
from communities.models import Community, Resident, User
from communities.paging import number
from core import clock
from core.pages import on_refusal, page
from core.paging import place, turned
from core.refusals import Refused
from nightschool import catalogue, confirming, enrolment, family, frontpage, leaving, tickets
from nightschool.applications import applied
from nightschool.line import mine as my_line
from nightschool.models import Channel, Course
from points import statement

if TYPE_CHECKING:
    from nightschool.seen import Ticket


@require_safe
@open_page
def home(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    at = clock.now()
    today, cards = frontpage.front_page(resident, at)
    if resident is None:
        community = Community.objects.joinable().first()
        context = {"community": community, "sentences": frontpage.how_points_work(community), "cards": cards}
        return page(request, "home_visitor.html", {"tab": "home", **context})
    hello, wallet = frontpage.hello(resident, len(today), at), statement.wallet(resident, at=at)
    seen = {"hello": hello, "wallet": wallet, "today": today, "cards": cards}
    beside = frontpage.beside(resident, clock.today(), cast(User, request.user))
    return page(request, "home.html", {"tab": "home", **seen, **beside})


@require_safe
@open_page
def courses(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    at, asked = clock.now(), request.GET.get("category", "")
    category = asked if asked in Course.Category.values else ""
    found = catalogue.page_of(resident, at, category=category, after=place(request, "after"))
    shown, following = turned(request, found, catalogue.PAGE, "after")
    cards = [catalogue.card(course, resident, at) for course in shown]
    context = {"cards": cards, "category": category, "categories": Course.Category.choices, "following": following}
    return page(request, "nightschool/courses.html", {"tab": "courses", **context})


@require_safe
@open_page
def course(request: HttpRequest, resident: Resident | None, course_id: int) -> HttpResponse:
    at = clock.now()
    found = enrolment.look(course_id, resident, at)
    refused = enrolment.refusal_for(found, resident, at)
    context = {
        "bar": applied.bar_for(found, resident, refused, at),
        "earn": catalogue.earning_for(found, resident, refused, at),
    }
    return page(request, "nightschool/course.html", context | catalogue.sheet(found, at))


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def confirm(request: HttpRequest, resident: Resident, course_id: int) -> HttpResponse:
    at, by = clock.now(), cast(User, request.user)
    asked = (request.POST if request.method == "POST" else request.GET).get("for", "")
    who = family.member(resident, number(asked) or resident.pk, by, at)
    found, purse = enrolment.look(course_id, who, at), "purse" in request.POST
    look = confirming.Look(found, resident, who, at)
    if request.method != "POST":
        return page(
            request, "nightschool/confirm.html", look.first(by, choosing="for" in request.GET and not number(asked))
        )
    again = partial(look.again, purse=purse)
    on_refusal(
        request, lambda refused: page(request, "nightschool/confirm.html", again(refused), status=refused.status)
    )
    seat = enrolment.enrol(course_id=course_id, resident=who, by=by, channel=Channel.PHONE, purse=purse)
    if who.pk == resident.pk:
        return redirect(f"{reverse('nightschool:ticket', args=[seat.pk])}?done=1")
    messages.success(request, look.done(seat))
    return redirect("nightschool:course", course_id)


@require_safe
@resident_page
def my_tickets(request: HttpRequest, resident: Resident) -> HttpResponse:
    at, before = clock.now(), place(request)
    coming = [] if before else tickets.coming(resident, at)
    over, following = turned(request, tickets.over(resident, at, before), tickets.PAGE)
    beside = tickets.Beside() if before else tickets.beside(resident, at)
    context = {
        "coming": coming, "over": over, "following": following, "qr": tickets.qr(coming[0]) if coming else "",
        "line": my_line.standing(resident) if beside.waits else [], "teaches": beside.teaches,
        "applications": applied.of_resident(resident, at) if beside.applied else [],
    }  # fmt: skip
    return page(request, "nightschool/tickets.html", {"tab": "tickets", **context})


@require_safe
@resident_page
def my_ticket(request: HttpRequest, resident: Resident, number: int) -> HttpResponse:
    at = clock.now()
    sheet = tickets.sheet(tickets.ticket(resident, number, at), at, just_redeemed="done" in request.GET)
    return page(request, "nightschool/ticket.html", {"tab": "tickets", **sheet})


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def cancel(request: HttpRequest, resident: Resident, number: int) -> HttpResponse:
    at, by = clock.now(), cast(User, request.user)
    mine = tickets.ticket(resident, number, at)
    if request.method != "POST":
        return _cancel_page(request, mine, tickets.withdrawal(mine, at), 200)
    on_refusal(request, lambda refused: _cancel_page(request, mine, refused, refused.status))
    leaving.withdraw(enrolment=mine, by=by)
    messages.success(request, tickets.given_back(mine))
    return redirect("nightschool:tickets")


def _cancel_page(request: HttpRequest, mine: "Ticket", refused: Refused | None, status: int) -> HttpResponse:
    context = {"ticket": mine, "community": mine.course.community, "refused": refused}
    return page(request, "nightschool/cancel.html", context, status=status)


@require_safe
@open_page
def check(request: HttpRequest, resident: Resident | None, token: str) -> HttpResponse:
    """Where a QR code leads: who you are decides what you see, and looking changes nothing."""
    shown = tickets.scanned(token, clock.now())
    if resident and resident.pk == shown.resident_id:
        return redirect("nightschool:ticket", shown.pk)
    if request.user.is_authenticated and tickets.may_check(request.user, shown):
        context = {"ticket": shown, "standing": tickets.standing(shown), "next_class": tickets.next_class(shown)}
        return page(request, "nightschool/check.html", context)
    return page(request, "nightschool/not_yours.html")
