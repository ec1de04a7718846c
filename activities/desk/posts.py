"""岗位 at the desk: the list, setting up, one post with its holder, who claims it and the months that wait."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import claims, duty_months, holdings, post_book, posts
from activities.models import DutyMonth, Holding, Post
from activities.post_forms import GiveForm, PostFilter, PostForm, SayForm, WhyForm
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "posts"}
TILES = {"open": "空缺岗位", "held": "在岗", "asked": "认领待审核", "said": "满月履职待确认", "ending": "任期快到"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form, now = PostFilter(request.GET, user=user), clock.now()
    wanted = form.asked()
    rows, following = turned(request, post_book.page_of(user, wanted, now, place(request)), post_book.PAGE)
    counts = post_book.figures(user, now)
    tiles = [
        {"value": counts[key], "label": label, "url": f"?state={key}", "current": wanted.get("state") == key}
        for key, label in TILES.items()
    ]
    context = {"form": form, "rows": rows, "following": following, "kpis": tiles, "query": kept(request)}
    return page(request, "desk/activities/posts.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(post_book.file_of(user, PostFilter(request.GET, user=user).asked(), clock.now()), "岗位名册")


@require_safe
@staff_page
def printed(request: HttpRequest, user: User) -> HttpResponse:
    """The register on paper, every post of what was filtered, names masked."""
    form, now = PostFilter(request.GET, user=user), clock.now()
    rows = post_book.asked(user, form.asked(), now)[:500]
    return page(request, "desk/activities/posts_print.html", {"rows": rows, "now": now, "by": user})


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = PostForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/activities/post_new.html", form, SECTION)
    keep_form(request, "desk/activities/post_new.html", form, SECTION)
    made = posts.set_up(by=user, **form.cleaned_data)
    messages.success(request, f"已设立岗位“{made.title}”，居民现在可以认领。")
    return redirect("desk:post", made.pk)


@require_safe
@staff_page
def post(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _post(user, pk)
    context = {
        "post": mine,
        "board": post_book.board_of(mine, user, clock.now()),
        "form": GiveForm(),
    }
    return page(request, "desk/activities/post.html", SECTION | context)


@require_POST
@staff_page
def give(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _holding(user, pk), GiveForm(request.POST)
    board = {"post": mine.post, "board": post_book.board_of(mine.post, user, clock.now())}
    if not form.is_valid():
        return form_page(request, "desk/activities/post.html", form, SECTION | board)
    done = claims.give(holding=mine, by=user, starts_on=form.cleaned_data["starts_on"])
    messages.success(request, f"{done.resident.name}已上岗，已通知本人。")
    return redirect("desk:post", mine.post_id)


@require_POST
@staff_page
def renew(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = holdings.renew(holding=_holding(user, pk), by=user)
    messages.success(request, f"{done.resident.name}已续任，已通知本人。")
    return redirect("desk:post", done.post_id)


@require_POST
@staff_page
def say(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For a holder without a phone; somebody else confirms."""
    mine, form = _holding(user, pk), SayForm(request.POST)
    if form.is_valid():
        duty_months.say(holding=mine, by=user, **form.cleaned_data)
        messages.success(request, f"已代{mine.resident.name}填报，请另一位工作人员确认。")
    return redirect("desk:post", mine.post_id)


@require_POST
@staff_page
def month_confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = duty_months.confirm(month=_month(user, pk), by=user)
    given = done.award.given if done.award else 0
    said = f"入账{given}积分。" if given is not None else "积分待公示期满入账。"
    messages.success(request, f"已确认，{said}")
    return redirect("desk:post", done.holding.post_id)


@require_http_methods(FORMS)
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _post(user, pk)
    why = _why(request, mine, "撤销岗位", f"“{mine.title}”撤销后，在岗的居民同时离岗，已认领的不再审核，都会收到消息。")
    if isinstance(why, HttpResponse):
        return why
    posts.close(post=mine, reason=why, by=user)
    messages.success(request, f"岗位“{mine.title}”已撤销。")
    return redirect("desk:posts")


@require_http_methods(FORMS)
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _holding(user, pk)
    why = _why(request, mine.post, "不予通过", f"{mine.resident.name}认领的“{mine.post.title}”。")
    if isinstance(why, HttpResponse):
        return why
    claims.decline(holding=mine, reason=why, by=user)
    messages.success(request, "已登记为未通过，已通知本人。")
    return redirect("desk:post", mine.post_id)


@require_http_methods(FORMS)
@staff_page
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _holding(user, pk)
    why = _why(request, mine.post, "办理离岗", f"{mine.resident.name}离岗后，本月不再计满月履职，已得的积分不变。")
    if isinstance(why, HttpResponse):
        return why
    holdings.end(holding=mine, reason=why, by=user)
    messages.success(request, f"{mine.resident.name}已离岗，已通知本人。")
    return redirect("desk:post", mine.post_id)


@require_http_methods(FORMS)
@staff_page
def month_decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _month(user, pk)
    why = _why(request, mine.holding.post, "履职不予确认", f"{mine.holding.resident.name}的满月履职不予确认，不入账。")
    if isinstance(why, HttpResponse):
        return why
    duty_months.decline(month=mine, reason=why, by=user)
    messages.success(request, "已登记为未通过，已通知本人，本人可以申诉。")
    return redirect("desk:post", mine.holding.post_id)


def _why(request: HttpRequest, mine: Post, what: str, said: str) -> HttpResponse | str:
    """The reason, once it is given; else the page that asks for it."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = SECTION | {"post": mine, "what": what, "said": said}
    if not form.is_valid():
        return form_page(request, "desk/activities/post_why.html", form, context)
    keep_form(request, "desk/activities/post_why.html", form, context)
    return str(form.cleaned_data["reason"])


def _post(user: User, pk: int) -> Post:
    return get_object_or_404(Post.objects.for_staff(user).select_related("community"), pk=pk)


def _holding(user: User, pk: int) -> Holding:
    named = Holding.objects.for_staff(user).select_related("post__community", "resident__community")
    return get_object_or_404(named, pk=pk)


def _month(user: User, pk: int) -> DutyMonth:
    own = DutyMonth.objects.filter(holding__in=Holding.objects.for_staff(user))
    return get_object_or_404(duty_months.read(own), pk=pk)
