"""岗位 on the phone: what can be claimed, what I hold, my months."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from activities import claims, duty_months, holdings
from activities.models import Holding, Post
from activities.post_forms import SayForm
from activities.terms import named
from communities import appeals
from communities.guards import open_page, resident_page
from communities.models import Community, Resident, User
from core import clock
from core.pages import page
from core.paging import place, turned

PAGE, MONTHS = 20, 12


@require_safe
@open_page
def listing(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Open posts of the sub-district, and what the reader has; a visitor sees those of the first community's."""
    at = clock.now()
    community = resident.community if resident else Community.objects.joinable().first()
    context: dict[str, Any] = {"tab": "me" if resident else "activities", "acting_resident": resident}
    if community:
        vacant = Post.objects.filter(community__sub_district=community.sub_district_id, closed_at=None)
        free = vacant.exclude(holdings__in=Holding.objects.held()).select_related("community").order_by("pk")
        after = place(request, "after")
        found = list((free.filter(pk__gt=after) if after else free)[: PAGE + 1])
        shown, following = turned(request, found, PAGE, "after")
        refusals = claims.refusals_to_claim(shown, resident, at) if resident else {}
        context |= {"rows": [(one, refusals.get(one.pk)) for one in shown], "following": following}
    return page(request, "activities/posts.html", context | (_mine(resident) if resident else {}))


def _mine(resident: Resident) -> dict[str, Any]:
    at = clock.now()
    months = duty_months.of_resident(resident, MONTHS)
    decided = {f"month:{one.pk}": one.decided_at for one in months if one.decided_at}
    states = appeals.state_for(resident, decided, at=at) if decided else {}
    last = Holding.objects.filter(resident=resident).select_related("post").order_by("-pk").first()
    return {
        "mine": claims.standing(resident), "months": [(one, named(one.month), states.get(f"month:{one.pk}")) for one in months],
        "sayable": [(one, month, named(month)) for one, month in duty_months.sayable(resident, at)], "form": SayForm(),
        "last": last if last and last.status == Holding.Status.DECLINED and last.end_reason != claims.TAKEN_BACK else None,
    }  # fmt: skip


@require_POST
@resident_page
def claim(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("community"), pk=pk)
    claims.claim(post=post, resident=resident, by=cast(User, request.user))
    messages.success(request, f"已认领“{post.title}”，社区审核后会发消息给您。")
    return redirect("activities:posts")


@require_POST
@resident_page
def take_back(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    claims.take_back(holding=_own(resident, pk), by=cast(User, request.user))
    messages.success(request, "已撤回认领。")
    return redirect("activities:posts")


@require_POST
@resident_page
def leave(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    holdings.end(holding=_own(resident, pk), reason="本人提出", by=cast(User, request.user))
    messages.success(request, "已离岗，已得的积分不变。谢谢您的付出。")
    return redirect("activities:posts")


@require_POST
@resident_page
def say(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    mine, form = _own(resident, pk), SayForm(request.POST)
    if form.is_valid():
        made = duty_months.say(holding=mine, by=cast(User, request.user), **form.cleaned_data)
        messages.success(request, f"{named(made.month)}的满月履职已提交，社区确认后积分入账。")
    return redirect("activities:posts")


def _own(resident: Resident, pk: int) -> Holding:
    return get_object_or_404(Holding.objects.filter(resident=resident).select_related("post"), pk=pk)
