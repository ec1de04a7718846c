"""`Idempotency-Key` for every POST that moves points or takes a seat; the lower apps know nothing of it."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from oauth2_provider.models import Application
from rest_framework.request import Request
from rest_framework.response import Response

from core.refusals import BadInput
from core.verbs import verb
from integrations.models import IdempotentAnswer
from points.ledger import KeyReused

Handler = Callable[..., Response]


class KeyMissing(BadInput):
    code = "idempotency_key_required"
    message = "请在请求头里带上Idempotency-Key（1到64个字符，每笔业务一个），这次没有办理。"


class KeyForOtherContent(KeyReused):
    message = "这个Idempotency-Key已经用于另一个请求，这次没有办理。请换一个新的值。"


class Idempotent:
    """Mixed into a viewset before it is routed: each POST is answered once per (client, key)."""

    post: Handler

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST":
            self.post = partial(answer_by_key, self.post)


def answer_by_key(handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
    """Run `handler` once for this client's key; a repeat gets the stored answer, other content is refused."""
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 64:
        raise KeyMissing
    content = b"\n".join((str(request.method).encode(), request.path.encode(), request.body))
    return _answer(
        client=request.auth.application, key=key, request_hash=hashlib.sha256(content).hexdigest(),
        act=lambda: handler(request, *args, **kwargs),
    )  # fmt: skip


@verb()
def _answer(*, client: Application, key: str, request_hash: str, act: Callable[[], Response]) -> Response:
    row = IdempotentAnswer(client=client, key=key, request_hash=request_hash, status=0, body={})
    try:
        with transaction.atomic():
            row.save(force_insert=True)  # a second request with this key waits here until the first is done
    except IntegrityError:
        first = IdempotentAnswer.objects.get(client=client, key=key)
        if first.request_hash != request_hash:
            raise KeyForOtherContent from None
        return Response(first.body, status=first.status, headers={"Idempotent-Replay": "true"})
    response = act()
    row.status, row.body = response.status_code, response.data
    row.save(update_fields=["status", "body"])
    return response
