"""接走 on the teacher's phone: who may take the child, what was looked at, and the green page that it is done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.centre.door import watch_page
from childcare.centre.handover_forms import HandoverForm, NoteForm
from childcare.days.sights import Sights
from childcare.handover import asking, barring, book, releasing
from childcare.handover.options import options
from childcare.models import Handover, Place, Staffer
from childcare.staffing import turns
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@watch_page
def handover(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Looking is written down each time; the button lets the child go, or says why not."""
    place = _place(post, pk)
    there = turns.on_duty(post.centre, asking.day_of(place, clock.now()))
    colleagues = [one for one in there if one.account_id and one.pk != post.pk]
    form = HandoverForm(request.POST if request.method == "POST" else None, colleagues=colleagues)
    if not form.is_valid():
        return _shown(request, post, place, form, None)
    on_refusal(request, lambda refused: _shown(request, post, place, form, refused))
    assert post.account is not None
    made = releasing.release(place=place, by=post.account, **book.taker(*form.whom()), **form.said())
    return redirect("care:handed", made.pk)


@require_http_methods(FORMS)
@watch_page
def handed(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Done, and when; the lead may say beside it what was wrong."""
    mine = get_object_or_404(book.of_centre(post.centre), pk=pk)
    form = NoteForm(request.POST if request.method == "POST" else None)
    context = {"post": post, "tab": "today", "one": mine, "fresh": mine.day == clock.today()}
    if not form.is_valid():
        return form_page(request, "care/handed.html", form, context)
    keep_form(request, "care/handed.html", form, context)
    assert post.account is not None
    releasing.note(handover=mine, text=form.cleaned_data["text"], by=post.account)
    messages.success(request, "说明已保存，原记录没有改动。")
    return redirect("care:handed", mine.pk)


@require_safe
@watch_page
def handovers(request: HttpRequest, post: Staffer) -> HttpResponse:
    """Who left today, the last one on top; the first sight of a day is written down."""
    assert post.account is not None
    Sights(post.account, post.centre.community).once(f"托管接送记录：{post.centre}", "接送核对")
    rows = book.of_centre(post.centre).filter(day=clock.today()).order_by("-at", "-pk")
    return page(request, "care/handovers.html", {"post": post, "tab": "more", "rows": list(rows)})


@require_POST
@watch_page
def tried(request: HttpRequest, post: Staffer, pk: int, barred: int) -> HttpResponse:
    """The barred one stands at the door: head and lead hear of it at once."""
    place = _place(post, pk)
    found = get_object_or_404(barring.standing_for(place.child), pk=barred)
    assert post.account is not None
    barring.report_by_hand(barred=found, place=place, by=post.account)
    messages.success(request, "已通知中心负责人和社区主任。请让孩子留在室内，有危险请打110。")
    return redirect("care:handover", place.pk)


def _place(post: Staffer, pk: int) -> Place:
    """With a place on the day of which the child leaves: after midnight that is the day before."""
    rows = Place.objects.filter(group__centre=post.centre).select_related(
        "child__community", "group__centre__community"
    )
    mine = get_object_or_404(rows, pk=pk)
    if not Place.objects.held_on(asking.day_of(mine, clock.now())).filter(pk=mine.pk).exists():
        raise Http404
    return mine


def _shown(
    request: HttpRequest, post: Staffer, place: Place, form: HandoverForm, refused: Refused | None
) -> HttpResponse:
    assert post.account is not None
    now = clock.now()
    gone = Handover.objects.filter(place=place, day=asking.day_of(place, now)).first()
    context: dict[str, Any] = {
        "post": post, "tab": "today", "place": place, "form": form, "refused": refused, "gone": gone,
        "found": None if gone else options(place, now, post.account),
    }  # fmt: skip
    status = refused.status if refused else 400 if form.errors else 200
    return page(request, "care/handover.html", context, status=status)
