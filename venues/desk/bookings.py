"""活动室预订 at the desk: the list, booking once or week after week, one booking and what can be done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import calendar, counter, workbook
from communities.finding import ACTIVE
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import kept, sorted_slice
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place
from venues import booking as bookings, bookingbook, lettable, no_shows, reconfirming, series
from venues.booking_forms import WishForm
from venues.counter import number_of
from venues.desk.booking_forms import BookingFilter, BookingForm, DaysForm, ReasonForm
from venues.models import Booking

SECTION: dict[str, Any] = {"section": "rooms"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def every(request: HttpRequest, user: User) -> HttpResponse:
    form = BookingFilter(request.GET, user=user)
    asked = form.asked()
    rows, order = bookingbook.listed(user, asked, clock.now()), bookingbook.order_of(asked)
    shown = sorted_slice(request, rows, among=Booking.objects.for_staff(user), order=order)
    context = SECTION | {"form": form, "slice": shown, "query": kept(request), "now": clock.now()}
    return page(request, "desk/venues/bookings.html", context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    asked = BookingFilter(request.GET, user=user).asked()
    rows = bookingbook.listed(user, asked, clock.now()).order_by(*bookingbook.order_of(asked))
    return workbook.sent(bookingbook.workbook(rows.iterator()), "活动室预订")


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """First a look at every day, then the same page books the days that are ticked."""
    form = BookingForm(request.POST or None, user=user, initial={"room": place(request, "room")})
    template = "desk/venues/booking_new.html"
    if not form.is_valid():
        return form_page(request, template, form, SECTION)
    room, pattern, purpose, at = form.cleaned_data["room"], form.pattern(), form.purpose(), clock.now()
    keep_form(request, template, form, SECTION)
    if refused := series.refusal_for(pattern, purpose.use, at):
        raise refused
    days = series.look(room, pattern, purpose.use, at)
    picked = DaysForm(request.POST, offered=days)
    chosen = picked.chosen()
    looked = picked.cleaned_data.get("seen") == form.mark()
    ticked = chosen if looked else {one.day for one in days if one.is_offered}
    unmarked = calendar.unmarked(room.community.sub_district_id, [one.day for one in days])
    context = SECTION | {"days": days, "ticked": ticked, "mark": form.mark(), "unmarked": unmarked}
    if not looked:
        return page(request, template, context | {"form": form})
    keep_form(request, template, form, context)
    made = series.book(room=room, pattern=pattern, purpose=purpose, by=user, days=chosen, at=at)
    messages.success(request, f"已预订{room}，共{len(made)}次。")
    return redirect("desk:booking", made[0].pk)


@require_safe
@staff_page
def one(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found, at = _own(user, pk), clock.now()
    may_mark = no_shows.refusal_to_mark(found, at) is None
    context = {
        "booking": found, "when": bookings.when(found), "now": at, "form": ReasonForm(),
        "may_call_off": bookings.refusal_to_call_off(found, at) is None,
        "may_confirm": reconfirming.refusal_for(found, at) is None, "may_mark": may_mark,
        "may_excuse": found.status == Booking.Status.NO_SHOW and not found.excused_at,
        "follows": no_shows.follows(found) if may_mark else "",
        "ahead": found.series.bookings.holding().filter(starts_at__gt=at).count() if found.series else 0,
    }  # fmt: skip
    return page(request, "desk/venues/booking.html", SECTION | context)


@require_POST
@staff_page
def call_off(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = _own(user, pk)
    if request.POST.get("all") and found.series:
        many = series.end(series=found.series, reason=request.POST.get("reason", ""), by=user)
        messages.success(request, f"已取消这个系列以后的{many}次。")
        return redirect("desk:booking", pk)
    bookings.call_off(booking=found, reason=request.POST.get("reason", ""), by=user)
    messages.success(request, "已取消，预订人会收到消息。" if found.resident_id else "已取消。")
    return redirect("desk:booking", pk)


@require_POST
@staff_page
def reconfirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    reconfirming.confirm_for(booking=_own(user, pk), by=user)
    messages.success(request, "已确认，活动室保留。")
    return redirect("desk:booking", pk)


@require_POST
@staff_page
def no_show(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    no_shows.mark(booking=_own(user, pk), by=user)
    messages.success(request, "已记为未到，预订人会收到消息，可以申诉。")
    return redirect("desk:booking", pk)


@require_POST
@staff_page
def excuse(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    no_shows.excuse(booking=_own(user, pk), reason=request.POST.get("reason", ""), by=user)
    messages.success(request, "这次未到不再计算，预订人会收到消息。")
    return redirect("desk:booking", pk)


@require_safe
@staff_page
def for_somebody(request: HttpRequest, user: User, pk: int, room_id: int) -> HttpResponse:
    """At the counter: the day and the hours; the last look and the slip are the counter's own."""
    mine = Resident.objects.for_staff(user).filter(status__in=ACTIVE).select_related("community__sub_district")
    resident, at = get_object_or_404(mine, pk=pk), clock.now()
    room = get_object_or_404(lettable.rooms(resident), pk=room_id)
    days = lettable.days(room, at)
    chosen = lettable.today_or(request.GET.get("day", ""), days)
    form, asked = None, "start" in request.GET
    gone = asked and lettable.named(request.GET.get("day", ""), days) is None
    if chosen:
        data = request.GET if asked and not gone else None
        form = WishForm(data, day=chosen.day, room=room, free=chosen.free, rules=bookings.rules_of(room))
        if form.is_valid():
            return redirect(reverse("desk:counter-act", args=[pk, "room-book", number_of(room, form.wish())]))
    refused = counter.refusal_for(resident, user) or bookings.refusal_to_ask(room, resident, at)
    context = {"resident": resident, "room": room, "days": days, "chosen": chosen, "form": form, "refused": refused}
    return page(request, "desk/venues/booking_for.html", {"section": "counter", "gone": gone} | context)


def _own(user: User, pk: int) -> Booking:
    mine = Booking.objects.for_staff(user).select_related(
        "room__community__sub_district", "resident__community", "by", "ended_by", "excused_by", "series", "displaced_by"
    )
    return get_object_or_404(mine, pk=pk)
