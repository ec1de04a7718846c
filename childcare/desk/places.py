"""托位和候补 at the desk: the list on screen, on paper and as a file; one place, and what a colleague does with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare import opening
from childcare.desk.taking import taken
from childcare.models import Place
from childcare.opening import Part
from childcare.place_forms import EndForm, MoveForm, PlaceFilter
from childcare.places import book, ending, line, moving, offering, showcase
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place as start, turned

SECTION: dict[str, Any] = {"section": "care_places"}
FORMS = ["GET", "HEAD", "POST"]
PURPOSE = "办理托位"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = PlaceFilter(request.GET, user=user)
    rows, following = turned(request, book.page_of(user, form.asked(), start(request)), book.PAGE)
    numbers = book.numbers_of(rows)
    shown = [(one, numbers.get(one.pk), showcase.weekdays_of(one.plan)) for one in rows]
    context = {"form": form, "rows": shown, "following": following, "query": kept(request)}
    return page(request, "desk/childcare/places.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows, after its purpose was written down."""
    said = PlaceFilter(request.GET, user=user).asked()
    context = SECTION | {
        "title": "导出托位和候补",
        "back": "desk:care-places",
        "holds": "孩子和付费监护人的姓名、候补次序和托位安排",
    }
    return taken(request, context, "托位和候补", lambda purpose: book.file_of(user=user, said=said, purpose=purpose))


@require_safe
@staff_page
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """A4, of what the list shows."""
    found = book.paper_of(user=user, said=PlaceFilter(request.GET, user=user).asked())
    numbers = book.numbers_of(found)
    rows = [(one, numbers.get(one.pk), showcase.weekdays_of(one.plan)) for one in found]
    return page(request, "desk/childcare/places_paper.html", {"rows": rows, "printed_at": clock.now(), "maker": user})


@require_safe
@staff_page
def place(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own, at = _own(user, pk), clock.now()
    opening.look(user=user, child=own.child, parts={Part.BASIC}, purpose=PURPOSE)
    context = {
        "one": own, "days": showcase.weekdays_of(own.plan), "number": line.ahead_of(own) + 1,
        "refused": offering.refusal_to_accept(own, user, at) if own.status == Place.Status.OFFERED else None,
    }  # fmt: skip
    return page(request, "desk/childcare/place.html", SECTION | context)


@require_POST
@staff_page
def accept(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The family said yes on the telephone or at the desk."""
    offering.accept(place=_own(user, pk), by=user)
    messages.success(request, "已代家长接受，孩子有托位了。")
    return redirect("desk:care-place", pk)


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    offering.decline(place=_own(user, pk), by=user)
    messages.success(request, "已代家长放弃，托位给下一位。")
    return redirect("desk:care-place", pk)


@require_http_methods(FORMS)
@staff_page
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own, form = (
        _own(user, pk),
        EndForm(request.POST if request.method == "POST" else None, initial={"last_day": clock.today()}),
    )
    context = SECTION | {"one": own}
    if not form.is_valid():
        return form_page(request, "desk/childcare/place_end.html", form, context)
    keep_form(request, "desk/childcare/place_end.html", form, context)
    ending.end(place=own, by=user, **form.cleaned_data)
    messages.success(request, "已登记，家长已收到消息。")
    return redirect("desk:care-place", pk)


@require_POST
@staff_page
def keep(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    ending.keep(place=_own(user, pk), by=user)
    messages.success(request, "已保留托位。")
    return redirect("desk:care-place", pk)


@require_http_methods(FORMS)
@staff_page
def move(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own = _own(user, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, place=own)
    context = SECTION | {"one": own}
    if not form.is_valid():
        return form_page(request, "desk/childcare/place_move.html", form, context)
    keep_form(request, "desk/childcare/place_move.html", form, context)
    made = moving.move(place=own, by=user, **form.cleaned_data)
    messages.success(request, "已转班，家长已收到消息。")
    return redirect("desk:care-place", made.pk)


def _own(user: User, pk: int) -> Place:
    rows = Place.objects.for_staff(user).select_related(
        "group__centre__community", "group__room", "child__community", "payer", "ended_by"
    )
    return get_object_or_404(rows, pk=pk)
