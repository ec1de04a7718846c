"""Joining a community, and saying for whom one acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from communities import consents, registration
from communities.acting import act_for, residents_of
from communities.forms import JoinForm
from communities.guards import account_page
from communities.models import Community, Guardian, User
from communities.paging import number
from core.pages import form_page, keep_form, page, wanted

JOINED = {
    True: "社区已有您的档案，登记已直接确认，现在就可以报名了。",
    False: "登记已提交，社区一般在一个工作日内确认。确认前可以先看课程和活动。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def choose(request: HttpRequest, account: User) -> HttpResponse:
    """One phone serves several residents: for whom is it now?"""
    mine = residents_of(account)
    if request.method != "POST":
        children = set(Guardian.objects.acting(account).values_list("child", flat=True))
        context = {"residents": mine, "children": children, "next": wanted(request, ""), "tab": "me"}
        return page(request, "communities/choose.html", context)
    chosen = next((one for one in mine if str(one.pk) == request.POST.get("resident")), None)
    if chosen is None:
        raise Http404
    act_for(request, chosen)
    return redirect(wanted(request, reverse("me")))


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def join(request: HttpRequest, account: User) -> HttpResponse:
    """First the community, then the person; afterwards back to the page that was wanted."""
    open_ones = Community.objects.joinable().select_related("sub_district")
    community = open_ones.filter(pk=number(request.GET.get("community", ""))).first()
    if community is None:
        return _communities(request, account)
    form = JoinForm(request.POST if request.method == "POST" else None, community=community)
    context = {"community": community, "next": wanted(request, ""), "tab": "me"}
    if not form.is_valid():
        return form_page(request, "communities/join.html", form, context)
    keep_form(request, "communities/join.html", form, context)
    joined = registration.join(account=account, person=_person(form, community))
    act_for(request, joined)
    messages.success(request, JOINED[joined.confirmed])
    return redirect(wanted(request, reverse("me")))


def _communities(request: HttpRequest, account: User) -> HttpResponse:
    context = {
        "communities": Community.objects.joinable().select_related("sub_district"),
        "declined": registration.last_declined(account),
        "next": wanted(request, ""),
        "tab": "me",
    }
    return page(request, "communities/communities.html", context)


def _person(form: JoinForm, community: Community) -> registration.Person:
    data = form.cleaned_data
    return registration.Person(
        name=data["name"], community=community, estate=data["estate"], birth_date=data["birth_date"],
        agreed_to=consents.PERSONAL_DATA_VERSION if data["agreed"] else "",
    )  # fmt: skip
