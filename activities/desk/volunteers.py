"""志愿者 at the desk: the register as a list, as Excel and on paper; registering somebody who stands there."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import volunteers
from activities.forms import asked
from activities.models.volunteers import VolunteerQuerySet
from activities.volunteers_forms import NumberForm, RegisterFilter, SignedForm, VolunteerForm
from communities.guards import staff_page
from communities.models import Consent, Resident, User
from communities.paging import kept
from communities.purposes import TEXTS
from communities.workbook import Cell, Columns, sent, workbook
from core import clock, masks
from core.pages import form_page, keep_form, page

SECTION = {"section": "activities"}
PAGE = 50
ONE = "desk/activities/volunteer.html"
COLUMNS: Columns = (
    ("姓名", 12), ("志愿者编号", 20), ("性别", 6), ("年龄", 6), ("手机号", 14), ("社区", 14), ("居住区域", 16), ("专业技能", 24),
    ("服务类别", 30), ("登记时间", 18), ("登记人", 12),
)  # fmt: skip


@require_safe
@staff_page
def register(request: HttpRequest, user: User) -> HttpResponse:
    """The list: a page by number of pages, since it is read by the sound of the names."""
    form = RegisterFilter(request.GET)
    found = volunteers.listed(user, **asked(form))
    start = _start(request)
    shown = list(found[start : start + PAGE + 1])
    following = f"?{kept(request, start=str(start + PAGE))}" if len(shown) > PAGE else ""
    context = {
        "form": form,
        "rows": shown[:PAGE],
        "following": following,
        "query": kept(request),
        "total": found.count(),
    }
    return page(request, "desk/activities/volunteers.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    rows = volunteers.listed(user, **asked(RegisterFilter(request.GET)))
    return sent(workbook("志愿者花名册", COLUMNS, _cells(rows)), "志愿者花名册")


@require_safe
@staff_page
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """志愿者花名册 on A4, by the filter of the list."""
    people = list(volunteers.listed(user, **asked(RegisterFilter(request.GET)))[:2000])
    context = {"people": people, "maker": user.name, "made_on": clock.today(), "query": kept(request)}
    return page(request, "desk/activities/volunteers_paper.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def one(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Register `pk`, who is here and says yes; or change what is registered."""
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community", "estate"), pk=pk)
    mine, data = volunteers.of(resident), request.POST if request.method == "POST" else None
    form = VolunteerForm(data, volunteer=mine) if mine else SignedForm(data)
    context = SECTION | {
        "resident": resident, "mine": mine, "text": TEXTS[Consent.Purpose.VOLUNTEER],
        "numbering": NumberForm(initial={"number": mine.number}) if mine else None,
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    if mine:
        volunteers.revise(resident=resident, facts=form.facts(), by=user)
    else:
        way = Consent.Way(form.cleaned_data["way"])
        volunteers.register(resident=resident, facts=form.facts(), by=user, way=way)
    messages.success(request, f"{resident.name}的志愿者登记已保存。")
    return redirect("desk:volunteer", resident.pk)


@require_POST
@staff_page
def number(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    form = NumberForm(request.POST)
    text = form.cleaned_data["number"] if form.is_valid() else request.POST.get("number", "")
    volunteers.enter_number(resident=resident, number=text, by=user)
    messages.success(request, f"{resident.name}的志愿者编号已保存。")
    return redirect("desk:volunteer", resident.pk)


def _cells(rows: VolunteerQuerySet) -> Iterator[list[Cell]]:
    today = clock.today()
    for row in rows.iterator(chunk_size=2_000):
        who: Resident = row.resident
        yield [
            who.name, row.number, row.get_sex_display(), who.age_on(today), masks.phone(who.phone), who.community.name,
            str(who.estate or ""), row.skills, row.wishes, row.at, row.entered_by.name,
        ]  # fmt: skip


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
