"""孩子 on 我的: for whom the guardian answers, what was agreed to, and taking it back by one tap."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from communities import guardians
from communities.models import Guardian, Resident, User
from communities.ownership import own_page
from communities.purposes import TEXTS
from core import clock
from core.pages import page


@require_safe
@own_page
def children(request: HttpRequest, resident: Resident) -> HttpResponse:
    mine = guardians.children_of(cast(User, request.user))
    today = clock.today()
    rows = [(one, one.child.age_on(today), guardians.consented(one.child)) for one in mine]
    context = {"rows": rows, "text": TEXTS[guardians.Purpose.MINOR_VOLUNTEER], "tab": "me"}
    return page(request, "communities/children.html", context)


@require_POST
@own_page
def agree(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    child = _child(request, pk)
    guardians.agree(child=child, by=cast(User, request.user))
    messages.success(request, f"已记录您的同意，{child.name}可以报名适合年龄的志愿服务。随时可以在这里撤回。")
    return redirect("me-children")


@require_POST
@own_page
def withdraw(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    child = _child(request, pk)
    guardians.withdraw(child=child, by=cast(User, request.user))
    messages.success(request, f"已撤回。{child.name}还没开始的报名已取消，已有的服务时长保留，其他服务不受影响。")
    return redirect("me-children")


def _child(request: HttpRequest, pk: int) -> Resident:
    """The child of this account, else 404."""
    mine = Guardian.objects.current().filter(guardian__account=cast(User, request.user))
    return get_object_or_404(mine.select_related("child__community"), child=pk).child
