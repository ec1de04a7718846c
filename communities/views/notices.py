"""公示: what everybody may read, and the form by which a confirmed resident of the community objects."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import appeals, disclosure, noticebook, objections
from communities.guards import open_page
from communities.models import Notice, Objection, Resident, User
from communities.objection_forms import ObjectionForm
from communities.ownership import is_own, own_page
from core.pages import form_page, keep_form, page
from core.paging import onward, place

PAGE = 20


@require_safe
@open_page
def listing(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """What runs and what ended in the last 90 days, the newest first."""
    found = noticebook.public_of(resident, place(request), PAGE)
    following = onward(request, found[PAGE - 1].notice.pk if len(found) > PAGE else None)
    return page(request, "communities/notices.html", {"entries": found[:PAGE], "following": following})


@require_safe
@open_page
def notice(request: HttpRequest, resident: Resident | None, pk: int) -> HttpResponse:
    """Open to everybody: masked names of those who agreed, everybody else as a figure; one's own line to its resident."""
    mine = _public(pk)
    context: dict[str, Any] = {"notice": mine, "board": disclosure.board_of(mine), "community": mine.community}
    if resident and is_own(request.user, resident):  # to a helper as to everybody
        context |= {
            "refused": objections.refusal_to_object(mine, resident, cast(User, request.user)),
            "own": _own(mine, resident),
            "filed": list(mine.objections.filter(resident=resident).select_related("item").order_by("pk")),
        }
    return page(request, "communities/notice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def objection(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    mine, by = _public(pk), cast(User, request.user)
    board = disclosure.board_of(mine)
    named = {line.item: f"{line.who}：{line.said}" for line in board.lines}
    refused = objections.refusal_to_object(mine, resident, by)
    context = {"notice": mine, "board": board, "refused": refused, "community": mine.community}
    form = ObjectionForm(request.POST if request.method == "POST" else None, notice=mine, named=named)
    if not form.is_valid():
        return form_page(request, "communities/objection.html", form, context)
    keep_form(request, "communities/objection.html", form, context)
    made: Objection = objections.file(notice=mine, resident=resident, by=by, **form.cleaned_data)
    messages.success(request, f"异议已提交，{made.answer_by.month}月{made.answer_by.day}日前答复，结果发到您的消息。")
    return redirect("notice", mine.pk)


def _public(pk: int) -> Notice:
    return get_object_or_404(Notice.objects.public().select_related("community__sub_district"), pk=pk)


def _own(mine: Notice, resident: Resident) -> list[tuple[Any, bool]]:
    """The reader's own lines, each with whether its decision may be appealed (communities/appeals.py)."""
    rows = mine.items.filter(resident=resident).order_by("pk")
    return [(item, appeals.find(resident, item.about) is not None) for item in rows]
