"""Taking persons out of rows that a hand-over, a bar or a call still points at: the row keeps its number and its times."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from childcare.models import Carer, Contact, Handover, Pickup, PickupCode
from communities.models import User
from core import clock

NOBODY = "（已清除）"
NO_TAIL = "0000"
NO_KEY = "0" * 64
SYSTEM = "system"
POINTED_AT = {Pickup: "pickup", PickupCode: "code", Carer: "carer"}


def whole(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` that still name somebody."""
    return rows.exclude(name=NOBODY)


def empty_people(model: type[Any], rows: QuerySet[Any]) -> None:
    """Delete who may collect or be called; where a hand-over points at the row, only the person goes."""
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    mine = model.objects.filter(pk__in=found)
    if model is not Contact:
        kept = list(mine.filter(_pointed(model)).values_list("pk", flat=True))
        _end(model, model.objects.filter(pk__in=kept))
        _empty(model, model.objects.filter(pk__in=kept))
        mine = mine.exclude(pk__in=kept)
    mine.delete()


def _pointed(model: type[Any]) -> Q:
    column = POINTED_AT[model]
    return Q(Exists(Handover.objects.filter(**{column: OuterRef("pk")})))


def _end(model: type[Any], rows: QuerySet[Any]) -> None:
    """Whoever is emptied is revoked first: it stands for nobody any more."""
    now, system = clock.now(), User.objects.get(username=SYSTEM)
    if model is Carer:
        rows.filter(ended_at=None).update(ended_at=now, ended_by=system)
    else:
        rows.filter(revoked_at=None).update(revoked_at=Coalesce(F("revoked_at"), now), revoked_by=system)


def _empty(model: type[Any], rows: QuerySet[Any]) -> None:
    said: dict[str, str] = {"name": NOBODY, "relation": ""}
    if model is Pickup:
        said |= {"phone": "", "id_tail": NO_TAIL, "name_key": NO_KEY}
    elif model is PickupCode:
        said |= {"id_tail": "", "name_key": NO_KEY}
    else:
        said |= {"phone": "", "name_key": NO_KEY}
    rows.update(**said)
