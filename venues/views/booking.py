"""活动室: rooms that residents book, the free hours of a day, the last look, one's own bookings, giving one back."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import appeals
from communities.guards import resident_page
from communities.models import Resident, User
from core import clock
from core.pages import on_refusal, page
from core.paging import place, turned
from core.refusals import Refused
from venues import booking as bookings, lettable, no_shows, reconfirming
from venues.booking_forms import WishForm, spoken
from venues.models import Booking, Room

FORMS = ["GET", "HEAD", "POST"]


@require_safe
@resident_page
def rooms(request: HttpRequest, resident: Resident) -> HttpResponse:
    at = clock.now()
    context = {"rooms": list(lettable.rooms(resident)), "coming": list(lettable.coming(resident, at))}
    return page(request, "venues/rooms.html", context | {"barred": no_shows.barred_until(resident, at)})


@require_safe
@resident_page
def room(request: HttpRequest, resident: Resident, room_id: int) -> HttpResponse:
    """What is free on the day that the address names."""
    found = _shared(resident, room_id)
    refused = bookings.refusal_to_ask(found, resident, clock.now())
    return page(request, "venues/room.html", _sheet(request, found) | {"refused": refused})


@require_http_methods(FORMS)
@resident_page
def confirm(request: HttpRequest, resident: Resident, room_id: int) -> HttpResponse:
    """The last look; then, by POST, it is booked."""
    found, at, by = _shared(resident, room_id), clock.now(), cast(User, request.user)
    sheet = _sheet(request, found, asked=request.POST if request.method == "POST" else request.GET)
    form = cast("WishForm | None", sheet["form"])
    if form is None or not form.is_valid():
        return page(request, "venues/room.html", sheet, status=400)
    wish = form.wish()
    seen = {"room": found, "wish": wish, "form": form, "long": spoken(form.cleaned_data["minutes"]), "day": form.day}
    seen["fixed"] = at > bookings.last_to_cancel(found, wish.hours.starts_at)
    if request.method != "POST":
        return _last_look(request, seen, bookings.refusal_for(found, resident, wish, at))
    on_refusal(request, lambda refused: _last_look(request, seen, refused))
    made = bookings.book(room=found, resident=resident, wish=wish, by=by, at=at)
    return redirect(f"{reverse('venues:booking', args=[made.pk])}?done=1")


def _last_look(request: HttpRequest, seen: dict[str, Any], refused: Refused | None) -> HttpResponse:
    status = refused.status if refused and request.method == "POST" else 200
    return page(request, "venues/confirm.html", seen | {"refused": refused}, status=status)


@require_safe
@resident_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    at, before = clock.now(), place(request)
    coming = [] if before else list(lettable.coming(resident, at))
    shown, following = turned(request, lettable.over(resident, at, before), lettable.PAGE)
    return page(request, "venues/mine.html", {"coming": coming, "over": shown, "following": following, "tab": "me"})


@require_safe
@resident_page
def booking(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    found, at = _own(resident, pk), clock.now()
    case = appeals.case_of(resident, f"{no_shows.PREFIX}:{found.pk}", at)
    other = bookings.refusal_to_cancel(found, at)
    context = {
        "booking": found, "when": bookings.when(found), "just_booked": "done" in request.GET, "stays": other,
        "deadline": bookings.deadline(found), "asks": reconfirming.refusal_for(found, at) is None,
        "released_at": reconfirming.until(found), "appeal": case["state"] if case else None, "tab": "me",
    }  # fmt: skip
    return page(request, "venues/booking.html", context)


@require_POST
@resident_page
def reconfirm(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    reconfirming.confirm(booking=_own(resident, pk), by=cast(User, request.user))
    messages.success(request, "已确认，活动室为您留着。")
    return redirect("venues:booking", pk)


@require_http_methods(FORMS)
@resident_page
def cancel(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    found, at = _own(resident, pk), clock.now()
    if request.method != "POST":
        return _cancel_page(request, found, bookings.refusal_to_cancel(found, at), 200)
    on_refusal(request, lambda refused: _cancel_page(request, found, refused, refused.status))
    bookings.cancel(booking=found, by=cast(User, request.user))
    messages.success(request, f"已取消{found.room}{bookings.when(found)}的预订。")
    return redirect("venues:mine")


def _cancel_page(request: HttpRequest, found: Booking, refused: Refused | None, status: int) -> HttpResponse:
    context = {"booking": found, "when": bookings.when(found), "community": found.room.community, "refused": refused}
    return page(request, "venues/cancel.html", context, status=status)


def _sheet(request: HttpRequest, found: Room, asked: Any = None) -> dict[str, Any]:
    """The room with its days; the form is about the chosen day, and filled in with `asked`.

    `gone`: the day asked for can no longer be booked (the page was open past midnight); another one is not booked instead.
    """
    at = clock.now()
    days = lettable.days(found, at)
    source = request.GET if asked is None else asked
    chosen = lettable.today_or(source.get("day", ""), days)
    form, gone = None, asked is not None and lettable.named(source.get("day", ""), days) is None
    if chosen and (chosen.free or asked is not None):
        form = WishForm(
            None if gone else asked, day=chosen.day, room=found, free=chosen.free, rules=bookings.rules_of(found)
        )
    place_ = days.index(chosen) if chosen else 0
    before, after = days[place_ - 1] if place_ else None, days[place_ + 1] if place_ + 1 < len(days) else None
    around = {"chosen": chosen, "before": before, "after": after}
    return around | {"room": found, "days": days, "form": form, "gone": gone}


def _shared(resident: Resident, pk: int) -> Room:
    return get_object_or_404(lettable.rooms(resident), pk=pk)


def _own(resident: Resident, pk: int) -> Booking:
    mine = Booking.objects.of(resident).select_related("room__community__sub_district", "displaced_by", "ended_by")
    return get_object_or_404(mine, pk=pk)
