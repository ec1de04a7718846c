"""未成年人信息年度审计: the pack of a community or of the sub-district, taken away as one file, and noted as reported."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.desk.audit_forms import ReportForm, YearForm
from childcare.watching import pack, reporting
from communities import duties
from communities.guards import staff_page
from communities.models import Community, Duty, SubDistrict, User
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page

SECTION = {"section": "care_audit"}
PAGE = "desk/childcare/audit.html"
Role = Duty.Role


@require_safe
@staff_page
def index(request: HttpRequest, user: User) -> HttpResponse:
    """Which packs the reader may take."""
    streets, mine = duties.streets_of(user, Role.STREET_ADMIN), reporting.communities_for(user)
    reported, last = reporting.reports(streets), clock.today().year - 1
    rows = [(one, reported.get((one.pk, last))) for one in streets]
    return page(request, "desk/childcare/audits.html", SECTION | {"streets": rows, "communities": mine, "last": last})


@require_safe
@staff_page
def community(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, year = _community(user, pk), YearForm(request.GET).asked()
    return page(request, PAGE, _context(mine, year, pk) | {"form": YearForm({"year": year})})


@require_POST
@staff_page
def community_file(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, year = _community(user, pk), YearForm(request.POST).asked()
    return sent(reporting.take(place=mine, year=year, by=user), f"{mine.name}{year}年未成年人信息审计包")


@require_safe
@staff_page
def street(request: HttpRequest, user: User, street: int) -> HttpResponse:
    mine, year = _street(user, street), YearForm(request.GET).asked()
    return page(request, PAGE, _context(mine, year, street) | {"form": YearForm({"year": year})})


@require_POST
@staff_page
def street_file(request: HttpRequest, user: User, street: int) -> HttpResponse:
    mine, year = _street(user, street), YearForm(request.POST).asked()
    return sent(reporting.take(place=mine, year=year, by=user), f"{mine.name}{year}年未成年人信息审计包")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def report(request: HttpRequest, user: User, street: int, year: int) -> HttpResponse:
    """Number and day of the report to the cyberspace office."""
    mine = _street(user, street)
    form = ReportForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"place": mine, "year": year, "refused": reporting.refusal_for(mine, year)}
    if not form.is_valid():
        return form_page(request, "desk/childcare/audit_report.html", form, context)
    keep_form(request, "desk/childcare/audit_report.html", form, context)
    said = form.cleaned_data
    reporting.report(street=mine, year=year, reported_on=said["reported_on"], number=said["number"], by=user)
    messages.success(request, f"已登记：{year}年未成年人信息审计已报送。")
    return redirect("desk:care-audit")


def _context(place: Community | SubDistrict, year: int, pk: int) -> dict[str, object]:
    whole = isinstance(place, SubDistrict)
    reported = reporting.reports([place]).get((place.pk, year)) if isinstance(place, SubDistrict) else None
    return SECTION | {
        "place": place, "year": year, "pk": pk, "whole": whole, "reported": reported, "over": year < clock.today().year,
        "tables": pack.tables(pack.communities_of(place), year),
    }  # fmt: skip


def _community(user: User, pk: int) -> Community:
    """Of the reader's; refuses `NotYourDuty` but to the head and the street's administrator."""
    mine = get_object_or_404(Community.objects.for_staff(user).select_related("sub_district"), pk=pk)
    duties.require(user, mine, Role.HEAD, Role.STREET_ADMIN)
    return mine


def _street(user: User, pk: int) -> SubDistrict:
    found = next((one for one in duties.streets_of(user, Role.STREET_ADMIN) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found
