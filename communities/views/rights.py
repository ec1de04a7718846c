"""我的信息: what is kept of me, a copy of it, what I agreed to, and what I ask. The own account alone, never a helper."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import closing, consents, copying, rights
from communities.models import Consent, Resident, RightsRequest, User
from communities.ownership import own_page
from communities.views.rights_forms import AskForm
from core import clock
from core.pages import form_page, keep_form, page

TAB = {"tab": "me"}
FILES = {"json": ("application/json", copying.as_json), "zip": ("application/zip", copying.as_zip)}


@require_safe
@own_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    """Everything that is kept, and what can be done about it."""
    asked = RightsRequest.objects.filter(resident=resident).order_by("-pk")[:10]
    context = {"resident": resident, "tables": copying.tables(resident), "asked": asked, "kinds": RightsRequest.Kind}
    return page(request, "communities/my_data.html", TAB | context)


@require_safe
@own_page
def copy(request: HttpRequest, resident: Resident, form: str) -> HttpResponse:
    """All of it to take away: `json`, or `zip` with a table for each section."""
    rights.hit(_me(request))
    kind, made = FILES[form]
    answer = HttpResponse(made(copying.tables(resident), clock.now()), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="my-data-{clock.today():%Y%m%d}.{form}"'
    return answer


@require_safe
@own_page
def paper(request: HttpRequest, resident: Resident) -> HttpResponse:
    """The same, to be read on paper."""
    context = {"resident": resident, "tables": copying.tables(resident), "at": clock.now()}
    return page(request, "communities/my_data_paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def ask(request: HttpRequest, resident: Resident, kind: str) -> HttpResponse:
    """Ask to correct, delete, explain or close."""
    if kind not in RightsRequest.Kind.values:
        raise Http404
    wanted = RightsRequest.Kind(kind)
    form = AskForm(request.POST if request.method == "POST" else None, kind=wanted)
    context = _asking(resident, wanted)
    if not form.is_valid():
        return form_page(request, "communities/my_data_ask.html", form, context)
    keep_form(request, "communities/my_data_ask.html", form, context)
    rights.hit(_me(request))
    made = rights.file(resident=resident, kind=wanted, text=form.cleaned_data["text"], by=_me(request))
    messages.success(request, f"申请已提交，社区会在{made.answer_by:%Y年%-m月%-d日}前答复您。")
    return redirect("my-data")


@require_POST
@own_page
def take_back(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    asked = get_object_or_404(RightsRequest, pk=pk, resident=resident)
    rights.withdraw(asked=asked, by=_me(request))
    messages.success(request, "申请已撤回。")
    return redirect("my-data")


@require_safe
@own_page
def agreed(request: HttpRequest, resident: Resident) -> HttpResponse:
    """同意事项: one box for each purpose, none of them ticked beforehand."""
    context = {
        "resident": resident, "boxes": consents.boxes(resident), "rules": consents.agreed_version(_me(request)),
        "newest": consents.PERSONAL_DATA_VERSION,
    }  # fmt: skip
    return page(request, "communities/my_consents.html", TAB | context)


@require_POST
@own_page
def agree(request: HttpRequest, resident: Resident, purpose: str) -> HttpResponse:
    """One tap gives; the rules of the door are agreed to by the account."""
    wanted = _purpose(purpose)
    if wanted == Consent.Purpose.PERSONAL_DATA:
        consents.agree(account=_me(request), version=consents.PERSONAL_DATA_VERSION)
    else:
        consents.give(resident=resident, purpose=wanted, by=_me(request), way=Consent.Way.TAP)
    messages.success(request, f"已记录您的同意：{wanted.label}。随时可以在这里撤回。")
    return redirect("my-consents")


@require_POST
@own_page
def disagree(request: HttpRequest, resident: Resident, purpose: str) -> HttpResponse:
    """One tap withdraws, and no reason is asked."""
    wanted = _purpose(purpose)
    consents.withdraw(resident=resident, purpose=wanted, by=_me(request))
    messages.success(request, f"已撤回：{wanted.label}。其他服务不受影响。")
    return redirect("my-consents")


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _purpose(text: str) -> Consent.Purpose:
    if text not in Consent.Purpose.values:
        raise Http404
    return Consent.Purpose(text)


def _asking(resident: Resident, kind: RightsRequest.Kind) -> dict[str, object]:
    context: dict[str, object] = TAB | {
        "resident": resident,
        "kind": kind,
        "refused": rights.refusal_to_file(resident, kind),
    }
    if kind == RightsRequest.Kind.CLOSE:
        context |= {"obstacles": closing.obstacles_of(resident), "losses": closing.losses_of(resident)}
    return context | {"until": rights.day_to_answer(resident.community, clock.now())}
