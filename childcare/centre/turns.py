"""排班 on the lead's phone: two weeks, who is on duty, whether that is enough; colleagues see it."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from childcare.centre.door import LeadOnly, care_page, lead_page
from childcare.centre.handover_forms import TurnForm
from childcare.models import Staffer, Turn
from childcare.staffing import turns as planning
from childcare.staffing.book import fortnight
from core import clock, words
from core.pages import form_page, keep_form
from core.refusals import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@care_page
def turns(request: HttpRequest, post: Staffer) -> HttpResponse:
    if request.method == "POST" and not post.is_lead:
        raise LeadOnly
    days = [clock.today() + timedelta(days=n) for n in range(14)]
    form = TurnForm(
        request.POST if request.method == "POST" else None, staff=Staffer.objects.current().filter(centre=post.centre),
        days=[(one.isoformat(), words.day(one)) for one in days], coerce=date.fromisoformat,
    )  # fmt: skip
    context = {"post": post, "tab": "more", "rows": fortnight(post.centre, days)}
    if not form.is_valid():
        return form_page(request, "care/turns.html", form, context)
    keep_form(request, "care/turns.html", form, context)
    assert post.account is not None
    staffer, chosen = form.cleaned_data["staffer"], form.cleaned_data["days"]
    made = planning.plan(centre=post.centre, staffer=staffer, days=chosen, by=post.account)
    messages.success(request, f"已给{staffer}排班{len(made)}天。")
    return redirect("care:turns")


@require_POST
@lead_page
def drop(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    mine = get_object_or_404(Turn.objects.filter(centre=post.centre).select_related("staffer__centre"), pk=pk)
    assert post.account is not None
    if not planning.drop(staffer=mine.staffer, days=[mine.day], by=post.account):
        raise BadInput
    messages.success(request, f"已取消{mine.staffer}{words.day(mine.day)}的班。")
    return redirect("care:turns")
