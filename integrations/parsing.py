"""Reading what a client sends."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON within Django's size limit; nested deeper than Python can follow, it is malformed, not a crash."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = parser_context or {}
        body = context["request"]._request.body  # reading the stream itself would pass by DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            return super().parse(BytesIO(body), media_type, context)
        except RecursionError as error:
            raise ParseError from error
