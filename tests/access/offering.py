"""The addresses of offers, vouchers and appointments, with their doors (tests/access/doors.py)."""

from datetime import timedelta
from typing import Any

from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def at(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.offers, name).pk}


def terms(rows: Rows) -> dict[str, Any]:
    return {
        "title": "理发", "price": 5, "worth": "20", "period": "month", "group": "all", "booking": "none", "valid_days": 30,
        "starts_on": rows.tomorrow, "ends_on": rows.tomorrow,
    }  # fmt: skip


def placed(rows: Rows) -> dict[str, Any]:
    return terms(rows) | {"agreement": rows.agreement.pk}


def slot(rows: Rows) -> dict[str, Any]:
    return {"day": rows.tomorrow + timedelta(days=9), "starts": "09:00", "ends": "10:00", "places": 1, "weeks": 1}


def visit(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.offers.visit.voucher_id}


def why(_: Rows) -> dict[str, Any]:
    return {"reason": "师傅生病"}


OFFERING: dict[str, Route] = {
    "offers:list": Route("PHONE"),
    "offers:detail": Route("PHONE", at("shown"), form=nothing),
    "vouchers:list": Route("PHONE"),
    "vouchers:detail": Route("MINE", at("voucher")),
    "vouchers:back": Route("MINE", at("voucher"), form=nothing, post_only=True),
    "vouchers:cancel": Route("MINE", visit, form=nothing),
    "merchant:offers": Route("SHOP"),
    "merchant:offer-new": Route("OWNER", form=placed),
    "merchant:offer": Route("SHOPROW", at("shown")),
    "merchant:offer-edit": Route("OWNERROW", at("draft"), form=terms),
    "merchant:offer-submit": Route("OWNERROW", at("draft"), form=nothing, post_only=True),
    "merchant:offer-copy": Route("OWNERROW", at("shown"), form=nothing, post_only=True),
    "merchant:offer-close": Route("OWNERROW", at("shown"), form=nothing, post_only=True),
    "merchant:offer-slot": Route("OWNERROW", lambda rows: {"pk": rows.offers.slot.offer_id}, form=slot),
    "merchant:slot-remove": Route("OWNERROW", at("slot"), form=nothing, post_only=True),
    "merchant:appointments": Route("SHOP"),
    "merchant:appointment": Route("SHOPROW", at("visit")),
    "merchant:appointment-address": Route("SHOPROW", at("visit"), form=nothing, post_only=True),
    "merchant:appointment-confirm": Route("SHOPROW", at("visit"), form=nothing, post_only=True),
    "merchant:appointment-decline": Route("SHOPROW", at("visit"), form=why),
    "desk:offers": Route("DESK"),
    "desk:offers-export": Route("DESK"),
    "desk:offer-new": Route("DESK", form=placed),
    "desk:offer": Route("ROW", at("waiting"), form=lambda _: {"note": "改名称"}),
    "desk:offer-approve": Route("ROW", at("waiting"), form=nothing, post_only=True),
    "desk:offer-edit": Route("ROW", at("draft"), form=terms),
    "desk:offer-submit": Route("ROW", at("draft"), form=nothing, post_only=True),
    "desk:offer-copy": Route("ROW", at("shown"), form=nothing, post_only=True),
    "desk:offer-close": Route("ROW", at("shown"), form=nothing, post_only=True),
    "desk:offer-restock": Route("ROW", at("shown"), form=lambda _: {"change": 2}),
    "desk:offer-slot": Route("ROW", lambda rows: {"pk": rows.offers.slot.offer_id}, form=slot),
    "desk:slot-remove": Route("ROW", at("slot"), form=nothing, post_only=True),
    "desk:appointments": Route("DESK"),
    "desk:appointment-confirm": Route("ROW", at("visit"), form=nothing, post_only=True),
    "desk:appointment-decline": Route("ROW", at("visit"), form=why),
    "desk:voucher-book": Route(
        "ROW", lambda rows: {"offer_id": rows.offers.shown.pk, "pk": rows.world.zhao.pk}, form=nothing
    ),
    "desk:voucher-paper": Route("ROW", at("voucher"), form=nothing),
    "api:offer-list": Route("CLIENT"),
    "api:voucher-list": Route(
        "API", form=lambda rows: {"offer": rows.offers.shown.pk, "resident": rows.world.zhao.pk}, post_only=True
    ),
    "api:voucher-detail": Route("API", at("voucher")),
    "api:voucher-back": Route("API", at("voucher"), form=nothing, post_only=True),
    "api:voucher-cancel": Route("API", lambda rows: {"pk": rows.offers.visit.voucher_id}, form=nothing, post_only=True),
    "api:appointment-list": Route("CLIENT"),
    "api:appointment-confirm": Route("API", at("visit"), form=nothing, post_only=True),
    "api:appointment-decline": Route("API", at("visit"), form=why, post_only=True),
    "api:slot-list": Route(
        "API", form=lambda rows: slot(rows) | {"offer": rows.offers.slot.offer_id}, post_only=True
    ),
    "api:slot-remove": Route("API", at("slot"), form=nothing, post_only=True),
    "api:offer-slots": Route("API", lambda rows: {"pk": rows.offers.slot.offer_id}),
}  # fmt: skip
