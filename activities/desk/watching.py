"""抽查和录入量 at the desk: who entered how much on which day, one recorder's day, and the sample of a month on paper."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from activities import terms, watching
from communities.guards import staff_page
from communities.models import Community, User
from core import clock
from core.pages import page

SECTION = {"section": "review"}
MOST = 1000


class SampleForm(forms.Form):
    """Of which month and community; this month is not over, so the one before is proposed."""

    community = forms.ModelChoiceField(Community.objects.none(), label="社区", empty_label=None)
    month = forms.CharField(label="月份", widget=forms.TextInput({"type": "month"}), max_length=7)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        try:
            return date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise forms.ValidationError("月份写成2026-11这样。") from None


@require_safe
@staff_page
def oversight(request: HttpRequest, user: User) -> HttpResponse:
    first = Community.objects.for_staff(user).order_by("pk").first()
    form = SampleForm({"community": first and first.pk, "month": f"{_last_month():%Y-%m}"}, user=user)
    return page(request, "desk/activities/oversight.html", SECTION | {"bursts": watching.of_user(user), "form": form})


def _last_month() -> date:
    return terms.add_months(clock.today(), -1)


@require_safe
@staff_page
def recorder(request: HttpRequest, user: User, pk: int, on: str) -> HttpResponse:
    day = _day(on)
    rows = list(watching.recorded_on(user, pk, day)[:MOST])
    if not rows:
        raise Http404
    context = {"rows": rows, "recorder": get_object_or_404(User, pk=pk), "on": day}
    return page(request, "desk/activities/oversight_recorder.html", SECTION | context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@require_safe
@staff_page
def sample(request: HttpRequest, user: User) -> HttpResponse:
    form = SampleForm(request.GET, user=user)
    if not form.is_valid():
        bursts = watching.of_user(user)
        return page(request, "desk/activities/oversight.html", SECTION | {"bursts": bursts, "form": form}, status=400)
    community, month = form.cleaned_data["community"], form.cleaned_data["month"]
    context = {
        "rows": watching.sample(community, month),
        "community": community,
        "month": month,
        "made_on": clock.today(),
    }
    return page(request, "desk/activities/sample_print.html", SECTION | context)
