"""活动室 at the desk: the register, one room with its facts, its week and its month, closing and opening again, who keeps the keys."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import finding
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from venues import addresses, checks, occupancy, register, roombook
from venues.models import Booking, Room, RoomPhoto
from venues.rooms_forms import RoomFilter, RoomForm

SECTION = {"section": "rooms"}
FORMS = ["GET", "HEAD", "POST"]
FORM = "desk/venues/room_form.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = RoomFilter(request.GET, user=user)
    wanted, counts = form.asked(), roombook.figures(user)
    tiles = [
        {"value": counts[one], "label": one.label, "url": f"?standing={one}", "current": wanted.get("standing") == one}
        for one in Room.Standing
    ]
    rooms = [(room, roombook.hours_said(list(room.hours.all()))) for room in roombook.asked(user, wanted)]
    context = {"form": form, "rooms": rooms, "kpis": tiles, "query": kept(request)}
    return page(request, "desk/venues/rooms.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(roombook.file_of(user, RoomFilter(request.GET, user=user).asked()), "阵地台账")


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = RoomForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, FORM, form, SECTION)
    keep_form(request, FORM, form, SECTION)
    made = register.add(room=form.asked(), hours=form.hours(), by=user)
    messages.success(request, f"已登记：{made.name}。")
    return redirect("desk:room", made.pk)


@require_http_methods(FORMS)
@staff_page
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = own(user, pk)
    form = RoomForm(request.POST if request.method == "POST" else None, instance=own(user, pk), user=user)
    context = SECTION | {"room": mine}
    if not form.is_valid():
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    made = register.change(room=form.asked(), hours=form.hours(), by=user)
    messages.success(request, f"已保存：{made.name}。已有的安排不变。")
    if crowded := [one for one in register.coming(made, clock.now()) if (one.people or 0) > made.capacity]:
        messages.warning(request, f"有{len(crowded)}次安排的人数超过{made.capacity}人，请尽快调整。")
    return redirect("desk:room", made.pk)


@require_safe
@staff_page
def room(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = own(user, pk)
    recent = checks.to_check(Booking.objects.filter(room=mine, starts_at__lte=clock.now()))
    context = {
        "room": mine, "tab": "facts", "hours": roombook.hours_said(list(mine.hours.all())),
        "coming": register.coming(mine, clock.now())[:5], "address": addresses.current(room=mine),
        "photo": RoomPhoto.objects.filter(room=mine).exists(),
        "recent": recent.select_related("room_check__finished_by").order_by("-starts_at")[:5],
    }  # fmt: skip
    return page(request, "desk/venues/room.html", SECTION | context)


@require_safe
@staff_page
def week(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, day = own(user, pk), day_in(request)
    monday = occupancy.monday_of(day)
    context = {"room": mine, "tab": "week", "days": occupancy.week_of(mine, day), "current": clock.today()}
    return page(request, "desk/venues/room_week.html", SECTION | context | around(monday, 7))


@require_safe
@staff_page
def month(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, day = own(user, pk), day_in(request).replace(day=1)
    context = {
        "room": mine, "tab": "month", "weeks": occupancy.month_of(mine, day), "month": day, "current": clock.today(),
        "previous": (day - timedelta(days=1)).replace(day=1), "next": (day + timedelta(days=31)).replace(day=1),
    }  # fmt: skip
    return page(request, "desk/venues/room_month.html", SECTION | context)


@require_POST
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = register.close(room=own(user, pk), by=user)
    messages.success(request, f"{done.name}已停用，不能再安排使用。")
    return redirect("desk:room", pk)


@require_POST
@staff_page
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = register.reopen(room=own(user, pk), by=user)
    messages.success(request, f"{done.name}已重新启用，状态为闲置。居民还不能预订，需要的话请在“修改”里打开。")
    return redirect("desk:room", pk)


@require_http_methods(FORMS)
@staff_page
def keys(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Which resident keeps the keys: looked for, chosen, or nobody any more."""
    mine = own(user, pk)
    if request.method != "POST":
        words = finding.clean(request.GET.get("q", ""))
        people = finding.people(user, words).people if words else []
        return page(request, "desk/venues/room_keys.html", SECTION | {"room": mine, "q": words, "found": people})
    number = request.POST.get("resident", "")
    chosen = get_object_or_404(Resident.objects.for_staff(user), pk=int(number) if _digits(number) else 0)
    register.entrust(room=mine, resident=chosen, by=user)
    messages.success(request, f"{chosen.name}现在保管{mine.name}的钥匙，已通知本人。")
    return redirect("desk:room", pk)


@require_POST
@staff_page
def keys_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    register.entrust(room=own(user, pk), resident=None, by=user)
    messages.success(request, "现在没有居民保管这间活动室的钥匙。")
    return redirect("desk:room", pk)


@require_POST
@staff_page
def calendar_renew(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = own(user, pk)
    before = addresses.current(room=mine)
    addresses.renew(room=mine, by=user)
    messages.success(request, "新的日历地址已生成，以前的地址不能再用。" if before else "日历地址已生成。")
    return redirect("desk:room", pk)


@require_POST
@staff_page
def calendar_stop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    addresses.stop(room=own(user, pk), by=user)
    messages.success(request, "日历地址已停用，谁也不能再用它查看。")
    return redirect("desk:room", pk)


def own(user: User, pk: int) -> Room:
    """A room of a community where `user` works; else 404."""
    mine = Room.objects.for_staff(user).select_related("community__sub_district", "keyholder")
    return get_object_or_404(mine.prefetch_related("hours"), pk=pk)


def day_in(request: HttpRequest) -> date:
    """The day that the address names; today for what is none, or so far away that a calendar has no pages for it."""
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()
    return day if 2000 < day.year < 2100 else clock.today()


def around(first: date, days: int) -> dict[str, Any]:
    """The pages before and after the one that begins on `first`."""
    return {"first": first, "previous": first - timedelta(days=days), "next": first + timedelta(days=days)}


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
