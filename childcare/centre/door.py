"""The centre's door: a page passes the `Staffer`, the account's own post at one centre. Whoever works at several chooses."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from childcare.days import who
from childcare.models import Centre, Staffer
from communities.guards import staff_page, to_and_back
from communities.models import User
from core import clock
from core.refusals import Refused

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
CareView = Callable[Concatenate[HttpRequest, Staffer, P], HttpResponse]
SESSION_KEY = "care_centre"


class NotCaregiver(Refused):
    code = "not_caregiver"
    message = "这一页只供托管老师使用。您的账号没有登记在托管中心，或违法犯罪记录查询已过期、没有合格结果，什么都没有显示。请联系社区主任。"
    status = 403


class OffDuty(Refused):
    code = "care_off_duty"
    message = "您今天没有排在当班名单上，不能看孩子的名单和记录，什么都没有显示。要当班请联系中心负责人。"
    status = 403


class LeadOnly(Refused):
    code = "care_lead_only"
    message = "这件事由中心负责人办理，什么都没有改动。"
    status = 403


def posts_of(user: User) -> list[Staffer]:
    """Where `user` works today, by duty and staff list; by centre."""
    mine = Staffer.objects.current().filter(account=user, centre__in=Centre.objects.of_caregiver(user))
    return list(mine.select_related("centre__community__sub_district").order_by("centre__name", "pk"))


def care_page(view: CareView[P]) -> View[P]:
    """Signed out → staff sign-in and back. Refuses `NotCaregiver`; who works at several centres chooses first."""

    @wraps(view)
    @staff_page
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        mine = posts_of(user)
        if not mine:
            raise NotCaregiver
        chosen = request.session.get(SESSION_KEY)
        post = next((one for one in mine if one.centre_id == chosen), mine[0] if len(mine) == 1 else None)
        if post is None:
            return to_and_back(request, "care:choose")
        return view(request, post, *args, **kwargs)

    return guarded


def watch_page(view: CareView[P]) -> View[P]:
    """As `care_page`, for names and days of the children; refuses `OffDuty` to whom nobody has put on duty today."""

    @wraps(view)
    @care_page
    def guarded(request: HttpRequest, post: Staffer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not who.watches(post, clock.today()):
            raise OffDuty
        return view(request, post, *args, **kwargs)

    return guarded


def lead_page(view: CareView[P]) -> View[P]:
    """As `care_page`; refuses `LeadOnly` to everybody but the centre's lead."""

    @wraps(view)
    @care_page
    def guarded(request: HttpRequest, post: Staffer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not post.is_lead:
            raise LeadOnly
        return view(request, post, *args, **kwargs)

    return guarded
