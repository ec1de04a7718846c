"""今天: the groups of the day with their counts, alarms on top; which centre; the way to everything else."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from childcare.centre.door import SESSION_KEY, NotCaregiver, care_page, posts_of, watch_page
from childcare.days import glance, who
from childcare.days.sights import Sights
from childcare.models import Centre, Staffer
from childcare.staffing.book import Day, fortnight
from communities import paging
from communities.guards import staff_page
from communities.models import User
from core import clock, words
from core.pages import page, wanted


@require_safe
@care_page
def today(request: HttpRequest, post: Staffer) -> HttpResponse:
    day = clock.today()
    context = {
        "post": post, "tab": "today", "day": words.day(day), "groups": glance.of(post.centre, day), "alarms": glance.alarms(post.centre) if who.watches(post, day) else [],
        "on_duty": glance.on_duty(post, day), "short": _short(post, day) if post.is_lead else [],
    }  # fmt: skip
    return page(request, "care/today.html", context)


def _short(post: Staffer, day: date) -> list[Day]:
    """For the lead: today and tomorrow, where too few are on duty."""
    return [one for one in fortnight(post.centre, [day, day + timedelta(days=1)]) if one.short]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def choose(request: HttpRequest, user: User) -> HttpResponse:
    mine = posts_of(user)
    if not mine:
        raise NotCaregiver
    if request.method != "POST":
        return page(request, "care/choose.html", {"mine": mine, "next": wanted(request, "/care/")})
    number = paging.number(request.POST.get("centre", ""))
    request.session[SESSION_KEY] = get_object_or_404(Centre.objects.of_caregiver(user), pk=number).pk
    return redirect(wanted(request, "/care/"))


@require_safe
@care_page
def more(request: HttpRequest, post: Staffer) -> HttpResponse:
    several = len(posts_of(request.user)) > 1 if isinstance(request.user, User) else False
    return page(request, "care/more.html", {"post": post, "tab": "more", "several": several})


@require_safe
@watch_page
def roster(request: HttpRequest, post: Staffer) -> HttpResponse:
    """名单: everybody who comes today, by group; the lead sees all who have a place. The first sight of a day is written down."""
    assert post.account is not None
    Sights(post.account, post.centre.community).once(f"托管名单：{post.centre}", "点名")
    context = {"post": post, "tab": "roster", "groups": glance.roster(post, clock.today())}
    return page(request, "care/roster.html", context)
