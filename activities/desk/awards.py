"""待公示的积分 at the desk: what waits, how its notice stands, and putting it on one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from activities import announcing
from activities.desk.awards_forms import NoticeTitle
from activities.models import Award
from communities.filters import OwnFilter
from communities.guards import staff_page
from communities.models import User
from communities.paging import number
from core.pages import page
from core.paging import onward, place

SECTION = {"section": "review"}


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = OwnFilter(request.GET, user=user)
    rows = announcing.waiting(user, form.asked().get("community"), after=place(request, "after") or 0)
    following = onward(
        request, rows[announcing.PAGE - 1].award.pk if len(rows) > announcing.PAGE else None, "after"
    )  # fmt: skip
    context = {"form": form, "rows": rows[: announcing.PAGE], "following": following, "titled": NoticeTitle()}
    return page(request, "desk/activities/awards.html", SECTION | context)


@require_POST
@staff_page
def prepare(request: HttpRequest, user: User) -> HttpResponse:
    """A draft of what was ticked; whoever may publish does it from its own page."""
    form = NoticeTitle(request.POST)
    picked = [number(value) for value in request.POST.getlist("picked")]
    awards = list(Award.objects.for_staff(user).filter(pk__in=picked))
    if not form.is_valid():
        messages.error(request, "请写公示的标题，不超过60字。没有拟公示。")
        return redirect("desk:awards")
    made = announcing.prepare(awards=awards, title=form.cleaned_data["title"], by=user)
    messages.success(request, f"已拟公示，列入{len(awards)}项。请核对名单，由另一位负责人发布。")
    return redirect("desk:notice", made.pk)
