"""The addresses of bills, with their doors (tests/access/doors.py)."""

from typing import Any

from core import clock
from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def of(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.billing, name).pk}


def opened(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.bill.pk}


def payment(_: Rows) -> dict[str, Any]:
    return {"yuan": "0.10", "receipt": "R-1", "way": "cash", "paid_on": clock.today().isoformat()}


def back(_: Rows) -> dict[str, Any]:
    return {"receipt": "R-3", "way": "cash", "paid_on": clock.today().isoformat(), "cents": 0, "points": 0}


def placed(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.place.pk}


def received(rows: Rows) -> dict[str, Any]:
    today = clock.today().isoformat()
    return {"bill": rows.billing.frozen.pk, "amount_cents": 10, "receipt": "R-2", "way": "cash", "paid_on": today}


def mistaken(_: Rows) -> dict[str, Any]:
    return {"reason": "登记错了"}


CARE_BILLING: dict[str, Route] = {
    "childcare:bills": Route("PHONE"),
    "childcare:bill": Route("MINE", opened),
    "childcare:bill-offset": Route("MINE", opened, form=lambda _: {"points": "1"}),
    "childcare:bill-take": Route("MINE", opened, form=nothing, post_only=True),
    "childcare:bill-undo": Route("MINE", opened, form=nothing, post_only=True),
    "childcare:bill-paper": Route("MINE", opened),
    "care:bills": Route("LEAD"),
    "care:bill": Route("LEADROW", of("frozen"), form=payment),
    "care:bill-void": Route("LEADROW", of("payment"), form=mistaken),
    "desk:care-bills": Route("DESK"),
    "desk:care-bills-export": Route("DESK"),
    "desk:care-bills-print": Route("DESK"),
    "desk:care-refunds": Route("DESK"),
    "desk:care-refund": Route("GIVES", of("correction"), form=back),
    "desk:care-place-payer": Route("ROW", placed, form=nothing),
    "desk:care-bill-run": Route("DESK", form=nothing),
    "desk:care-adjustments": Route("DESK"),
    "desk:care-bill": Route("ROW", opened),
    "desk:care-bill-paper": Route("ROW", opened),
    "desk:care-bill-freeze": Route("HEAD", opened, form=nothing, post_only=True),
    "desk:care-bill-adjust": Route("ROW", of("frozen"), form=lambda _: {"yuan": "-0.05", "reason": "多算"}),
    "desk:care-bill-pay": Route("ROW", of("frozen"), form=payment),
    "desk:care-payment-void": Route("ROW", of("payment"), form=mistaken),
    "desk:care-adjustment-approve": Route("HEAD", of("correction"), form=nothing, post_only=True),
    "desk:care-adjustment-decline": Route("ROW", of("correction"), form=nothing, post_only=True),
    "api:care-bill-list": Route("CLIENT"),
    "api:care-bill-detail": Route("API", opened),
    "api:care-offset-list": Route("CLIENT", form=lambda rows: {"bill": rows.care.bill.pk}),
    "api:care-offset-undo": Route("API", opened, form=nothing, post_only=True),
    "api:care-payment-list": Route("CLIENT", form=received),
}
