"""纸质点名表: printed for a day, and typed in later."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from childcare.centre.door import OffDuty, care_page
from childcare.centre.paper_form import PaperForm
from childcare.days import glance, paper, seeing, who
from childcare.models import Group, Staffer
from core import clock
from core.pages import form_page, keep_form, page

BLANK = range(6)


@require_http_methods(["GET", "HEAD", "POST"])
@care_page
def entry(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Of the day in the address, else of today."""
    mine, day = _group(post, pk), _day(request)
    assert post.account is not None
    refused = paper.refusal_for(mine, day, post.account)
    rows = [] if refused else seeing.sheet_of(mine, day, post.account)
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        rows=rows,
        whom=paper.collectors(rows, day),
        staff=paper.staff_of(mine, day),
    )
    context = {
        "post": post,
        "tab": "today",
        "group": mine,
        "day": day,
        "refused": refused,
    }
    if not form.is_valid():
        return form_page(request, "care/paper.html", form, context)
    keep_form(request, "care/paper.html", form, context)
    done = paper.enter(group=mine, day=day, lines=form.lines(), by=post.account)
    messages.success(request, f"已补录{done}个孩子。")
    return redirect("care:group", mine.pk)


@require_safe
@care_page
def sheet(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """A4: names, boxes to fill and sign, blank lines. No health: it lies about in the room. For who is on duty that day or today."""
    mine, day = _group(post, pk), _day(request)
    if not (who.watches(post, day) or who.watches(post, clock.today())):
        raise OffDuty
    assert post.account is not None
    context = {
        "post": post,
        "group": mine,
        "day": day,
        "rows": seeing.sheet_of(mine, day, post.account),
        "blank": BLANK,
        "printed_at": clock.now(),
    }
    return page(request, "care/sheet.html", context)


def _group(post: Staffer, pk: int) -> Group:
    found = glance.group_of(post, pk)
    if found is None:
        raise Http404
    return found


def _day(request: HttpRequest) -> date:
    """?day=2026-12-01; whatever is wrong counts as today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return clock.today()
