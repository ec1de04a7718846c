"""积分规则: every colleague of the sub-district reads them, its administrator changes them in two steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import Community, SubDistrict, User
from core import clock
from core.pages import form_page, keep_form, page
from core.words import day
from points import rules, trial
from points.rule_forms import DayForm, NewRuleForm, RuleForm
from points.rulebook import Chapter, Figures, chapter, figures_of, overview
from points.rules import Decision, first_of_next_month

SECTION = {"section": "rules"}
FORM, PREVIEW = "desk/points/rule_form.html", "desk/points/rule_preview.html"


@require_safe
@staff_page
def rule_list(request: HttpRequest, user: User) -> HttpResponse:
    """The rules of every sub-district that one's communities belong to."""
    own, today = duties.administered_by(user), clock.today()
    streets = [
        {"street": one, "groups": overview(one.pk, today), "may_change": one in own} for one in _reached_by(user)
    ]
    return page(request, "desk/points/rules.html", SECTION | {"streets": streets, "on": today})


@require_safe
@staff_page
def rule(request: HttpRequest, user: User, street: int, code: str) -> HttpResponse:
    """One rule: in force, to come, and every version there was."""
    found = next((one for one in _reached_by(user) if one.pk == street), None)
    if found is None:
        raise Http404
    may_change = found in duties.administered_by(user)
    context = {"street": found, "chapter": _chapter(found, code), "may_change": may_change}
    return page(request, "desk/points/rule.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def rule_change(request: HttpRequest, user: User, street: int, code: str) -> HttpResponse:
    """What it would have given last month is shown first; the second button writes."""
    own = _own(user, street)
    known = _chapter(own, code)
    if not known.priced:
        raise Http404
    first = first_of_next_month(clock.today())
    initial = known.shown.figures._asdict() | {"starts_on": first}
    form = RuleForm(request.POST or None, initial=initial, kind=known.kind)
    context = SECTION | {"street": own, "chapter": known}
    if not form.is_valid() or request.POST.get("step") == "edit":
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    asked = _asked(form.cleaned_data | {"kind": known.kind, "code": code}, own, user)
    if request.POST.get("step") != "save":
        return _preview(request, form, asked, context)
    return _done(request, rules.change(**asked))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def rule_new(request: HttpRequest, user: User, street: int) -> HttpResponse:
    """A code of the sub-district's own. Nobody has served under it, so the preview shows the rule alone."""
    own = _own(user, street)
    form = NewRuleForm(request.POST or None, initial={"starts_on": first_of_next_month(clock.today())})
    context = SECTION | {"street": own}
    if not form.is_valid() or request.POST.get("step") == "edit":
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    asked = _asked(form.cleaned_data, own, user)
    if request.POST.get("step") != "save":
        rules.refuse_taken(own, asked["code"])
        return _preview(request, form, asked, context)
    return _done(request, rules.introduce(**asked))


@require_POST
@staff_page
def rule_withdraw(request: HttpRequest, user: User, street: int, code: str) -> HttpResponse:
    """The coming change of the day that the button names is taken back."""
    own, form = _own(user, street), DayForm(request.POST)
    _chapter(own, code)
    if not form.is_valid():
        raise rules.NothingToWithdraw
    taken = rules.withdraw(sub_district=own, code=code, by=user, **form.cleaned_data)
    messages.success(request, f"已撤回：{taken.name}{day(taken.starts_on)}起的改动不再执行。")
    return redirect("desk:rule", own.pk, code)


def _reached_by(user: User) -> list[SubDistrict]:
    mine = SubDistrict.objects.filter(communities__in=Community.objects.for_staff(user))
    return list(mine.distinct().order_by("pk"))


def _own(user: User, street: int) -> SubDistrict:
    """404 unless the user administers it: nobody else finds a page that changes something."""
    own = next((one for one in duties.administered_by(user) if one.pk == street), None)
    if own is None:
        raise Http404
    return own


def _chapter(street: SubDistrict, code: str) -> Chapter:
    found = chapter(street.pk, code, clock.today())
    if found is None:
        raise Http404
    return found


def _asked(given: dict[str, Any], own: SubDistrict, user: User) -> dict[str, Any]:
    """What the verbs take, of what was typed."""
    figures: dict[str, Any] = {name: given.get(name) for name in Figures._fields}
    return {
        "sub_district": own, "code": given["code"], "starts_on": given["starts_on"], "by": user,
        "figures": Figures(**figures),
        "decision": Decision(given["body"], given["decided_on"], given["decided"]),
    }  # fmt: skip


def _preview(request: HttpRequest, form: RuleForm, asked: dict[str, Any], context: dict[str, Any]) -> HttpResponse:
    wanted, known = rules.proposed(**asked), context.get("chapter")
    eve = known.before(wanted.starts_on) if known else None
    seen = {
        "form": form, "rule": wanted, "wanted": asked["figures"], "eve": eve and figures_of(eve),
        "trial": trial.try_out(wanted, eve, clock.today()),
    }  # fmt: skip
    return page(request, PREVIEW, context | seen)


def _done(request: HttpRequest, written: Any) -> HttpResponse:
    messages.success(request, f"已保存：{written.name}的新规则从{day(written.starts_on)}起执行。")
    return redirect("desk:rule", written.sub_district_id, written.code)
