"""导出 of lists with children's names: why, typed first; the file is the answer to it."""

from collections.abc import Callable
from typing import IO, Any

from django.http import HttpRequest, HttpResponse

from childcare.desk.days_forms import ExportForm
from communities.paging import kept
from communities.workbook import sent
from core.pages import form_page, keep_form

TEMPLATE = "desk/childcare/export.html"


def taken(request: HttpRequest, context: dict[str, Any], name: str, made: Callable[[str], IO[bytes]]) -> HttpResponse:
    """The page that asks for the purpose; with one, the file `name` that `made` makes of it after the looks were written.

    `context` says `title`, `back` (a page) and `holds`, what is in the file.
    """
    form = ExportForm(request.POST if request.method == "POST" else None)
    context = context | {"query": kept(request)}
    if not form.is_valid():
        return form_page(request, TEMPLATE, form, context)
    keep_form(request, TEMPLATE, form, context)
    return sent(made(form.cleaned_data["purpose"]), name)
