"""Every error of the API is `{"code", "detail"}`; `detail` is a Chinese sentence ready to be shown."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler
from structlog.contextvars import get_contextvars

from core.refusals import Refused

ROOT = "/api/"
SENTENCES: dict[type[Exception], tuple[str, str]] = {
    exceptions.ParseError: ("malformed", "请求内容不是有效的JSON，什么都没有改动。请检查格式和编码（UTF-8）后重试。"),
    exceptions.NotAuthenticated: ("not_authenticated", "请先用客户端凭据换取访问令牌，再带上令牌调用。"),
    exceptions.AuthenticationFailed: ("token_invalid", "访问令牌无效或已过期，请重新换取令牌。"),
    exceptions.PermissionDenied: ("scope_missing", "访问令牌没有这项权限，请申请对应的授权范围。"),
    PermissionDenied: ("scope_missing", "访问令牌没有这项权限，请申请对应的授权范围。"),
    exceptions.NotFound: ("not_found", "没有找到这条记录，什么都没有改动。请核对地址和编号。"),
    Http404: ("not_found", "没有找到这条记录，什么都没有改动。请核对地址和编号。"),
    exceptions.MethodNotAllowed: ("method_not_allowed", "这个地址不支持该请求方法，请查看接口文档。"),
    exceptions.NotAcceptable: ("not_acceptable", "接口只返回application/json。"),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "请用application/json提交内容。"),
}
TOO_LARGE = "请求内容超过1MB，什么都没有改动。请减少内容后重试。"
SERVER_ERROR = "抱歉，问题出在我们这边，不是您的请求有误。请稍后用同一个Idempotency-Key重试；反映问题时请报这个编号：{}"


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals, bad input and protocol errors in one shape; the rest is Django's."""
    if isinstance(error, Refused):
        return Response({"code": error.code, "detail": error.message}, status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = bad_input(response.data)
        return response
    code, detail = SENTENCES.get(type(error), ("refused", "这个请求现在办不了，什么都没有改动。"))
    response.data = {"code": code, "detail": detail}
    return response


def bad_input(fields: Any) -> dict[str, Any]:
    """Names the fields that are wrong; `problems` says what is wrong with each."""
    named = "、".join(name for name in fields if name != "non_field_errors") if isinstance(fields, dict) else ""
    what = f"提交的内容有误：{named}。" if named else "提交的内容有误。"
    return {"code": "bad_input", "detail": f"{what}什么都没有改动，请检查后重试。", "problems": fields}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: JSON below /api/, else the page."""
    if request.path.startswith(ROOT):
        return said(404, *SENTENCES[Http404])
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: what Django itself refuses, such as a body beyond DATA_UPLOAD_MAX_MEMORY_SIZE."""
    if not request.path.startswith(ROOT):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return said(413, "too_large", TOO_LARGE)
    return said(400, *SENTENCES[exceptions.ParseError])


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: the number leads to the request's line in the log."""
    number = str(get_contextvars().get("request_id", ""))
    if request.path.startswith(ROOT):
        return said(500, "server_error", SERVER_ERROR.format(number))
    return HttpResponseServerError(render_to_string("500.html", {"request_id": number}))


def said(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status, json_dumps_params={"ensure_ascii": False})
