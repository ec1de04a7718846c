"""小哥 at the desk: who registered, confirming, the list of the qualified that goes to a public notice, ending."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import courierbook, couriers, notices, qualifying
from communities.courier_forms import CourierFilter, EndForm, PickForm, RegisterForm
from communities.guards import staff_page
from communities.kin import kin_of
from communities.models import Courier, Resident, User
from communities.paging import kept
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "couriers"}
LIST, END = "desk/communities/couriers.html", "desk/communities/courier_end.html"
TILES = {
    Courier.Status.ASKED: "待审核",
    Courier.Status.CONFIRMED: "已登记，未合格",
    Courier.Status.QUALIFIED: "合格小哥",
}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    return _list(request, user)


def _list(request: HttpRequest, user: User, wrong: PickForm | None = None) -> HttpResponse:
    form = CourierFilter(request.GET, user=user)
    wanted = form.asked()
    found, following = turned(request, courierbook.page_of(user, wanted, place(request)), courierbook.PAGE)
    kin, standing = kin_of(user), notices.standings(one.about for one in found)
    rows = [
        (
            one,
            couriers.refusal_to_decide(one, user, kin) if one.status == "asked" else None,
            shown,
            qualifying.may_be_shown(one, shown),
        )
        for one, shown in ((one, standing[one.about]) for one in found)
    ]
    counts = courierbook.figures(user)
    tiles = [
        {"value": counts[key], "label": label, "url": f"?status={key}", "current": wanted.get("status") == key}
        for key, label in TILES.items()
    ]
    context = {
        "form": form, "rows": rows, "following": following, "kpis": tiles, "query": kept(request),
        "wrong": wrong.errors.get("picked", []) if wrong else [],
    }  # fmt: skip
    return page(request, LIST, SECTION | context, status=400 if wrong else 200)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(courierbook.file_of(user, CourierFilter(request.GET, user=user).asked()), "小哥名册")


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = couriers.confirm(courier=_own(user, pk), by=user)
    messages.success(request, f"{done.resident.name}的小哥登记已通过，已通知本人。")
    return redirect("desk:couriers")


@require_http_methods(FORMS)
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _with_reason(request, user, pk, "不予通过")


@require_http_methods(FORMS)
@staff_page
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _with_reason(request, user, pk, "办理退出")


def _with_reason(request: HttpRequest, user: User, pk: int, what: str) -> HttpResponse:
    mine, form = _own(user, pk), EndForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"courier": mine, "what": what}
    if not form.is_valid():
        return form_page(request, END, form, context)
    keep_form(request, END, form, context)
    act = couriers.decline if what == "不予通过" else couriers.end
    act(courier=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, f"{mine.resident.name}的小哥登记已{what}，已通知本人。")
    return redirect("desk:couriers")


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For a courier at the counter; another colleague decides."""
    mine = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    form = RegisterForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"resident": mine}
    if not form.is_valid():
        return form_page(request, "desk/communities/courier_new.html", form, context)
    keep_form(request, "desk/communities/courier_new.html", form, context)
    couriers.register(resident=mine, by=user, **form.cleaned_data)
    messages.success(request, f"已代{mine.name}登记为小哥，请另一位工作人员审核。")
    return redirect("desk:couriers")


@require_POST
@staff_page
def propose(request: HttpRequest, user: User) -> HttpResponse:
    """The ticked couriers, all of one community, become a draft of a notice."""
    own = Courier.objects.for_staff(user).filter(status=Courier.Status.CONFIRMED)
    form = PickForm(request.POST, people=list(own.select_related("resident__community")))
    if not form.is_valid():
        return _list(request, user, form)
    chosen = form.chosen()
    made = qualifying.propose(community=chosen[0].resident.community, chosen=chosen, by=user)
    messages.success(request, f"已拟好{len(chosen)}人的合格小哥公示，请核对后由另一位负责人发布。")
    return redirect("desk:notice", made.pk)


def _own(user: User, pk: int) -> Courier:
    own = Courier.objects.for_staff(user).select_related("resident__community", "resident__account")
    return get_object_or_404(own, pk=pk)
