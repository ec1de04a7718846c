"""The addresses of 履约, complaints, suspending and leaving, with their doors (tests/access/doors.py)."""

from typing import Any

from tests.access.doors import Arguments, Route, agreement, nothing
from tests.access.rows import Rows


def at(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.promised, name).pk}


def older(rows: Rows) -> dict[str, Any]:
    return {"agreement_id": rows.promised.promise.agreement_id}


def grant(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.promised.promise.agreement.grants.get().pk}


def kept(rows: Rows) -> dict[str, Any]:
    return {"on": rows.promised.delivery.on, "times": 1, "people": 2, "minutes": 30, "note": "理发"}


def said(_: Rows) -> dict[str, Any]:
    return {"note": "那天没有来", "said": "decline"}


PROMISING: dict[str, Route] = {
    "partners:ended": Route("OPEN"),
    "partners:been": Route("PHONE", lambda rows: {"token": rows.promised.delivery.token}, form=lambda _: {"stars": 5}),
    "partners:rate": Route("MINE", lambda rows: {"pk": rows.offers.voucher.pk}, form=lambda _: {"stars": 5}),
    "partners:complaints": Route("PHONE"),
    "partners:complaint": Route("MINE", at("complaint"), form=lambda _: {"text": "还没有办好"}),
    "partners:complain": Route(
        "PHONE", lambda rows: {"partner_id": rows.agreement.partner_id}, form=lambda _: {"kind": "fees", "text": "多收钱"}
    ),
    "merchant:promises": Route("SHOP"),
    "merchant:report": Route("SHOPROW", at("promise"), form=kept),
    "merchant:delivery": Route("SHOPROW", at("delivery")),
    "merchant:delivery-photo": Route("SHOPROW", at("delivery")),
    "merchant:rooms": Route("SHOP"),
    "merchant:complaints": Route("SHOP"),
    "merchant:leaving": Route("OWNER", form=nothing),
    "merchant:leaving-answer": Route("OWNERROW", at("leaving"), form=lambda _: {"answer": "人手不够"}, post_only=True),
    "desk:deliveries": Route("DESK"),
    "desk:deliveries-export": Route("DESK"),
    "desk:delivery": Route("ROW", at("delivery")),
    "desk:delivery-settle": Route("ROW", at("delivery"), form=said, post_only=True),
    "desk:delivery-photo": Route("ROW", at("delivery")),
    "desk:deliver": Route("ROW", older, form=lambda rows: kept(rows) | {"promise": rows.promised.promise.pk}),
    "desk:balance": Route("DESK"),
    "desk:balance-export": Route("DESK"),
    "desk:balance-months": Route("ROW", older),
    "desk:grant-series": Route("ROW", grant, form=nothing, post_only=True),
    "desk:complaints": Route("DESK"),
    "desk:complaints-export": Route("DESK"),
    "desk:complaints-print": Route("DESK"),
    "desk:complaint-new": Route("DESK", form=nothing),
    "desk:complaint": Route("ROW", at("complaint"), form=lambda _: {"upheld": "yes", "answer": "已道歉"}),
    "desk:complaint-accept": Route("ROW", at("complaint"), form=nothing, post_only=True),
    "desk:complaint-reopen": Route("ROW", at("complaint"), form=lambda _: {"text": "还没有办好"}, post_only=True),
    "desk:leavings": Route("DESK"),
    "desk:leaving": Route("ROW", at("leaving")),
    "desk:leaving-decide": Route(
        "HEAD", at("leaving"), form=lambda _: {"leave": "no", "minutes": "保留", "vouchers": "keep"}, post_only=True
    ),
    "desk:leaving-done": Route(
        "HEAD", at("leaving"), form=lambda rows: {"sign_removed_on": rows.promised.delivery.on}, post_only=True
    ),
    "desk:standing": Route("ROW", older),
    "desk:suspend": Route("HEAD", agreement, form=lambda _: {"cause": "other", "reason": "装修"}),
    "desk:leave": Route("HEAD", agreement, form=lambda _: {"reason": "搬走"}),
    "desk:lift": Route("HEAD", at("suspension"), form=lambda _: {"reason": "已修好"}),
    "desk:shop-visits": Route("DESK", form=nothing),
    "desk:evaluations": Route("DESK"),
    "desk:evaluate": Route("HEAD", older, form=nothing),
    "api:delivery-list": Route("CLIENT", form=lambda rows: kept(rows) | {"promise": rows.promised.promise.pk}),
    "api:balance-detail": Route("API", lambda rows: {"pk": rows.promised.promise.agreement_id}),
    "api:complaint-list": Route(
        "API",
        form=lambda rows: {
            "agreement": rows.agreement.pk, "resident": rows.world.wang.pk, "kind": "fees", "text": "多收钱",
        },
        post_only=True,
    ),
    "api:complaint-detail": Route("API", at("complaint")),
}  # fmt: skip
