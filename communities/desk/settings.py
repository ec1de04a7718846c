"""设置: every value that may be changed, with the version that is in force and the one to come."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import duties, settings
from communities.forms import SettingForm
from communities.guards import staff_page
from communities.models import Community, SubDistrict, User
from core.pages import form_page, keep_form, page

SECTION = {"section": "settings"}


@require_safe
@staff_page
def overview(request: HttpRequest, user: User) -> HttpResponse:
    """The sub-districts of one's communities; only their administrators find a way to change something."""
    own = duties.administered_by(user)
    reached = SubDistrict.objects.filter(communities__in=Community.objects.for_staff(user)).distinct().order_by("pk")
    streets = [{"street": one, "rows": settings.overview(one), "may_change": one in own} for one in reached]
    return page(request, "desk/communities/settings.html", SECTION | {"streets": streets})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def change(request: HttpRequest, user: User, street: int, key: str) -> HttpResponse:
    """A new value from a day to come."""
    own = next((one for one in duties.administered_by(user) if one.pk == street), None)
    declared = settings.DECLARED.get(key)
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
