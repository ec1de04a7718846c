"""The resident's pages: the statement, on the screen, on paper and as a file, and the household's purse."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities.guards import open_page, resident_page
from communities.models import Community, Resident, User
from communities.ownership import is_own, own_page
from communities.workbook import sent
from core import clock
from core.pages import page
from core.paging import onward, place
from points import debts, export, passbook, purse, rulebook, statement
from points.statement_forms import PassbookPeriod, StatementFilter


@require_safe
@resident_page
def my_statement(request: HttpRequest, resident: Resident) -> HttpResponse:
    form, before, today = StatementFilter(request.GET), place(request), clock.today()
    asked = form.asked()
    found = statement.page_of(resident, asked, before=before) if asked else statement.NOTHING
    context: dict[str, Any] = {
        "lines": found.lines, "asked": asked, "following": onward(request, found.older), "older": before, "form": form,
        "spans": statement.spans(today),
    }  # fmt: skip
    if not (before or form.narrows):
        remains = statement.remains(resident, on=today)
        context |= {"remains": remains, "owed": debts.owed(resident) if remains.owed else None}
    return page(request, "points/statement.html", {"tab": "me", **context})


@require_safe
@resident_page
def my_export(request: HttpRequest, resident: Resident) -> HttpResponse:
    """The file of what the statement shows; a filter that makes no sense is explained there."""
    asked = StatementFilter(request.GET).asked()
    if asked is None:
        return redirect(f"{reverse('points:statement')}?{request.GET.urlencode()}")
    return sent(export.workbook(resident, asked), "积分明细")


@require_safe
@resident_page
def my_passbook(request: HttpRequest, resident: Resident) -> HttpResponse:
    form = PassbookPeriod(request.GET)
    chosen = form.period()
    book = passbook.passbook(resident, *chosen) if chosen else None
    context = {"form": form, "book": book, "resident": resident, "back": reverse("points:statement")}
    return page(request, "points/passbook.html", context)


@require_safe
@resident_page
def my_purse(request: HttpRequest, resident: Resident) -> HttpResponse:
    own = is_own(request.user, resident)
    context = {"tab": "me", "purse": purse.purse_of(resident), "resident": resident, "own": own}
    return page(request, "points/purse.html", context)


@require_POST
@own_page
def purse_join(request: HttpRequest, resident: Resident) -> HttpResponse:
    purse.join(resident=resident, by=cast(User, request.user))
    messages.success(request, "您已加入家庭积分。")
    return redirect("points:purse")


@require_POST
@own_page
def purse_leave(request: HttpRequest, resident: Resident) -> HttpResponse:
    purse.leave(resident=resident, by=cast(User, request.user))
    messages.success(request, "您已退出家庭积分，您的积分还在您的账户里。")
    return redirect("points:purse")


@require_safe
@open_page
def rules(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """积分怎么来: for residents those of their own sub-district, for visitors of the first that one may join."""
    community = resident.community if resident else Community.objects.joinable().select_related("sub_district").first()
    street = community.sub_district if community else None
    groups = rulebook.earnable(street.pk if street else None, clock.today())
    return page(request, "points/rules.html", {"tab": "me" if resident else "home", "street": street, "groups": groups})
