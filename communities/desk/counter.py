"""代居民办理: find, choose, confirm. Nothing of the person stands in the session, and what was typed stands in no address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from communities import cards, counter, finding
from communities.desk.counter_forms import ActForm, ChoiceForm
from communities.guards import staff_page
from communities.models import Resident, User
from core import clock
from core.pages import form_page, keep_form, page

SECTION = {"section": "counter"}
FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@staff_page
def start(request: HttpRequest, user: User) -> HttpResponse:
    """Step 1: who is it. One hit goes straight on."""
    typed = finding.clean(request.POST.get("q", ""))
    found = finding.people(user, typed)
    if len(found.people) == 1:
        return redirect("desk:counter-person", found.people[0].pk)
    context = {"q": typed, "found": found, "more": finding.MORE}
    return page(request, "desk/communities/counter.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def person(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Step 2: is it the person, and what is to be done."""
    resident = _mine(user, pk)
    refused = counter.refusal_for(resident, user)
    offers = [] if refused else counter.offers(resident, clock.now())
    keys = [line.key for _, lines in offers for line in lines if line.place]
    form = ChoiceForm(request.POST or None, initial={"offered": " ".join(keys)})
    if form.is_valid():
        addresses = {line.key: line.address for _, lines in offers for line in lines}
        key = form.cleaned_data["key"]
        return redirect(addresses.get(key) or counter.address_of(resident, key))
    context = {"resident": resident, "refused": refused, "offers": offers, "keys": keys}
    return form_page(request, "desk/communities/counter_person.html", form, SECTION | context)


@require_http_methods(FORMS)
@staff_page
def act(request: HttpRequest, user: User, pk: int, code: str, number: int) -> HttpResponse:
    """Step 3: for whom, what, for how many points, by whom; then, by POST, it is done and the slip is shown."""
    resident, chosen, at = _mine(user, pk), counter.act_of(code), clock.now()
    if chosen is None or chosen.plan is None:
        raise Http404
    plan, card = chosen.plan(resident, number, at), cards.card_of(resident)
    form = ActForm(request.POST or None, has_pin=bool(card and card.pin), calls=bool(chosen.call))
    refused = counter.refusal_for(resident, user) or plan.refused
    context = {"resident": resident, "plan": plan, "refused": refused, "by": user}
    template = "desk/communities/counter_act.html"
    if not form.is_valid():
        return form_page(request, template, form, SECTION | context)
    keep_form(request, template, form, SECTION | context)
    pin, called = form.proof(), form.called()
    slip = counter.perform(act=chosen, resident=resident, number=number, by=user, pin=pin, called=called, at=at)
    return redirect("desk:slip", slip.pk)


def _mine(user: User, pk: int) -> Resident:
    files = Resident.objects.for_staff(user).filter(status__in=finding.ACTIVE)
    return get_object_or_404(files.select_related("community__sub_district", "estate"), pk=pk)
