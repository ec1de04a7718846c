"""The addresses of using vouchers, with their doors (tests/access/doors.py)."""

from typing import Any

from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def at(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.using, name).pk}


def why(_: Rows) -> dict[str, Any]:
    return {"reason": "核查"}


def sheet(rows: Rows) -> dict[str, Any]:
    return {
        "partner": rows.agreement.partner_id, "served_on": rows.using.use.served_on, "numbers": rows.using.open.number, "signed": "on",
    }  # fmt: skip


def new_owner(rows: Rows) -> dict[str, Any]:
    return {"community": rows.world.wenxing.pk, "phone": "13700000077"}


USING: dict[str, Route] = {
    "voucher-code": Route("OPEN", lambda rows: {"token": rows.using.open.token}, form=nothing),
    "merchant:today": Route("SHOP", form=lambda rows: {"number": rows.using.open.number}),
    "merchant:choose": Route("SHOP", form=nothing),
    "merchant:check": Route("SHOP", form=lambda _: {"said": "6021"}),
    "merchant:history": Route("SHOP"),
    "merchant:more": Route("SHOP"),
    "merchant:undo": Route("SHOPROW", at("use"), form=nothing, post_only=True),
    "merchant:phones": Route("OWNER", form=lambda _: {"phone": "13700000078", "label": "前台"}),
    "merchant:phone-remove": Route("OWNERROW", lambda rows: {"pk": rows.shop.clerk.pk}, form=nothing, post_only=True),
    "desk:vouchers": Route("DESK"),
    "desk:voucher": Route("ROW", at("open")),
    "desk:voucher-back": Route("ROW", at("open"), form=why),
    "desk:voucher-freeze": Route("ROW", at("open"), form=why),
    "desk:voucher-unfreeze": Route("ROW", at("frozen"), form=nothing, post_only=True),
    "desk:uses": Route("DESK"),
    "desk:uses-export": Route("DESK"),
    "desk:use-enter": Route("DESK", form=sheet),
    "desk:use-sheet": Route("DESK"),
    "desk:use": Route("ROW", at("use"), form=lambda _: {"note": "正常"}),
    "desk:use-undo": Route("ROW", at("use"), form=why),
    "desk:shop-phones": Route("ROW", lambda rows: {"partner_id": rows.agreement.partner_id}, form=new_owner),
    "api:redemption-list": Route(
        "API", form=lambda rows: {"partner": rows.agreement.partner_id, "token": rows.using.open.token}, post_only=True
    ),
}  # fmt: skip
