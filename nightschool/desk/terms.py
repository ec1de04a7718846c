"""Staff pages: the terms of the sub-district, and all courses of one copied into another."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page
from nightschool import copying_term, terms
from nightschool.desk.terms_forms import CopyForm, TermForm
from nightschool.models import Term

COURSES = {"section": "courses"}
FORMS = ["GET", "HEAD", "POST"]
FORM, COPY = "desk/nightschool/term_form.html", "desk/nightschool/term_copy.html"


@require_safe
@staff_page
def listed(request: HttpRequest, user: User) -> HttpResponse:
    streets = duties.administered_by(user)
    mine = {one.pk for one in streets}
    found = [{"term": one, "mine": one.sub_district_id in mine} for one in terms.of_staff(user)]
    return page(request, "desk/nightschool/terms.html", COURSES | {"rows": found, "streets": streets})


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User, street: int) -> HttpResponse:
    own = next((one for one in duties.administered_by(user) if one.pk == street), None)
    if own is None:
        raise Http404
    return _form(request, user, Term(sub_district=own))


@require_http_methods(FORMS)
@staff_page
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = Term.objects.filter(sub_district__in=duties.administered_by(user)).select_related("sub_district")
    return _form(request, user, get_object_or_404(mine, pk=pk))


def _form(request: HttpRequest, user: User, term: Term) -> HttpResponse:
    form = TermForm(request.POST or None, instance=term)
    if not form.is_valid():
        return form_page(request, FORM, form, COURSES)
    keep_form(request, FORM, form, COURSES)
    made = terms.save(term=form.save(commit=False), by=user)
    messages.success(request, f"期次“{made}”已保存。")
    return redirect("desk:terms")


@require_http_methods(FORMS)
@staff_page
def copy(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Which courses would be copied; then, by POST, they stand as drafts."""
    source = next((one for one in terms.of_staff(user) if one.pk == pk), None)
    if source is None:
        raise Http404
    form = CopyForm(request.POST or None, source=source, at=clock.now())
    context = COURSES | {"source": source, "courses": copying_term.of_term(source, user)}
    if not form.is_valid():
        return form_page(request, COPY, form, context)
    keep_form(request, COPY, form, context)
    made = copying_term.copy_term(source=source, target=form.cleaned_data["target"], by=user)
    messages.success(request, f"已沿用{len(made)}门课，都是草稿。请逐门核对日期，再开放报名。")
    return redirect("/desk/night-school/?state=draft")
