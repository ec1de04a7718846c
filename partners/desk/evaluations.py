"""门前五包 and 季度考核 at the desk. Both are 404 until the sub-district switches them on."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Func, IntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import Community, User
from communities.settings import EVALUATIONS, SHOP_VISITS, Value, value_of
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Agreement, Evaluation, ShopVisit
from partners.obligation_forms import EvaluationNote, VisitForm
from partners.obligations import evaluating, figures, visiting
from partners.obligations.suspending import DECIDING

SECTION: dict[str, Any] = {"section": "duties", "duties_tab": "evaluations"}
VISITS = SECTION | {"duties_tab": "visits"}
PAGE = 50


class Total(Func):
    """The five scores together."""

    template = "(SELECT sum(one) FROM unnest(%(expressions)s) AS one)"
    output_field = IntegerField()


def switched_on(user: User, declared: Value) -> None:
    """404 unless the reader's sub-district switched it on; who sees no community sees an empty page."""
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    if street is not None and not value_of(declared, street):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def visits(request: HttpRequest, user: User) -> HttpResponse:
    """What was seen at the shops; a POST writes down a visit."""
    switched_on(user, SHOP_VISITS)
    own = ShopVisit.objects.filter(community__in=Community.objects.for_staff(user)).annotate(total=Total("scores"))
    own, before = own.select_related("partner", "community", "by").order_by("-pk"), place(request)
    rows, following = turned(request, list((own.filter(pk__lt=before) if before else own)[: PAGE + 1]), PAGE)
    form = VisitForm(request.POST if request.method == "POST" else None, user=user)
    context = VISITS | {"rows": rows, "following": following, "duties": ShopVisit.DUTIES}
    if not form.is_valid():
        return form_page(request, "desk/partners/shop_visits.html", form, context)
    keep_form(request, "desk/partners/shop_visits.html", form, context)
    made = visiting.visit(by=user, **form.said())
    messages.success(request, f"已登记{made.partner}的走访，{sum(made.scores)}分。")
    return redirect("desk:shop-visits")


@require_safe
@staff_page
def evaluations(request: HttpRequest, user: User) -> HttpResponse:
    """The agreements of the newest quarter that is over, and what was frozen before."""
    switched_on(user, EVALUATIONS)
    quarter = figures.last_quarter(clock.today())
    held = (
        Agreement.objects.for_staff(user).in_force(clock.today()).filter(starts_on__lt=figures.quarter_after(quarter))
    )
    waiting = held.exclude(evaluations__quarter=quarter).select_related("partner", "community").order_by("pk")
    frozen = Evaluation.objects.filter(agreement__community__in=Community.objects.for_staff(user)).order_by("-pk")
    frozen, before = frozen.select_related("agreement__partner", "agreement__community", "by"), place(request)
    rows, following = turned(request, list((frozen.filter(pk__lt=before) if before else frozen)[: PAGE + 1]), PAGE)
    context = {"quarter": quarter, "waiting": waiting[:200], "rows": rows, "following": following}
    return page(request, "desk/partners/evaluations.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def evaluate(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    """The marks as the figures say them now; a POST freezes them."""
    own = Agreement.objects.for_staff(user).filter(status=Agreement.Status.SIGNED)
    mine = get_object_or_404(own.select_related("partner", "community"), pk=agreement_id)
    switched_on(user, EVALUATIONS)
    duties.require(user, mine.community, *DECIDING)
    quarter, form = (
        figures.last_quarter(clock.today()),
        EvaluationNote(request.POST if request.method == "POST" else None),
    )
    context = SECTION | _proposal(mine, quarter, user)
    if not form.is_valid():
        return form_page(request, "desk/partners/evaluate.html", form, context)
    keep_form(request, "desk/partners/evaluate.html", form, context)
    made = evaluating.freeze(agreement=mine, quarter=quarter, by=user, **form.cleaned_data)
    messages.success(request, f"{mine.partner}考核{made.total}分，{made.get_band_display()}。")
    return redirect("desk:evaluations")


def _proposal(agreement: Agreement, quarter: date, user: User) -> dict[str, Any]:
    found = figures.figures_of(agreement, quarter)
    return {
        "agreement": agreement, "quarter": quarter, "figures": found, "marks": evaluating.marks(found) if found.promised else None,
        "refused": evaluating.refusal_for(agreement, quarter, user),
    }  # fmt: skip
