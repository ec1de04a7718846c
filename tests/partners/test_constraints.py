"""Constraints of 履约, 结算 and 物资: each is seen to refuse what it is for, by its name, whoever writes; and counters."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from core import clock
from partners.models import (
    Complaint,
    Correction,
    CountLine,
    Delivery,
    Evaluation,
    Leaving,
    Rating,
    Slot,
    Statement,
    StatementLine,
    StockCount,
    StockSlip,
    Suspension,
)
from tests.partners.giving import gift
from tests.partners.promised import agreed, complained, reported
from tests.partners.shops import offer, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
MARKS = {"completion": 40, "satisfaction": 30, "complaints": 15, "safety": 15, "total": 100, "band": "excellent"}


def rows(world: World) -> dict[str, Model]:
    """One sound row of each table."""
    agreement, today, by = agreed(world), clock.today(), world.zhang
    told = {"agreement": agreement, "reason": "装修", "by": by}
    sides = {"partner": agreement.partner, "community": world.wenxing}
    delivery = reported(agreement, by)
    statement = Statement.objects.create(**sides, month=today.replace(day=1), drawn_by=by)
    slip = StockSlip.objects.create(gift=gift(world, stock=0), kind="bought", change=5, supplier="批发部", by=by)
    count = StockCount.objects.create(
        sub_district=world.street, community=world.wenxing, month=today.replace(day=1), by=by
    )
    made: list[Model] = [
        delivery, complained(agreement, world.wang), statement, slip, count,
        Rating.objects.create(**sides, resident=world.wang, delivery=delivery, stars=5),
        Suspension.objects.create(**told, cause="other"),
        Leaving.objects.create(**told, answer_by=today),
        Evaluation.objects.create(agreement=agreement, quarter=today.replace(month=1, day=1), by=by, **MARKS),
        StatementLine.objects.create(statement=statement, order=1, kind="used", words="理发"),
        Correction.objects.create(statement=statement, amount_cents=5, reason="少付", by=by),
        CountLine.objects.create(count=count, batch=slip, booked=5, counted=5),
    ]  # fmt: skip
    return {type(one).__name__: one for one in made}


# What is written over the sound row, and the constraint that says no; a copy of the row where it says "once".
WRONG: list[tuple[type[Model], str, dict[str, Any]]] = [
    (Delivery, "delivery_times", {"times": 32}),
    (Delivery, "delivery_minutes", {"minutes": 10081}),
    (Delivery, "delivery_settled_when", {"status": "declined", "settled_at": "now"}),
    (Delivery, "delivery_two_people", {"status": "confirmed", "settled_at": "now", "settled_by": F("by")}),
    (Rating, "rating_stars", {"stars": 6}),
    (Rating, "rating_of_one_thing", {"delivery": None}),
    (Rating, "rating_of_delivery_once", {}),
    (Complaint, "complaint_accepted_when", {"status": "accepted"}),
    (Complaint, "complaint_answered_when", {"status": "answered", "accepted_at": "now", "accepted_by": F("by")}),
    (Suspension, "suspended_once", {}),
    (Suspension, "suspension_lifted_when", {"lifted_at": "now"}),
    (Leaving, "leaving_once", {}),
    (Leaving, "leaving_decided_when", {"status": "decided"}),
    (Leaving, "leaving_two_people", {"status": "kept", "decided_at": "now", "decided_by": F("by"), "minutes": "同意"}),
    (Evaluation, "evaluation_once", {}),
    (Evaluation, "evaluation_adds_up", {"total": 99}),
    (Statement, "statement_once", {}),
    (Statement, "statement_adds_up", {"net_cents": 1}),
    (Statement, "statement_month", {"month": "2026-01-02"}),
    (Statement, "statement_signed_when", {"status": "agreed"}),
    (Statement, "statement_two_sides", {
        "status": "frozen", "agreed_at": "now", "agreed_by": F("drawn_by"), "frozen_at": "now", "frozen_by": F("drawn_by"),
    }),
    (StatementLine, "statement_line_order", {}),
    (Correction, "settling_correction_says_what", {"amount_cents": 0}),
    (Correction, "settling_correction_two_people", {"approved_at": "now", "approved_by": F("by")}),
    (StockSlip, "slip_kind_fits", {"change": -5}),
    (StockSlip, "slip_settled_when", {"settled_at": "now"}),
    (StockCount, "count_open_once", {}),
    (StockCount, "count_month", {"month": "2026-01-02"}),
    (StockCount, "count_settled_when", {"settled_at": "now"}),
    (CountLine, "count_line_once", {}),
]  # fmt: skip


def written(row: Model, said: dict[str, Any]) -> None:
    """A copy of the row, with `said` in place of what it says."""
    for name, value in said.items():
        given = getattr(row, f"{value.name}_id") if isinstance(value, F) else clock.now() if value == "now" else value
        setattr(row, f"{name}_id" if isinstance(value, F) else name, given)
    row.pk = None
    for field in ("token",):
        if hasattr(row, field):
            setattr(row, field, type(row)._meta.get_field(field).get_default())  # type: ignore[union-attr]
    row.save(force_insert=True)


def test_each_refuses_what_it_is_for(world: World) -> None:
    sound = rows(world)
    for model, constraint, said in WRONG:
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            written(type(sound[model.__name__]).objects.get(pk=sound[model.__name__].pk), said)
        named = getattr(caught.value.__cause__, "diag", None)
        assert named and named.constraint_name == constraint, constraint


def test_a_stale_save_sets_no_counter_back(world: World) -> None:
    """Of an offer and of its slots; nor does whoever makes one say how many are taken."""
    stale = offer(agreed(world), stock=5)
    begins = clock.now() + timedelta(days=1)
    slot = Slot.objects.create(
        offer=stale, starts_at=begins, ends_at=begins + timedelta(hours=1), places=3, taken=2, by=world.zhang
    )
    voucher(stale, world.wang)
    stale.save()
    Slot.objects.filter(pk=slot.pk).update(taken=1)
    stale.refresh_from_db()
    slot.refresh_from_db()
    assert (stale.taken, stale.stock, slot.taken, slot.places) == (1, 5, 0, 3)
