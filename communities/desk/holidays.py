"""节假日: the days of a sub-district that are not as the published arrangement or the week says."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities import calendar, duties
from communities.forms import HolidayForm
from communities.guards import staff_page
from communities.models import Holiday, SubDistrict, User
from core import clock
from core.pages import form_page, keep_form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def holidays(request: HttpRequest, user: User, street: int) -> HttpResponse:
    """What is written from today on, what is missing, and a form for some days in a row."""
    own = _own(user, street)
    form = HolidayForm(request.POST if request.method == "POST" else None)
    context = _table(own)
    if not form.is_valid():
        return form_page(request, "desk/communities/holidays.html", form, context)
    keep_form(request, "desk/communities/holidays.html", form, context)
    written = calendar.write(sub_district=own, by=user, **form.cleaned_data)
    messages.success(request, f"已登记{len(written)}天：{form.cleaned_data['name']}。")
    return redirect("desk:holidays", own.pk)


@require_POST
@staff_page
def remove(request: HttpRequest, user: User, street: int, pk: int) -> HttpResponse:
    holiday = get_object_or_404(_own(user, street).holidays.select_related("sub_district"), pk=pk)
    calendar.erase(holiday=holiday, by=user)
    messages.success(request, "已删除，这一天恢复按国务院安排或星期计算。")
    return redirect("desk:holidays", street)


def _own(user: User, street: int) -> SubDistrict:
    own = next((one for one in duties.administered_by(user) if one.pk == street), None)
    if own is None:
        raise Http404
    return own


def _table(own: SubDistrict) -> dict[str, Any]:
    year = clock.today().year
    rows = Holiday.objects.filter(sub_district=own, day__gte=clock.today()).select_related("by").order_by("day")
    known = [one for one in (year, year + 1) if calendar.built_in(one)]
    unknown = calendar.unknown_years(own.pk)
    return {"section": "settings", "street": own, "rows": rows, "known": known, "unknown": unknown}
