"""消息 at the desk: the reader's own inbox (shown is read), what was sent to whom, what did not arrive, and what it cost."""

from typing import Any

from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from communities import duties
from communities.duties import Role
from communities.guards import staff_page
from communities.models import SubDistrict, User
from communities.paging import kept, sorted_slice
from communities.workbook import sent as as_file
from core.pages import page
from core.paging import place, turned
from notifications import costs, inbox, sentbook, settling
from notifications.forms import SentFilter
from notifications.models import Message

State = Message.State
PAYS = (Role.STREET_ADMIN, Role.FINANCE)
ANSWERED = {
    State.SENT: "服务商答复：已经发出，不用再发。",
    State.WAITING: "服务商答复：没有收到过。已重新排队发送。",
    State.FAILED: "服务商答复：没有收到过，已试满五次。请再发一次，或打电话告知。",
    State.UNCLEAR: "服务商还是说不清。请打电话问一下本人，再决定要不要再发。",
}


@require_safe
@staff_page
def messages(request: HttpRequest, user: User) -> HttpResponse:
    shown, following = turned(request, inbox.desk_page_of(user, place(request)), inbox.PAGE)
    inbox.mark_read(shown)
    return _page(request, user, "messages", {"inbox": shown, "following": following})


@require_safe
@staff_page
def sent(request: HttpRequest, user: User) -> HttpResponse:
    form = SentFilter(request.GET, user=user)
    rows, following = turned(request, sentbook.page_of(user, form.asked(), place(request)), sentbook.PAGE)
    context = {"form": form, "lines": list(sentbook.spelt(rows)), "following": following, "query": kept(request)}
    return _page(request, user, "sent", context)


@require_safe
@staff_page
def sent_export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return as_file(sentbook.file_of(user, SentFilter(request.GET, user=user).asked()), "发送记录")


@require_safe
@staff_page
def undelivered(request: HttpRequest, user: User) -> HttpResponse:
    """What somebody must look after, the oldest first."""
    waiting = sentbook.undelivered(user)
    shown = sorted_slice(request, waiting, among=Message.objects.for_staff(user), order=("due_at", "pk"))
    return _page(request, user, "undelivered", {"lines": list(sentbook.spelt(shown.rows)), "slice": shown})


@require_POST
@staff_page
def send_again(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    settling.send_again(message=_own(user, pk), by=user, sure="sure" in request.POST)
    said.success(request, "已重新排队发送。夜间不打扰，会等到早上8:30再发。")
    return redirect("desk:undelivered")


@require_POST
@staff_page
def settle(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    settling.settle(message=_own(user, pk), by=user)
    said.success(request, "已登记为用电话告知，不再发送。")
    return redirect("desk:undelivered")


@require_POST
@staff_page
def ask(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    state = settling.ask_again(message=_own(user, pk), by=user)
    said.info(request, ANSWERED.get(State(state), "这条消息刚才已由同事处理。"))
    return redirect("desk:undelivered")


@require_safe
@staff_page
def cost(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _street(user, pk)
    return _page(request, user, "cost", {"street": mine, "months": costs.months(), "lines": costs.lines(mine)})


@require_safe
@staff_page
def cost_export(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _street(user, pk)
    return as_file(costs.file_of(mine), f"{mine.name}短信费用")


def _page(request: HttpRequest, user: User, here: str, context: dict[str, Any]) -> HttpResponse:
    """One of the four pages, each of which leads to the others."""
    tabs = {"section": "messages", "here": here, "streets": duties.streets_of(user, *PAYS)}
    return page(request, f"desk/notifications/{here}.html", tabs | context)


def _own(user: User, pk: int) -> Message:
    return get_object_or_404(Message.objects.for_staff(user), pk=pk)


def _street(user: User, pk: int) -> SubDistrict:
    found = next((one for one in duties.streets_of(user, *PAYS) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found
