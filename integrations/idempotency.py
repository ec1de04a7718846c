"""`Idempotency-Key` for every POST that moves points or takes a seat; the lower apps know nothing of it."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.db import IntegrityError, transaction
from oauth2_provider.models import AccessToken, Application
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.refusals import BadInput
from core.verbs import verb
from integrations.models import IdempotentAnswer
from points.ledger import KeyReused

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,64}")
KEPT = timedelta(days=30)

V = TypeVar("V", bound=APIView)
P = ParamSpec("P")
Action = Callable[Concatenate[V, Request, P], Response]


class KeyMissing(BadInput):
    code = "idempotency_key_required"
    message = "请在请求头里带上Idempotency-Key（1到64个可见的ASCII字符，每笔业务一个），这次没有办理。"


class KeyForOtherContent(KeyReused):
    message = "这个Idempotency-Key已经用于另一个请求，这次没有办理。请换一个新的值。"


def answers_once(viewset: type[V], *actions: str) -> type[V]:
    """`viewset` with these actions answered once per (client, key): a repeat gets the stored answer."""
    return cast(type[V], type(viewset.__name__, (viewset,), {name: once(getattr(viewset, name)) for name in actions}))


def once(act: Action[V, P]) -> Action[V, P]:
    """One action; refuses a missing key and a key that came with other content before."""

    @wraps(act)
    def answered(view: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        key, token = request.headers.get(HEADER, ""), cast(AccessToken, request.auth)
        if not KEY.fullmatch(key):
            raise KeyMissing
        return _answer(
            client=token.application, key=key, request_hash=content_hash(request),
            act=lambda: act(view, request, *args, **kwargs),
        )  # fmt: skip

    answered.asks_for_key = True  # type: ignore[attr-defined]  # integrations/schema.py documents the header
    return answered


def content_hash(request: Request) -> str:
    """Method, path and the body's bytes as sent: other spacing is other content."""
    parts = (str(request.method).encode(), request.path.encode(), request._request.body)
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


@verb()
def _answer(*, client: Application, key: str, request_hash: str, act: Callable[[], Response]) -> Response:
    """Whatever `act` refuses or breaks on rolls the key back with it, so only answers that stand are stored."""
    row = IdempotentAnswer(client=client, key=key, request_hash=request_hash, status=0, body={})
    try:
        with transaction.atomic():
            row.save(force_insert=True)  # a second request with this key waits here until the first is done
    except IntegrityError:
        return _repeat(IdempotentAnswer.objects.get(client=client, key=key), request_hash)
    response = act()
    row.status, row.body = response.status_code, response.data
    row.save(update_fields=["status", "body"])
    return response


def _repeat(first: IdempotentAnswer, request_hash: str) -> Response:
    if first.request_hash != request_hash:
        raise KeyForOtherContent
    return Response(first.body, status=first.status, headers={"Idempotent-Replay": "true"})


@verb()
def forget(*, at: datetime | None = None) -> int:
    """Delete the answers that are older than 30 days; returns how many. The ledger's own keys stay for ever."""
    deleted, _by_model = IdempotentAnswer.objects.filter(at__lt=(at or clock.now()) - KEPT).delete()
    return deleted
