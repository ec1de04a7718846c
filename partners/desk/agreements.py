"""Staff pages: agreements of one's own communities, as a list, one by one, as a ledger."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.agreements import drafting, ending, ledger, recording, sheet, signing
from partners.desk.drafts import own
from partners.desk.record_forms import SignForm
from partners.forms import EndForm, FilterForm, KnownForm
from partners.models import Agreement, AgreementQuerySet, Signature

PAGE, MOST = 50, 500
SECTION: dict[str, Any] = {"section": "partners"}
State = Agreement.State
TILES = (State.RUNNING, State.ENDING, State.OVER, State.DRAFT, State.SIGNING)


@require_safe
@staff_page
def partners(request: HttpRequest, user: User) -> HttpResponse:
    form = FilterForm(request.GET, user=user)
    form.is_valid()
    today, warned, own = clock.today(), ledger.warned(user), Agreement.objects.for_staff(user)
    found = _narrowed(own, form.cleaned_data, warned).select_related("partner", "community").order_by("-pk")
    before = place(request)
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    shown = [(row, row.state_on(today, warned)) for row in rows]
    context = {
        "form": form,
        "rows": shown,
        "following": following,
        "query": kept(request),
        "kpis": _tiles(own, warned, form.cleaned_data),
    }
    return page(request, "desk/partners/list.html", SECTION | context)


def _narrowed(own: AgreementQuerySet, said: dict[str, Any], warned: int) -> AgreementQuerySet:
    if words := said.get("q", "").strip():
        own = own.filter(Q(partner__name__icontains=words) | Q(number__icontains=words))
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


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """协议台账 of what the list shows."""
    form = FilterForm(request.GET, user=user)
    form.is_valid()
    found = _narrowed(Agreement.objects.for_staff(user), form.cleaned_data, ledger.warned(user))
    return sent(ledger.agreements_file(found, ledger.warned(user)), "协议台账")


@require_safe
@staff_page
def printed(request: HttpRequest, user: User) -> HttpResponse:
    """The same on A4."""
    form = FilterForm(request.GET, user=user)
    form.is_valid()
    warned = ledger.warned(user)
    found = _narrowed(Agreement.objects.for_staff(user), form.cleaned_data, warned).order_by("pk")
    rows = [(one, one.state_on(clock.today(), warned)) for one in found.select_related("partner", "community")[:MOST]]
    context = {"rows": rows, "unit": duties.unit_of(user), "now": clock.now(), "by": user, "query": kept(request)}
    return page(request, "desk/partners/list_print.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    known = KnownForm(request.GET, user=user)
    form = SignForm(request.POST or None, user=user, partner=known.chosen())
    context = SECTION | {"known": known}
    if not form.is_valid():
        return form_page(request, "desk/partners/new.html", form, context)
    keep_form(request, "desk/partners/new.html", form, context)
    made = recording.record(agreement=form.agreement(), by=user, promises=form.promised(), rooms=form.granted())
    messages.success(request, f"已登记{made}的协议。请上传扫描件，由另一位负责人确认后生效。")
    return redirect("desk:agreement", made.pk)


@require_safe
@staff_page
def agreement(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    found = own(user, agreement_id)
    state = found.state_on(clock.today(), ledger.warned(user))
    shown = sheet.parts(found)
    context = {
        "state": state, "can_end": state in (State.COMING, State.RUNNING, State.ENDING) and not found.ending_on,
        "unconfirmed": ending.refusal_to_confirm(found, user) if found.ending_on and not found.ended_on else None,
        "renewable": drafting.refusal_to_renew(found) is None, "papers_scanned": any(one.scan for one in shown["papers"])
        and signing.refusal_to_confirm(found, user) is None,
        "unsigned": signing.refusal_to_sign(found, Signature.Side.COMMUNITY, user) if state == State.SIGNING else None,
        "follower": Agreement.objects.filter(replaces=found).first(),
    }  # fmt: skip
    return page(request, "desk/partners/agreement.html", SECTION | shown | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def end(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    found = own(user, agreement_id)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    context = SECTION | {"agreement": found}
    if not form.is_valid():
        return form_page(request, "desk/partners/end.html", form, context)
    keep_form(request, "desk/partners/end.html", form, context)
    done = ending.end(agreement=found, by=user, **form.cleaned_data)
    waits = "已登记双方同意提前终止，等另一位负责人或店主确认，确认以前协议照常有效。"
    messages.success(request, f"已记下{found}的协议提前终止。" if done.ended_on else waits)
    return redirect("desk:agreement", found.pk)


ENDING = {"confirm": "已确认，协议提前终止。", "drop": "已撤回提前终止，协议照常有效。"}


@require_POST
@staff_page
def end_agreed(request: HttpRequest, user: User, agreement_id: int, act: str) -> HttpResponse:
    """The second person says so as well, or it goes on."""
    found = own(user, agreement_id)
    if act not in ENDING:
        raise Http404
    if act == "confirm":
        ending.confirm(agreement=found, by=user, seen=request.POST.get("seen", ""))
    else:
        ending.drop(agreement=found, by=user)
    messages.success(request, ENDING[act])
    return redirect("desk:agreement", agreement_id)
