"""小事 on the phone: send one in, see what became of each, take back what nobody has answered."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import deeds as process
from activities.models import Deed, Photo
from activities.models.deeds import DeedQuerySet
from activities.views.deeds_forms import DeedForm
from communities import appeals, photos
from communities.guards import resident_page
from communities.models import Resident, User
from core import clock, words
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from points import pricing

PAGE = 20
TAB = {"tab": "activities"}
NEW = "activities/deed_new.html"
CHOICES = (
    (Deed.Kind.SNAPSHOT, "PHOTO", "看到垃圾、破损、乱停乱放，告诉社区"),
    (Deed.Kind.KINDNESS, "DEED", "扶一把、捡一捡、搭把手，做了就说一声"),
    (Deed.Kind.IDEA, "IDEA", "给社区出个主意"),
)  # fmt: skip


@require_safe
@resident_page
def deeds(request: HttpRequest, resident: Resident) -> HttpResponse:
    before = place(request)
    found = _own(resident).order_by("-pk")
    shown, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    return page(request, "activities/deeds.html", {"rows": shown, "following": following, **TAB})


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def new(request: HttpRequest, resident: Resident) -> HttpResponse:
    account, sent = cast(User, request.user), request.method == "POST"
    refused = process.refusal_for(resident, clock.now())
    form = DeedForm(
        request.POST if sent else None, request.FILES if sent else None, by=account,
        initial={"kind": request.GET.get("kind", "")},
    )  # fmt: skip
    context = {"refused": refused, "choices": _choices(resident), "filled": sent, **TAB}
    if refused or not form.is_valid():
        return form_page(request, NEW, form, context)
    keep_form(request, NEW, form, context)
    made = process.send(resident=resident, by=account, **form.sent())
    messages.success(request, f"已提交。社区最晚{words.moment(made.answer_by)}前答复，结果发到您的消息。")
    return redirect("activities:deed", made.pk)


@require_safe
@resident_page
def deed(request: HttpRequest, resident: Resident, deed_id: int) -> HttpResponse:
    mine = get_object_or_404(_own(resident), pk=deed_id)
    context: dict[str, Any] = {"deed": mine, **TAB}
    if mine.status == Deed.Status.DECLINED and mine.answered_at:
        about = f"deed:{mine.pk}"
        context["appeal"] = appeals.state_for(resident, {about: mine.answered_at})[about]
    return page(request, "activities/deed.html", context)


@require_POST
@resident_page
def take_back(request: HttpRequest, resident: Resident, deed_id: int) -> HttpResponse:
    process.take_back(deed=get_object_or_404(_own(resident), pk=deed_id))
    messages.success(request, "已撤回，照片已删除。")
    return redirect("activities:deeds")


@require_safe
@resident_page
def photo(request: HttpRequest, resident: Resident, deed_id: int) -> HttpResponse:
    return photos.shown(get_object_or_404(Photo, pk=deed_id, deed__resident=resident))


def _own(resident: Resident) -> DeedQuerySet:
    return Deed.objects.of(resident).with_photo().select_related("award", "solved_award", "merged_into")


def _choices(resident: Resident) -> list[dict[str, Any]]:
    """The three, each with what it is for and what it brings today."""
    rules = pricing.tariffs(resident.community.sub_district_id, on=clock.today())
    worth = {code: tariff.price(1).asked for code, tariff in rules.items()}
    solved = worth.get("PHOTO_SOLVED", 0)
    return [
        {
            "value": kind.value, "label": kind.label, "text": text, "points": worth.get(code, 0),
            "more": solved if kind == Deed.Kind.SNAPSHOT else 0,
        }
        for kind, code, text in CHOICES
    ]  # fmt: skip
