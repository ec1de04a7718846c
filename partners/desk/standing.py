"""暂停与退出 at the desk: one agreement's suspensions and leaving procedures, and the list of those that go on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import Community, User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Agreement, Leaving, Suspension
from partners.obligation_forms import DecideForm, DoneForm, LeaveForm, ReasonForm, SuspendForm
from partners.obligations import leaving as process, suspending, winding_up
from partners.obligations.suspending import DECIDING

SECTION: dict[str, Any] = {"section": "duties", "duties_tab": "leavings"}
FORMS = ["GET", "HEAD", "POST"]
PAGE = 50
AT_ONCE = 50  # vouchers that go back while the page waits; beat goes on with the rest


@require_safe
@staff_page
def leavings(request: HttpRequest, user: User) -> HttpResponse:
    """What is suspended now, and every leaving procedure."""
    own, before = Community.objects.for_staff(user), place(request)
    found = Leaving.objects.filter(agreement__community__in=own).order_by("-pk")
    found = found.select_related("agreement__partner", "agreement__community")
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    halted = Suspension.objects.filter(agreement__community__in=own, lifted_at=None).order_by("-pk")
    halted = halted.select_related("agreement__partner", "agreement__community", "by")
    context = {"rows": rows, "following": following, "halted": halted[:200], "today": clock.today()}
    return page(request, "desk/partners/leavings.html", SECTION | context)


@require_safe
@staff_page
def standing(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine = _agreement(user, agreement_id)
    suspensions = Suspension.objects.of(mine.partner_id, mine.community_id).select_related("by", "lifted_by")
    context = {
        "agreement": mine, "suspensions": suspensions.order_by("-pk"),
        "leavings": mine.leavings.order_by("-pk"), "now": clock.now(),
        "may_suspend": suspending.refusal_for(mine, user, clock.now()) is None,
        "may_begin": process.refusal_to_begin(mine, user, clock.now()) is None,
    }  # fmt: skip
    return page(request, "desk/partners/standing.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def suspend(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine = _agreement(user, agreement_id)
    duties.require(user, mine.community, *DECIDING)
    form = SuspendForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "agreement": mine,
        "title": "暂停服务",
        "button": "暂停服务",
        "note": "马上生效：服务不再显示，券不能核销，合伙人在手机上能看到原因。",
    }
    if not form.is_valid():
        return form_page(request, "desk/partners/standing_act.html", form, context)
    keep_form(request, "desk/partners/standing_act.html", form, context)
    suspending.suspend(agreement=mine, by=user, **form.cleaned_data)
    messages.success(request, f"{mine.partner}已暂停服务。")
    return redirect("desk:standing", agreement_id)


@require_http_methods(FORMS)
@staff_page
def lift(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own = Suspension.objects.filter(agreement__community__in=Community.objects.for_staff(user))
    mine = get_object_or_404(own.select_related("agreement__partner", "agreement__community"), pk=pk)
    duties.require(user, mine.agreement.community, *DECIDING)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "agreement": mine.agreement,
        "title": "恢复服务",
        "button": "恢复服务",
        "note": "恢复后服务重新显示，券可以核销。",
    }
    if not form.is_valid():
        return form_page(request, "desk/partners/standing_act.html", form, context)
    keep_form(request, "desk/partners/standing_act.html", form, context)
    suspending.lift(suspension=mine, by=user, **form.cleaned_data)
    messages.success(request, f"{mine.agreement.partner}已恢复服务。")
    return redirect("desk:standing", mine.agreement_id)


@require_http_methods(FORMS)
@staff_page
def begin(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine = _agreement(user, agreement_id)
    duties.require(user, mine.community, *DECIDING)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "agreement": mine,
        "title": "发起退出程序",
        "button": "告知合伙人",
        "note": "合伙人在手机上看到原因，可以申辩；评议小组的决定由另一位同事登记。",
    }
    if not form.is_valid():
        return form_page(request, "desk/partners/standing_act.html", form, context)
    keep_form(request, "desk/partners/standing_act.html", form, context)
    made = process.begin(agreement=mine, by=user, **form.cleaned_data)
    messages.success(request, "已告知合伙人，等待申辩。")
    return redirect("desk:leaving", made.pk)


@require_safe
@staff_page
def leaving(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _leaving(user, pk)
    context = {
        "leaving": mine, "decide": DecideForm(), "done": DoneForm(initial={"sign_removed_on": clock.today()}),
        "refused": process.refusal_to_decide(mine, user, clock.now()), "unfinished": winding_up.refusal_for(mine, user),
        "out": winding_up.vouchers_out(mine).count(), "settled": winding_up.refusal_of_settlement(mine) is None,
    }  # fmt: skip
    return page(request, "desk/partners/leaving.html", SECTION | context)


@require_POST
@staff_page
def decide(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _leaving(user, pk), DecideForm(request.POST)
    duties.require(user, mine.agreement.community, *DECIDING)
    if form.is_valid():
        done = process.decide(leaving=mine, by=user, **form.cleaned_data)
        many = winding_up.return_vouchers(done, most=AT_ONCE)
        messages.success(request, f"决定已登记。{f'已退回{many}张券。' if many else ''}")
    else:
        messages.error(request, "请选决定并写明评议小组的意见，什么都没有改动。")
    return redirect("desk:leaving", pk)


@require_POST
@staff_page
def finish(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _leaving(user, pk), DoneForm(request.POST)
    duties.require(user, mine.agreement.community, *DECIDING)
    if form.is_valid():
        winding_up.finish(leaving=mine, by=user, **form.cleaned_data)
        messages.success(request, "已办结，退出的合伙人名单向居民公开。")
    else:
        messages.error(request, "请填写标牌收回日期，没有保存。")
    return redirect("desk:leaving", pk)


def _agreement(user: User, pk: int) -> Agreement:
    signed = Agreement.objects.for_staff(user).filter(status=Agreement.Status.SIGNED)
    return get_object_or_404(signed.select_related("partner", "community"), pk=pk)


def _leaving(user: User, pk: int) -> Leaving:
    own = Leaving.objects.filter(agreement__community__in=Community.objects.for_staff(user))
    return get_object_or_404(
        own.select_related("agreement__partner", "agreement__community", "by", "decided_by"), pk=pk
    )
