"""申诉: what a resident objected to, and the page to object."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import appeals
from communities.forms import AppealForm
from communities.models import Appeal, Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

PAGE = 20


@require_safe
@own_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    """One's own appeals, the newest first."""
    own, before = Appeal.objects.of(resident).order_by("-pk"), place(request)
    shown, following = turned(request, list((own.filter(pk__lt=before) if before else own)[: PAGE + 1]), PAGE)
    context = {"appeals": shown, "older": before is not None, "following": following, "tab": "me"}
    return page(request, "communities/appeals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def appeal(request: HttpRequest, resident: Resident, about: str) -> HttpResponse:
    """What was decided, and the form; once filed, how it stands (pressing twice shows just that)."""
    filed = Appeal.objects.of(resident).filter(about=about).select_related("community").first()
    if filed:
        return page(request, "communities/appeal.html", {"appeal": filed, "tab": "me"})
    context = appeals.case_of(resident, about, clock.now())
    if context is None:
        raise Http404
    form = AppealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "communities/appeal_new.html", form, context)
    keep_form(request, "communities/appeal_new.html", form, context)
    appeals.file(resident=resident, about=about, text=form.cleaned_data["text"], by=cast(User, request.user))
    messages.success(request, "申诉已提交，答复后会给您发消息。")
    return redirect("appeal", about)
