"""Keyset paging for REST lists: no OFFSET, no count."""

import re

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from core.refusals import BadInput

NUMBER = re.compile(r"[0-9]{1,19}")


class BadCursor(BadInput):
    code = "bad_cursor"
    message = "cursor不是上一页给出的值。请从第一页重新开始。"


class Newest(CursorPagination):
    """Newest first; `next` and `previous` are whole addresses, or null at the ends."""

    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Refuses what this server did not hand out; the library would pass any text on to the database."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise BadCursor from None
        if cursor is not None and cursor.position is not None and not NUMBER.fullmatch(str(cursor.position)):
            raise BadCursor
        return cursor
