"""What every api.py shares: which account calls, and what a client may send."""

from collections.abc import Mapping
from typing import Any, cast

from rest_framework import serializers
from rest_framework.request import Request

from communities.models import User


def caller(request: Request) -> User:
    """The client's service user; integrations/authentication.py lets nobody else in."""
    return cast(User, request.user)


class Number(serializers.IntegerField):
    """The number of a row; what no row can have is bad input, not a database error."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **options)


class Sent(serializers.Serializer[Any]):
    """What a client sends as body or query. An unknown field is refused: a mistyped filter must not pass for none."""

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The checked values. Refuses with 400 `bad_input`, naming the fields."""
        sent = cls(data=data)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(_legible(name) for name in set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({name: ["接口没有这个字段。"] for name in unknown})
        return super().to_internal_value(data)


def _legible(name: str) -> str:
    # JSON may name a field by half a character (\\ud800), which no answer can repeat.
    return name.encode("utf-8", "replace").decode()


class Paged(Sent):
    """The query of a list: where the page begins, and how long it is."""

    cursor = serializers.CharField(required=False, max_length=200, help_text="上一页next里给出的位置")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=200, help_text="每页条数")
