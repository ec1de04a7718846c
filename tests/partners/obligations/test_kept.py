"""What the database keeps of 履约, whoever writes."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from partners.models import Delivery, Evaluation, Rating
from partners.obligations import witnessing
from tests.partners.promised import agreed, confirmed, reported
from tests.world import World

pytestmark = pytest.mark.django_db


def test_what_was_confirmed_evaluated_or_rated_stands(world: World) -> None:
    agreement = agreed(world)
    done, waiting = confirmed(agreement, world.zhang, world.chen), reported(agreement, world.zhang)
    said = witnessing.witness(delivery=done, resident=world.wang, stars=4, by=world.system)
    marks = {"completion": 40, "satisfaction": 30, "complaints": 15, "safety": 15, "total": 100, "band": "excellent"}
    judged = Evaluation.objects.create(agreement=agreement, quarter="2026-07-01", by=world.chen, **marks)
    acts: list[Callable[[], object]] = [
        lambda: Delivery.objects.filter(pk=done.pk).update(times=9),
        lambda: Delivery.objects.filter(pk=done.pk).update(status="declined"),
        lambda: Delivery.objects.filter(pk=waiting.pk).update(people=99),
        lambda: Delivery.objects.filter(pk=waiting.pk).delete(),
        lambda: Rating.objects.filter(pk=said.pk).update(stars=5),
        lambda: Rating.objects.filter(pk=said.pk).delete(),
        lambda: Evaluation.objects.filter(pk=judged.pk).update(band="leave"),
        lambda: Evaluation.objects.filter(pk=judged.pk).delete(),
    ]
    for act in acts:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    Rating.objects.filter(pk=said.pk).update(remark="")  # the words go with the file
