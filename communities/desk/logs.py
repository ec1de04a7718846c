"""变更记录 and 查看记录: read by auditors; by the head, what was changed in one file."""

from collections.abc import Iterator
from typing import TypeVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from communities import auditing, duties
from communities.auditing import Filter, spelt
from communities.guards import staff_page
from communities.models import Change, Duty, Look, Resident, User
from communities.workbook import Cell, sent, workbook
from core.pages import page
from core.paging import place, turned

Log = TypeVar("Log", Change, Look)
PAGE = 50
CHANGES = (
    ("时间", 18), ("经办人", 14), ("社区", 14), ("涉及的人", 16), ("内容", 12), ("动作", 8), ("改了什么", 60), ("网络地址", 18), ("请求编号", 38),
)  # fmt: skip
LOOKS = (
    ("时间", 18),
    ("查看人", 14),
    ("社区", 14),
    ("居民", 16),
    ("看了什么", 20),
    ("原因", 40),
    ("网络地址", 18),
    ("请求编号", 38),
)


class LogFilter(forms.Form):
    """All of it optional; what is not understood is left out."""

    since = forms.DateField(label="从哪天", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到哪天", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.CharField(label="工作人员姓名或登录名", required=False, max_length=40)
    resident = forms.IntegerField(label="居民编号", required=False, min_value=1, max_value=2**63 - 1)

    def asked(self) -> Filter:
        self.is_valid()
        return Filter(**{name: value for name, value in self.cleaned_data.items() if value})


class ChangeFilter(LogFilter):
    what = forms.ChoiceField(label="内容", required=False, choices=lambda: [("", "全部"), *auditing.WORDS.items()])


@require_safe
@staff_page
def changes(request: HttpRequest, user: User) -> HttpResponse:
    """Who changed what, the newest first; `?file=1` sends it as Excel."""
    _auditor(user)
    form = ChangeFilter(request.GET)
    found = auditing.narrowed(auditing.changes_for(user), form.asked())
    if "file" in request.GET:
        return sent(workbook("变更记录", CHANGES, _change_cells(found)), "变更记录")
    return page(request, "desk/communities/log_changes.html", _context(request, found, form=form))


@require_safe
@staff_page
def looks(request: HttpRequest, user: User) -> HttpResponse:
    """Who looked at whose full data and what for; `?file=1` sends it as Excel."""
    _auditor(user)
    form = LogFilter(request.GET)
    found = auditing.narrowed(auditing.looks_for(user), form.asked())
    if "file" in request.GET:
        return sent(workbook("查看记录", LOOKS, _look_cells(found)), "查看记录")
    return page(request, "desk/communities/log_looks.html", _context(request, found, form=form))


@require_safe
@staff_page
def changes_of(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What was changed in one file, for its head and the street's administrator."""
    resident = get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)
    duties.require(user, resident.community, Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
    found = auditing.narrowed(auditing.changes_of(resident), Filter())
    context = _context(request, found, resident=resident) | {"section": "residents"}
    return page(request, "desk/communities/resident_changes.html", context)


def _auditor(user: User) -> None:
    if not auditing.audits(user):
        raise Http404


def _context(request: HttpRequest, found: QuerySet[Log], **more: object) -> dict[str, object]:
    before, query = place(request), request.GET.copy()
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    query["file"] = "1"
    lines = list(spelt(rows))
    return {"lines": lines, "following": following, "export": f"?{query.urlencode()}", "section": "logs", **more}


def _change_cells(found: QuerySet[Change]) -> Iterator[tuple[Cell, ...]]:
    for one in spelt(found.iterator(chunk_size=500)):
        said = "；".join(f"{name}：{old}→{new}" for name, old, new in one.fields)
        yield one.at, one.who, one.place, one.whom, one.what, one.action, said, one.address, one.request


def _look_cells(found: QuerySet[Look]) -> Iterator[tuple[Cell, ...]]:
    for one in spelt(found.iterator(chunk_size=500)):
        yield one.at, one.who, one.place, one.whom, one.what, one.purpose, one.address, one.request
