"""Staff pages: agreements of one's own communities."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import settings
from communities.guards import staff_page
from communities.models import Community, User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners import agreeing
from partners.forms import EndForm, FilterForm, KnownForm, SignForm
from partners.models import Agreement, AgreementQuerySet

PAGE = 50
SECTION: dict[str, Any] = {"section": "partners"}
State = Agreement.State
TILES = (State.RUNNING, State.ENDING, State.OVER)


@require_safe
@staff_page
def partners(request: HttpRequest, user: User) -> HttpResponse:
    form = FilterForm(request.GET, user=user)
    form.is_valid()
    today, warned, own = clock.today(), _warned(user), Agreement.objects.for_staff(user)
    found = _narrowed(own, form.cleaned_data, warned).select_related("partner", "community").order_by("-pk")
    before = place(request)
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    shown = [(row, row.state_on(today, warned)) for row in rows]
    context = {"form": form, "rows": shown, "following": following, "kpis": _tiles(own, warned, form.cleaned_data)}
    return page(request, "desk/partners/list.html", SECTION | context)


def _narrowed(own: AgreementQuerySet, said: dict[str, Any], warned: int) -> AgreementQuerySet:
    if said.get("state"):
        own = own.in_state(said["state"], clock.today(), warned)
    return own.filter(community=said["community"]) if said.get("community") else own


def _tiles(own: AgreementQuerySet, warned: int, said: dict[str, Any]) -> list[dict[str, Any]]:
    standing = Agreement.standing(clock.today(), warned)
    counts = own.aggregate(**{state: Count("pk", filter=standing[state]) for state in TILES})
    return [
        {"value": counts[state], "label": state.label, "url": f"?state={state}", "current": said.get("state") == state}
        for state in TILES
    ]


def _warned(user: User) -> int:
    """How many days before its end an agreement counts as ending: the setting of the reader's sub-district."""
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    declared = settings.AGREEMENT_DAYS
    return settings.value_of(declared, street) if street else declared.default


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    known = KnownForm(request.GET, user=user)
    form = SignForm(request.POST or None, user=user, partner=known.chosen())
    context = SECTION | {"known": known}
    if not form.is_valid():
        return form_page(request, "desk/partners/new.html", form, context)
    keep_form(request, "desk/partners/new.html", form, context)
    made = agreeing.sign(agreement=form.agreement(), by=user)
    messages.success(request, f"已登记{made}的协议。")
    return redirect("desk:agreement", made.pk)


@require_safe
@staff_page
def agreement(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    found = _own(user, agreement_id)
    state = found.state_on(clock.today(), _warned(user))
    can_end = state in (State.COMING, State.RUNNING, State.ENDING)
    return page(
        request, "desk/partners/agreement.html", SECTION | {"agreement": found, "state": state, "can_end": can_end}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def end(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    found = _own(user, agreement_id)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    context = SECTION | {"agreement": found}
    if not form.is_valid():
        return form_page(request, "desk/partners/end.html", form, context)
    keep_form(request, "desk/partners/end.html", form, context)
    agreeing.end(agreement=found, on=form.cleaned_data["on"], by=user)
    messages.success(request, f"已记下{found}的协议提前终止。")
    return redirect("desk:agreement", found.pk)


def _own(user: User, agreement_id: int) -> Agreement:
    own = Agreement.objects.for_staff(user).select_related("partner", "community", "recorded_by")
    return get_object_or_404(own, pk=agreement_id)
