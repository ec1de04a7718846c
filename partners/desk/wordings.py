"""协议范本 at the desk: versions, drafting the next one, approving."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, page
from partners.agreements import templates
from partners.desk.agreement_forms import TemplateForm
from partners.models import Template

SECTION = {"section": "partners"}
NEW = "desk/partners/wording_new.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    seen = Template.objects.for_staff(user).select_related("sub_district", "made_by", "approved_by").defer("text")
    context = {"rows": seen.order_by("-pk")[:100], "may": bool(duties.administered_by(user))}
    return page(request, "desk/partners/wordings.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """The next version begins with the newest text there is (`?of=`), the first one with the default."""
    of = request.GET.get("of", "")
    before = Template.objects.for_staff(user).filter(pk=int(of) if of.isdecimal() and len(of) < 10 else 0).first()
    initial = {"title": before.title, "text": before.text} if before else None
    form = TemplateForm(request.POST or None, streets=duties.administered_by(user), initial=initial)
    if not form.is_valid():
        return form_page(request, NEW, form, SECTION)
    keep_form(request, NEW, form, SECTION)
    made = templates.draft(by=user, **form.cleaned_data)
    messages.success(request, f"已起草{made}，等另一位同事批准。")
    return redirect("desk:agreement-wording", made.pk)


@require_safe
@staff_page
def one(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _own(user, pk)
    return page(
        request,
        "desk/partners/wording.html",
        SECTION | {"template": mine, "refused": templates.refusal_to_approve(mine, user)},
    )


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = templates.approve(template=_own(user, pk), seen=request.POST.get("seen", ""), by=user)
    messages.success(request, f"已批准{done}，以后按它拟协议。")
    return redirect("desk:agreement-wording", pk)


def _own(user: User, pk: int) -> Template:
    seen = Template.objects.for_staff(user).select_related("sub_district", "made_by", "approved_by")
    return get_object_or_404(seen, pk=pk)
