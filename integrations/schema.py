"""How the API describes itself (OpenAPI): what integrations adds to every operation of every app."""

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from integrations.idempotency import HEADER, KEY

KEY_PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": f"^{KEY.pattern}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="每笔业务一个值，保存30天：内容相同则返回第一次的结果，内容不同则拒绝（409 key_reused）。",
)


class ErrorShape(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField(help_text="给程序看的代码")
    detail = serializers.CharField(help_text="给人看的一句话，可直接展示")
    problems = serializers.JSONField(required=False, help_text="仅bad_input：每一项错在哪里")


class ApiSchema(AutoSchema):
    """REST_FRAMEWORK's DEFAULT_SCHEMA_CLASS."""

    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view
        action = getattr(view, view.action)
        return [KEY_PARAMETER] if getattr(action, "asks_for_key", False) else []

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return type(serializer).__name__.removesuffix("Shape")

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        wrong = self.resolve_serializer(ErrorShape, "response").ref
        bodies["default"] = {"description": "没有办成", "content": {"application/json": {"schema": wrong}}}
        return bodies


class ClientCredentials(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "integrations.authentication.ClientAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        view = auto_schema.view
        return {self.name: [view.scopes[view.action]]}

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {"tokenUrl": "/api/v1/oauth/token/", "scopes": settings.OAUTH2_PROVIDER["SCOPES"]}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}
