"""人员与职责: the accounts of a sub-district and what each may do; a head sees those of the own community."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import accounts, appointing, colleagues, duties, handover
from communities.desk.people_forms import AccountForm, DutyForm, OwnPhoneForm, PeopleFilter, SuccessorForm
from communities.guards import staff_page
from communities.models import Community, User
from communities.paging import slice_of
from communities.roster import exported
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page

SECTION = {"section": "people"}
ONCE = "desk/communities/shown_once.html"
PERSON = "desk/communities/person.html"


@require_safe
@staff_page
def people(request: HttpRequest, user: User) -> HttpResponse:
    """Whoever holds a duty today or later, unless those who left are asked for as well."""
    form = _filter(request, user)
    found = colleagues.matching(colleagues.people_for(user), **form.chosen())
    context = {"form": form, "slice": slice_of(request, found), "day": clock.today(), "gives": handover.gives(user)}
    return page(request, "desk/communities/people.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The list as a file, one line for each duty; own phones masked."""
    found = colleagues.matching(colleagues.people_for(user), **_filter(request, user).chosen())
    return sent(exported(found.order_by("pk")), "人员与职责")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """An account with its first duty; the one-time password is shown once."""
    if not handover.gives(user):
        raise Http404
    form = AccountForm(request.POST if request.method == "POST" else None, by=user)
    if not form.is_valid():
        return form_page(request, "desk/communities/person_new.html", form, SECTION)
    keep_form(request, "desk/communities/person_new.html", form, SECTION)
    typed, term = form.cleaned_data, form.term()
    made = appointing.appoint(
        username=typed["username"], name=typed["name"], own_phone=typed["own_phone"], role=term["role"],
        place=term["place"], since=term["starts_on"], until=term["ends_on"], by=user,
    )  # fmt: skip
    return _once(request, made.user, "一次性密码", made.password)


@require_safe
@staff_page
def person(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One colleague: what they may do, and what one may do about it."""
    return page(request, PERSON, _context(user, _person(user, pk)))


@require_POST
@staff_page
def give(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _person(user, pk)
    form = DutyForm(request.POST, by=user)
    context = _context(user, mine, duty_form=form)
    if not form.is_valid():
        return form_page(request, PERSON, form, context)
    keep_form(request, PERSON, form, context)
    given = appointing.give(user=mine, by=user, **form.term())
    messages.success(request, f"已登记：{mine.name}，{given}。")
    return redirect("desk:person", pk)


@require_POST
@staff_page
def end(request: HttpRequest, user: User, pk: int, duty: int) -> HttpResponse:
    mine = get_object_or_404(
        colleagues.visible_to(user).select_related("community__sub_district", "user"), pk=duty, user=pk
    )
    appointing.end(duty=mine, by=user)
    messages.success(request, f"{mine}：今天是最后一天，明天起没有这项职责。要立即停用，请停用账号。")
    return redirect("desk:person", pk)


@require_POST
@staff_page
def reset_password(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _person(user, pk)
    return _once(request, mine, "一次性密码", accounts.reset_password(user=mine, by=user))


@require_POST
@staff_page
def unlock(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _person(user, pk)
    return _once(request, mine, "解锁码", accounts.unlock(user=mine, by=user))


@require_POST
@staff_page
def reset_factor(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _person(user, pk)
    accounts.reset_second_factor(user=mine, by=user)
    messages.success(request, f"已重置，{mine.name}下次登录后要重新绑定验证器。")
    return redirect("desk:person", pk)


@require_POST
@staff_page
def switch(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Off if it is on, and on if it is off: the form says which of the two was meant."""
    mine = _person(user, pk)
    if request.POST.get("to") == "on":
        accounts.switch_on(user=mine, by=user)
    else:
        accounts.switch_off(user=mine, by=user)
    messages.success(request, "账号已启用。" if request.POST.get("to") == "on" else "账号已停用，已登录的也已退出。")
    return redirect("desk:person", pk)


@require_POST
@staff_page
def own_phone(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _person(user, pk)
    form = OwnPhoneForm(request.POST)
    context = _context(user, mine, phone_form=form)
    if not form.is_valid():
        return form_page(request, PERSON, form, context)
    keep_form(request, PERSON, form, context)
    accounts.register_phone(user=mine, phone=form.cleaned_data["phone"], by=user)
    messages.success(request, "本人手机号已登记。")
    return redirect("desk:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def hand_over(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What somebody holds, and one click to a successor. One's own: everybody may."""
    mine = user if pk == user.pk else _person(user, pk)
    form = SuccessorForm(request.POST if request.method == "POST" else None, people=handover.successors(mine, user))
    context = SECTION | {"person": mine, "lines": handover.overview(mine, user), "own": pk == user.pk}
    if not form.is_valid():
        return form_page(request, "desk/communities/handover.html", form, context)
    keep_form(request, "desk/communities/handover.html", form, context)
    handed = handover.hand_over(person=mine, successor=form.cleaned_data["successor"], by=user)
    return page(request, "desk/communities/handed.html", SECTION | {"handed": handed, "own": pk == user.pk})


def _person(user: User, pk: int) -> User:
    return get_object_or_404(colleagues.people_for(user), pk=pk)


def _context(user: User, mine: User, **forms: Any) -> dict[str, Any]:
    gives = handover.gives(user)
    refused = colleagues.refusal_to_maintain(by=user, user=mine)
    blank = {"duty_form": DutyForm(by=user), "phone_form": OwnPhoneForm(), **forms}
    rows = [{"duty": one, "ends": _may_end(user, mine, one)} for one in getattr(mine, "shown", [])]
    return SECTION | blank | {"person": mine, "rows": rows, "gives": gives, "refused": refused, "day": clock.today()}


def _may_end(user: User, mine: User, duty: Any) -> bool:
    over = duty.ends_on is not None and duty.ends_on <= clock.today()
    street = duty.sub_district or duty.community.sub_district
    role = duties.Role(duty.role)
    return not over and colleagues.refusal_to_give(by=user, user=mine, role=role, street=street) is None


def _once(request: HttpRequest, mine: User, what: str, secret: str) -> HttpResponse:
    return page(request, ONCE, SECTION | {"person": mine, "what": what, "secret": secret})


def _filter(request: HttpRequest, user: User) -> PeopleFilter:
    seen = colleagues.visible_to(user)
    places = Community.objects.filter(pk__in=seen.exclude(community=None).values("community")).order_by("pk")
    return PeopleFilter(request.GET, communities=places)
