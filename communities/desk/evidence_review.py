"""复核 at the desk: what was recorded is opened with a purpose, and verified, declined or ended by another than the recorder."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import hardship
from communities.desk.evidence import FORMS, SECTION, own
from communities.desk.evidence_forms import DeclineForm, EndForm, LookForm
from communities.guards import kept_private, staff_page
from communities.hardship import deciding, opening
from communities.models import Evidence, EvidenceImage, User
from core.pages import form_page, keep_form, page

ONE, PAPER = "desk/communities/evidence_one.html", "desk/communities/evidence_print.html"
PICTURE = "复核优待依据的照片"


@require_http_methods(FORMS)
@staff_page
def one(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Status and dates; after the purpose is given, what was recorded and the decision."""
    mine = own(user, pk)
    form = LookForm(request.POST if request.method == "POST" else None)
    context = _context(mine, user)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    said = hardship.read(evidence=mine, by=user, purpose=form.cleaned_data["purpose"])
    return page(request, ONE, context | {"form": form, "said": said})


@require_POST
@staff_page
def verify(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = hardship.verify(evidence=own(user, pk), by=user)
    messages.success(request, f"已通过，{done.resident.name}家会收到消息。照片已删除。")
    return redirect("desk:evidence")


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    done = hardship.decline(evidence=own(user, pk), reason=reason, by=user)  # type: ignore[arg-type]  # the verb looks
    messages.success(request, f"未予通过，{done.resident.name}家会收到消息。照片已删除。")
    return redirect("desk:evidence")


@require_POST
@staff_page
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    done = hardship.end(evidence=own(user, pk), reason=reason, by=user)  # type: ignore[arg-type]  # the verb looks
    messages.success(request, f"已终止，从下一张账单起不再减免，{done.resident.name}家会收到消息。")
    return redirect("desk:evidence-of", done.resident_id)


@require_safe
@staff_page
def image(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The picture, to the reviewer alone; each time it is shown is a look."""
    jpeg = opening.picture(evidence=own(user, pk), by=user, purpose=PICTURE)
    answer = HttpResponse(jpeg, content_type="image/jpeg")
    answer["Content-Disposition"] = 'inline; filename="evidence.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return kept_private(answer)


@require_http_methods(FORMS)
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """减免审批表 on A4. Which kind it is stands on it for a reviewer who said what for; else the line is left to the pen."""
    mine = own(user, pk)
    context = SECTION | {"evidence": mine, "may_read": deciding.refusal_for(mine, user) is None}
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        context["said"] = hardship.read(evidence=mine, by=user, purpose=purpose)
    return page(request, PAPER, context)


def _context(mine: Evidence, user: User) -> dict[str, Any]:
    return SECTION | {
        "evidence": mine, "refused": deciding.refusal_for(mine, user), "image": EvidenceImage.objects.filter(evidence=mine).exists(),
        "decides": deciding.refusal_to_decide(mine, user) is None, "ends": deciding.refusal_to_end(mine, user) is None,
        "declining": DeclineForm(), "ending": EndForm(),
    }  # fmt: skip
