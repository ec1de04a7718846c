"""设置: every value that may be changed, with the version that is in force and the one to come."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import calendar, duties, settings
from communities.forms import SettingForm
from communities.guards import staff_page
from communities.models import Community, Duty, SubDistrict, User
from core.pages import form_page, keep_form, page

SECTION = {"section": "settings"}
Role = Duty.Role
KEEPERS = (Role.STREET_ADMIN, Role.FINANCE)


@require_safe
@staff_page
def overview(request: HttpRequest, user: User) -> HttpResponse:
    """The sub-districts of one's communities; only who keeps a value finds a way to change it. Finance sees its own alone."""
    keeps = {role: duties.streets_of(user, role) for role in KEEPERS}
    served = SubDistrict.objects.filter(communities__in=Community.objects.for_staff(user)).distinct()
    reached = sorted({*served, *keeps[Role.FINANCE]}, key=lambda one: one.pk)
    streets = [_street(one, one in served, [role for role in KEEPERS if one in keeps[role]]) for one in reached]
    return page(request, "desk/communities/settings.html", SECTION | {"streets": streets})


def _street(one: SubDistrict, served: bool, keeper: list[Role]) -> dict[str, Any]:
    administers = Role.STREET_ADMIN in keeper
    rows = settings.overview(one, {*keeper, *([Role.STREET_ADMIN] if served else [])})
    for row in rows:
        row["may_change"] = row["declared"].kept_by in keeper
    unknown = calendar.unknown_years(one.pk) if administers else []
    return {"street": one, "rows": rows, "may_change": bool(keeper), "administers": administers, "unknown": unknown}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def change(request: HttpRequest, user: User, street: int, key: str) -> HttpResponse:
    """A new value from a day to come."""
    declared = settings.DECLARED.get(key)
    kept = duties.streets_of(user, declared.kept_by) if declared else []
    own = next((one for one in kept if one.pk == street), None)
    if own is None or declared is None:
        raise Http404
    form = SettingForm(request.POST if request.method == "POST" else None, declared=declared)
    context = SECTION | {"street": own, "declared": declared, "value": settings.value_of(declared, own.pk)}
    if not form.is_valid():
        return form_page(request, "desk/communities/setting.html", form, context)
    keep_form(request, "desk/communities/setting.html", form, context)
    settings.change(key=key, sub_district=own, by=user, **form.cleaned_data)
    messages.success(
        request, f"已保存：{declared.label}改为{form.cleaned_data['value']}{declared.unit}，到期自动生效。"
    )
    return redirect("desk:settings")
