"""核销 at the desk: the list with its flags, entering for a shop without a network, undoing with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.desk.voucher_forms import NoteForm, ReasonForm, SheetForm, UseFilter, partners_of
from partners.models import Redemption
from partners.vouchers import entering, looking, undoing, usebook

SECTION, FORMS = {"section": "vouchers"}, ["GET", "HEAD", "POST"]
BLANK_LINES = range(1, 21)


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form, before = UseFilter(request.GET, user=user), place(request)
    found = usebook.uses(user, form.asked())
    rows, following = turned(
        request, list((found.filter(pk__lt=before) if before else found)[: usebook.PAGE + 1]), usebook.PAGE
    )
    context = {"form": form, "rows": rows, "following": following, "query": kept(request)}
    return page(request, "desk/partners/uses.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(usebook.file_of(user, UseFilter(request.GET, user=user).asked()), "服务券核销")


@require_http_methods(FORMS)
@staff_page
def use(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One use, and why it was flagged; a POST writes down what a look at it came to."""
    mine, form = _own(user, pk), NoteForm(request.POST if request.method == "POST" else None)
    at = clock.now()
    context = SECTION | {
        "use": mine, "may_look": looking.refusal_to_look(mine, user) is None,
        "no_undo": undoing.refusal_to_undo(mine, by=user, clerk=None, at=at),
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "desk/partners/use.html", form, context)
    keep_form(request, "desk/partners/use.html", form, context)
    looking.look(redemption=mine, by=user, note=form.cleaned_data["note"])
    messages.success(request, "已登记查看结论。")
    return redirect("desk:use", pk)


@require_http_methods(FORMS)
@staff_page
def undo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), ReasonForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"use": mine}
    if not form.is_valid():
        return form_page(request, "desk/partners/use_undo.html", form, context)
    keep_form(request, "desk/partners/use_undo.html", form, context)
    undoing.undo(redemption=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, "已撤销这次核销，本人会收到消息。")
    return redirect("desk:use", pk)


@require_http_methods(FORMS)
@staff_page
def enter(request: HttpRequest, user: User) -> HttpResponse:
    """The numbers of a signature sheet, each by itself: the same page says what became of every line."""
    form = SheetForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/partners/use_enter.html", form, SECTION)
    keep_form(request, "desk/partners/use_enter.html", form, SECTION)
    lines = entering.enter_sheet(by=user, **form.sheet())
    done = sum(line.redemption is not None for line in lines)
    context = {"form": form, "lines": lines, "done": done}
    return page(request, "desk/partners/use_enter.html", SECTION | context)


@require_safe
@staff_page
def sheet(request: HttpRequest, user: User) -> HttpResponse:
    """核销登记表 on paper for shops without a network: blank lines to be signed; `?partner=` puts its name above."""
    wanted = request.GET.get("partner", "")
    shop = partners_of(user).filter(pk=int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0).first()
    context = {
        "shop": shop, "partners": partners_of(user), "lines": BLANK_LINES, "unit": duties.unit_of(user), "now": clock.now(),
    }  # fmt: skip
    return page(request, "desk/partners/use_sheet.html", SECTION | context)


def _own(user: User, pk: int) -> Redemption:
    rows = Redemption.objects.for_staff(user).select_related(
        "voucher__offer", "voucher__community", "voucher__resident", "partner", "community", "clerk", "by", "looked_by",
        "undone_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)
