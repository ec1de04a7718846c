"""积分卡 at the desk: issue, print one or many, replace a lost one, the PIN."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import cards
from communities.desk.cards_forms import PinForm
from communities.guards import staff_page
from communities.models import Card, Resident, User
from communities.models.people import ResidentQuerySet
from communities.paging import number
from core.pages import came_from, form_page, keep_form, page

SECTION = {"section": "residents"}
MOST = 80  # of one print: ten sheets
SHEET = 8
DONE = {"issue": "已发卡，请打印。", "replace": "旧卡已作废，新卡已发，请打印。", "end": "卡已作废。"}
ACTS = {"issue": cards.issue, "replace": cards.replace, "end": cards.end}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def card(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The card in use and what can be done with it; a POST sets the PIN."""
    resident = _resident(user, pk)
    form = PinForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "resident": resident, "card": cards.card_of(resident), "refused": cards.refusal_for(resident, user),
        "former": resident.cards.exclude(ended_at=None).order_by("-pk")[:10],
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "desk/communities/card.html", form, context)
    keep_form(request, "desk/communities/card.html", form, context)
    cards.set_pin(resident=resident, pin=form.cleaned_data["pin"], by=user)
    messages.success(request, "密码已保存，本人以后可以输密码代替签字。")
    return redirect("desk:resident-card", pk)


@require_POST
@staff_page
def act(request: HttpRequest, user: User, pk: int, what: str) -> HttpResponse:
    """Issue, replace a lost one, or end it."""
    if what not in ACTS:
        raise Http404
    ACTS[what](resident=_resident(user, pk), by=user)
    messages.success(request, DONE[what])
    return redirect("desk:resident-card", pk)


@require_POST
@staff_page
def issue_many(request: HttpRequest, user: User) -> HttpResponse:
    """A card for each chosen resident who has none; then all of theirs are printed."""
    outcome = cards.issue_many(residents=_chosen(request.POST.getlist("resident"), user), by=user)
    for resident, refused in outcome.refused[:5]:
        messages.warning(request, f"{resident.name}：{refused.message}")
    if not outcome.done:
        messages.warning(request, "没有可以打印的卡，请先勾选已确认的居民。")
        return redirect(came_from(request, reverse("desk:residents")))
    picked = urlencode({"resident": [one.pk for one in outcome.done]}, doseq=True)
    return redirect(f"{reverse('desk:cards-print')}?{picked}")


@require_safe
@staff_page
def printed(request: HttpRequest, user: User) -> HttpResponse:
    """The cards in use of the chosen residents, eight to a sheet of A4."""
    people = _chosen(request.GET.getlist("resident"), user)
    found = (
        Card.objects.filter(resident__in=people, ended_at=None)
        .select_related("resident__community")
        .order_by("resident__pinyin", "pk")
    )
    drawn = [(one, cards.qr(one)) for one in found]
    sheets = [drawn[at : at + SHEET] for at in range(0, len(drawn), SHEET)]
    return page(
        request,
        "desk/communities/cards_print.html",
        {"sheets": sheets, "count": len(drawn), "back": reverse("desk:residents")},
    )


def _resident(user: User, pk: int) -> Resident:
    return get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)


def _chosen(typed: list[str], user: User) -> ResidentQuerySet:
    """Those of the reader's own communities, `MOST` at once."""
    numbers = [found for found in map(number, typed) if found]
    mine = Resident.objects.for_staff(user).select_related("community").order_by("pinyin", "pk")
    return mine.filter(pk__in=numbers[:MOST])
