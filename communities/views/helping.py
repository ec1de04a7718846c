"""亲友代办 on the phone: the resident says who may act, and either ends it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities import helping
from communities.acting import residents_of
from communities.guards import account_page, resident_page
from communities.helping_forms import HelperForm
from communities.models import Helper, Resident, User
from communities.ownership import is_own, require_own
from core.pages import form_page, keep_form


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def helpers(request: HttpRequest, resident: Resident) -> HttpResponse:
    """To the resident: who helps, and the form for another. To a helper: the own part, and the way out."""
    user, form = cast(User, request.user), HelperForm(request.POST if request.method == "POST" else None)
    own, standing = is_own(user, resident), resident.helpers.current().select_related("account").order_by("pk")
    context = {
        "resident": resident, "own": own, "tab": "me", "helpers": standing if own else standing.filter(account=user),
        "refused": helping.refusal_for(resident, user) if own else None,
    }  # fmt: skip
    if request.method == "POST":
        require_own(user, resident)
    if not form.is_valid():
        return form_page(request, "communities/helpers.html", form, context)
    keep_form(request, "communities/helpers.html", form, context)
    helping.hit(user)
    made = helping.appoint(resident=resident, by=user, **form.appointment())
    messages.success(request, f"{made.name}现在可以用自己的手机号登录，替您办理。您随时可以取消。")
    return redirect("me-helpers")


@require_POST
@account_page
def end(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    """Either ends it; somebody else's is not there (404)."""
    mine = Helper.objects.filter(account=account) | Helper.objects.filter(resident__account=account)
    helper = helping.end(helper=get_object_or_404(mine, pk=pk), by=account)
    if helper.account_id == account.pk:
        messages.success(request, "已取消，您不再替这位居民办理。")
        return redirect("choose" if residents_of(account) else "home")
    messages.success(request, f"已取消，{helper.name}不能再替您办理。")
    return redirect("me-helpers")
