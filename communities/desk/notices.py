"""公示 at the desk: what is prepared, shown and over; the list of a draft, publishing, taking down, paper and the record."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import disclosure, finding, namelist, noticebook, notices, publishing
from communities.desk.notices_forms import LineForm, LinesForm, NoticeFilter, NoticeForm, WithdrawForm
from communities.guards import staff_page
from communities.models import Community, Notice, NoticeItem, Resident, User
from communities.paging import kept, number
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "notices"}
FORMS = ["GET", "HEAD", "POST"]
TEMPLATE = "desk/communities/notice.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """The newest first, filtered by what was chosen."""
    form = NoticeFilter(request.GET, user=user)
    found = noticebook.page_of(user, form.asked(), place(request))
    shown, following = turned(request, found, noticebook.PAGE)
    days = notices.last_days(one for one in shown)
    rows = [(one, days.get(one.pk)) for one in shown]
    context = {
        "form": form,
        "rows": rows,
        "following": following,
        "query": kept(request),
        "day": clock.today(),
    }
    return page(request, "desk/communities/notices.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """公示记录 of what the list shows."""
    form = NoticeFilter(request.GET, user=user)
    return sent(noticebook.workbook(user, form.asked()), "公示记录")


@require_http_methods(FORMS)
@staff_page
def prepare(request: HttpRequest, user: User) -> HttpResponse:
    template, mine = "desk/communities/notice_new.html", list(Community.objects.for_staff(user).order_by("pk"))
    form = NoticeForm(request.POST if request.method == "POST" else None, communities=mine)
    if not form.is_valid():
        return form_page(request, template, form, SECTION)
    keep_form(request, template, form, SECTION)
    given = form.cleaned_data
    lines = namelist.lines_from(given["community"], given["people"])
    made = notices.prepare(community=given["community"], title=given["title"], text=given["text"], lines=lines, by=user)
    messages.success(request, "已保存为待发布，请核对名单，再请负责人发布。")
    return redirect("desk:notice", made.pk)


@require_safe
@staff_page
def notice(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Everything about one: who is shown and who is only counted and why, what may be done, objections."""
    mine = _mine(user, pk)
    return page(request, TEMPLATE, _context(request, user, mine) | {"form": LinesForm(), "away": WithdrawForm()})


@require_POST
@staff_page
def add(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Several lines that were typed, or one person who was found (`resident`)."""
    mine, found = _mine(user, pk), request.POST.get("resident", "")
    form = LineForm(request.POST) if found else LinesForm(request.POST)
    context = _context(request, user, mine) | {"away": WithdrawForm()}
    if not form.is_valid():
        return form_page(request, TEMPLATE, form, context | {"found_form": bool(found)})
    keep_form(request, TEMPLATE, form, context | {"found_form": bool(found)})
    if found:
        own = Resident.objects.filter(community=mine.community, status=Resident.Status.CONFIRMED)
        person = get_object_or_404(own.select_related("community"), pk=number(found))
        lines = [notices.Line(form.cleaned_data["said"], person)]
    else:
        lines = namelist.lines_from(mine.community, form.cleaned_data["people"])
    notices.add_lines(notice=mine, lines=lines, by=user)
    messages.success(request, f"已加入{len(lines)}项。")
    return redirect("desk:notice", mine.pk)


@require_POST
@staff_page
def drop(request: HttpRequest, user: User, pk: int, item: int) -> HttpResponse:
    """Pressed twice, the line is gone all the same."""
    line = NoticeItem.objects.select_related("notice").filter(pk=item, notice=_mine(user, pk)).first()
    if line:
        notices.drop_line(item=line, by=user)
    messages.success(request, "已移出名单。")
    return redirect("desk:notice", pk)


@require_POST
@staff_page
def publish(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = publishing.publish(notice=_mine(user, pk), by=user)
    assert done.closes_on
    messages.success(
        request, f"已发布，公示到{done.closes_on.month}月{done.closes_on.day}日为止。请打印一份贴在公示栏。"
    )
    return redirect("desk:notice", pk)


@require_POST
@staff_page
def withdraw(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _mine(user, pk), WithdrawForm(request.POST)
    context = _context(request, user, mine) | {"form": LinesForm(), "away": form}
    if not form.is_valid():
        return page(request, TEMPLATE, context, status=400)
    publishing.withdraw(notice=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已撤下，名单上的事项可以重新公示。")
    return redirect("desk:notice", pk)


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A4 for the board: exactly what the public page shows."""
    mine = _mine(user, pk)
    if mine.status not in (Notice.Status.OPEN, Notice.Status.ENDED):
        raise Http404
    return page(request, "desk/communities/notice_print.html", {"notice": mine, "board": disclosure.board_of(mine)})


def _mine(user: User, pk: int) -> Notice:
    own = Notice.objects.for_staff(user).select_related(
        "community__sub_district", "prepared_by", "published_by", "ended_by"
    )
    return get_object_or_404(own, pk=pk)


def _context(request: HttpRequest, user: User, mine: Notice) -> dict[str, Any]:
    reading, draft = disclosure.reading_of(mine), mine.status == Notice.Status.DRAFT
    until, q = notices.last_days([mine]).get(mine.pk), request.GET.get("q", "") if draft else ""
    confirmed = finding.residents(user, q).filter(community=mine.community_id, status=Resident.Status.CONFIRMED)
    stopped = mine.items.filter(live=False).select_related("resident").order_by("pk")
    return SECTION | {
        "notice": mine, "reading": reading, "until": until, "gone": [] if draft else list(stopped), "q": q,
        "found": list(confirmed.select_related("estate")[: finding.MOST]) if q else [],
        "refused": publishing.refusal_to_publish(mine, user, [item for item, _ in reading.rows]),
        "kept": publishing.refusal_to_withdraw(mine, user),
        "objections": list(mine.objections.select_related("item__resident", "answered_by").order_by("pk")),
        "day": clock.today(),
    }  # fmt: skip
