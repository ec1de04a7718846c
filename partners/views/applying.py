"""我的报名, on the phone of whoever signs in by it: three steps that are kept one by one, and how it stands."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import limits, notices
from communities.guards import account_page
from communities.models import Community, User
from communities.paging import number
from core import clock
from core.pages import form_page, keep_form, page
from partners.agreements import licences
from partners.joining import applying, choosing, handing_in
from partners.joining_forms import OpenCallForm, PledgeForm, ServiceForm, SubjectForm, WhereForm
from partners.licence_form import LicenceForm
from partners.models import Application, Call, Partner
from partners.vouchers.clerks import OwnerOnly

FORMS = ["GET", "HEAD", "POST"]
A_DAY = 10  # applications begun by one account: each makes a candidate


@require_safe
@account_page
def mine(request: HttpRequest, account: User) -> HttpResponse:
    """Every one of the reader's partners and candidates, the newest first."""
    rows = Application.objects.of(account).select_related("partner", "community", "call").order_by("-pk")[:50]
    return page(request, "partners/applications.html", {"tab": "me", "rows": rows})


@require_http_methods(FORMS)
@account_page
def new(request: HttpRequest, account: User) -> HttpResponse:
    """The first step of a new one; whoever is known chooses `partner` instead of typing it again."""
    call = OpenCallForm(request.GET).chosen()
    given = request.POST if request.method == "POST" else None
    where = WhereForm({"community": call.community_id} if call else given)
    known, form = licences.owned_by(account), SubjectForm(given if given and "partner" not in given else None)
    context = {
        "tab": "me", "call": call, "where": where, "known": known if not given or "partner" in given else [],
        "refused": applying.refusal_to_begin(call.community, call, clock.now()) if call else None,
    }  # fmt: skip
    chosen = next((one for one in known if given and one.pk == number(given.get("partner", ""))), None)
    if given is None or not where.is_valid() or not (chosen or form.is_valid()):
        return form_page(request, "partners/apply.html", form, context)
    limits.hit(f"apply:{account.pk}", limit=A_DAY, window=timedelta(days=1))
    keep_form(request, "partners/apply.html", form, context)
    return _begun(account, chosen, form, where.cleaned_data["community"], call)


def _begun(
    account: User, chosen: Partner | None, form: SubjectForm, community: Community, call: Call | None
) -> HttpResponse:  # fmt: skip
    if chosen:
        made = applying.begin_again(partner=chosen, community=community, call=call, by=account)
        return redirect("partners:apply-who", made.pk)
    made = applying.begin(community=community, call=call, subject=form.said(), by=account)
    return redirect("partners:apply-what", made.pk)


@require_safe
@account_page
def application(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    """How it stands and what is to be done."""
    found = _own(account, pk)
    kept = list(found.partner.licences.current().order_by("kind", "pk"))
    down = licences.turned_down(found.partner, kept)
    context = {
        "application": found,
        "licences": kept,
        "down": down,
        "signed": applying.is_signed(found),
        "writable": found.status in applying.WRITABLE,
    }
    if found.status == Application.Status.PROPOSED:
        context["notice"] = notices.standing(choosing.about(found)).notice
    return page(request, "partners/application.html", {"tab": "me", **context})


@require_http_methods(FORMS)
@account_page
def who(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    """第1步."""
    found = _open(account, pk)
    given = request.POST if request.method == "POST" else None
    form = SubjectForm(given, instance=found.partner, fixed=applying.settled(found.partner))
    context = {"tab": "me", "application": found}
    if not form.is_valid():
        return form_page(request, "partners/apply_who.html", form, context)
    keep_form(request, "partners/apply_who.html", form, context)
    applying.say_who(application=found, subject=form.said(), by=account)
    return redirect("partners:apply-what", pk)


@require_http_methods(FORMS)
@account_page
def what(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    """第2步."""
    found = _open(account, pk)
    form = ServiceForm(request.POST if request.method == "POST" else None, application=found)
    context = {"tab": "me", "application": found}
    if not form.is_valid():
        return form_page(request, "partners/apply_what.html", form, context)
    keep_form(request, "partners/apply_what.html", form, context)
    applying.say_what(application=found, service=form.said(), by=account)
    return redirect("partners:apply-papers", pk)


@require_http_methods(FORMS)
@account_page
def papers(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    """第3步: the pledge; the POST hands everything in."""
    found = _open(account, pk)
    form = PledgeForm(request.POST if request.method == "POST" else None, application=found)
    context = _papers(found, LicenceForm(partner=found.partner, by=account))
    if not form.is_valid():
        return form_page(request, "partners/apply_papers.html", form, context)
    keep_form(request, "partners/apply_papers.html", form, context)
    handing_in.submit(application=found, pledge=form.said(), by=account)
    messages.success(request, f"已报名，{found.community}会在资格审查后在这里答复。")
    return redirect("partners:application", pk)


@require_POST
@account_page
def licence(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    """One more licence, from the third step."""
    found = _open(account, pk)
    wrong = LicenceForm(request.POST, request.FILES, partner=found.partner, by=account)
    context, form = _papers(found, wrong), PledgeForm(application=found)
    if not wrong.is_valid():
        return page(request, "partners/apply_papers.html", context | {"form": form}, status=400)
    keep_form(request, "partners/apply_papers.html", form, context)
    made = licences.send(partner=found.partner, sent=wrong.sent(), by=account)
    messages.success(request, f"{made}已保存，社区会对照原件核对。")
    return redirect("partners:apply-papers", pk)


def _papers(found: Application, form: LicenceForm) -> dict[str, object]:
    kept = list(found.partner.licences.current().order_by("kind", "pk"))
    missing = [one.label for one in licences.missing(found.partner, kept)]
    lacking = handing_in.lacking(found)
    return {
        "tab": "me", "application": found, "licences": kept, "missing": missing, "lacking": lacking, "licence_form": form,
        "down": licences.turned_down(found.partner, kept),
    }  # fmt: skip


@require_POST
@account_page
def withdraw(request: HttpRequest, account: User, pk: int) -> HttpResponse:
    handing_in.withdraw(application=_own(account, pk), by=account)
    messages.success(request, "报名已撤回。")
    return redirect("partners:applications")


def _own(account: User, pk: int) -> Application:
    """404 for what others began; who owns nothing is told so."""
    if not licences.owned_by(account):
        raise OwnerOnly
    own = Application.objects.of(account).select_related("partner", "community__sub_district", "call")
    return get_object_or_404(own, pk=pk)


def _open(account: User, pk: int) -> Application:
    """One's own that can still be written; refuses `NotWritable`."""
    found = _own(account, pk)
    if found.status not in applying.WRITABLE:
        raise applying.NotWritable
    return found
