"""Every error of the API is `{"code", "detail"}`; `detail` is a Chinese sentence ready to be shown."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.refusals import Refused

SENTENCES: dict[type[Exception], tuple[str, str]] = {
    exceptions.ParseError: ("malformed", "请求内容不是有效的JSON，什么都没有改动。请检查格式和编码（UTF-8）后重试。"),
    exceptions.NotAuthenticated: ("not_authenticated", "请先用客户端凭据换取访问令牌，再带上令牌调用。"),
    exceptions.AuthenticationFailed: ("not_authenticated", "访问令牌无效或已过期，请重新换取令牌。"),
    exceptions.PermissionDenied: ("scope_missing", "访问令牌没有这项权限，请申请对应的授权范围。"),
    PermissionDenied: ("scope_missing", "访问令牌没有这项权限，请申请对应的授权范围。"),
    exceptions.NotFound: ("not_found", "没有找到这条记录。请核对编号。"),
    Http404: ("not_found", "没有找到这条记录。请核对编号。"),
    exceptions.MethodNotAllowed: ("method_not_allowed", "这个地址不支持该请求方法，请查看接口文档。"),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "请用application/json提交内容。"),
    exceptions.NotAcceptable: ("not_acceptable", "接口只返回application/json。"),
}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals, bad input and protocol errors in one shape; anything else is a 500 of ours."""
    if isinstance(error, Refused):
        set_rollback()
        return Response({"code": error.code, "detail": error.message}, status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        fields = "、".join(response.data) if isinstance(response.data, dict) else ""
        detail = f"提交的内容有误：{fields}。什么都没有改动，请检查后重试。"
        response.data = {"code": "bad_input", "detail": detail, "fields": response.data}
        return response
    code, detail = SENTENCES.get(type(error), ("refused", "这个请求现在办不了，什么都没有改动。"))
    response.data = {"code": code, "detail": detail}
    return response
