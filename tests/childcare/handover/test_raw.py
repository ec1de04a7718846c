"""Nobody leaves by a path that goes round the verb: the database asks the same of whoever writes the row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from childcare import speaking
from childcare.models import Attendance, Carer, Handover, Pickup, PickupCode, Staffer, Turn
from communities.models import Guardian
from core import clock
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import CHECK, WAY, arrived, authorised, barred, guardian_row, issued, raw
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, care: Care) -> Care:
    arrived(care.place, care.teacher)
    return care


def refused_with(act: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        act()
    return str(getattr(caught.value.__cause__, "sqlstate", ""))


def test_what_is_right_may_be_written(here: Care) -> None:
    assert raw(here, pickup=authorised(here)).pk


def test_a_pickup_person_who_is_not_good_that_day(world: World, here: Care) -> None:
    today = clock.today()
    expired = cast.pickup(
        here.child, here.mother, by=here.lead, valid_from=today - timedelta(9), valid_until=today - timedelta(1)
    )
    early = cast.pickup(here.child, here.mother, by=here.lead, slot=1, valid_from=today + timedelta(1))
    used = cast.pickup(here.child, here.mother, by=here.lead, slot=2, once=True)
    revoked = cast.pickup(here.child, here.mother, by=here.lead, slot=3)
    Pickup.objects.filter(pk=used.pk).update(used_at=clock.now())
    Pickup.objects.filter(pk=revoked.pk).update(revoked_at=clock.now(), revoked_by=here.lead)
    for one in (expired, early, used, revoked):
        assert refused_with(lambda one=one: raw(here, pickup=one)) == "CC059"  # type: ignore[misc]


def test_a_pickup_person_of_another_child(here: Care) -> None:
    theirs = cast.pickup(here.other_child, here.other_mother, by=here.lead)
    assert refused_with(lambda: raw(here, pickup=theirs)) == "CC054"
    mother = guardian_row(here.other_child, here.other_mother)
    assert refused_with(lambda: raw(here, way=WAY.GUARDIAN, guardian=mother)) == "CC054"


def test_a_guardian_who_is_none_any_more(here: Care) -> None:
    mine = guardian_row(here.child, here.father)
    Guardian.objects.filter(pk=mine.pk).update(ended_at=clock.now(), ended_by=here.lead)
    assert refused_with(lambda: raw(here, way=WAY.GUARDIAN, guardian=mine)) == "CC059"


def test_whom_a_bar_names(world: World, here: Care) -> None:
    Carer.objects.create(
        child=here.child,
        name="姨婆",
        relation="姨婆",
        phone="13700008888",
        name_key=speaking.name_key(here.child, "姨婆"),
        entrusted_on=clock.today(),
        seen_by=here.lead,
    )
    sent = authorised(here)
    for name in (here.father.name, "姨婆", "孟桂芝"):
        barred(here.child, name, world.zhang)
    father, carer = guardian_row(here.child, here.father), Carer.objects.get()
    assert refused_with(lambda: raw(here, way=WAY.GUARDIAN, guardian=father)) == "CC055"
    assert refused_with(lambda: raw(here, way=WAY.CARER, carer=carer)) == "CC055"
    assert refused_with(lambda: raw(here, pickup=sent)) == "CC055"
    assert refused_with(lambda: cast.pickup(here.child, here.mother, by=here.lead)) == "CC055"
    again = {"child": here.child, "name": "孟桂芝", "relation": "邻居", "name_key": sent.name_key, "day": clock.today()}
    assert (
        refused_with(lambda: PickupCode.objects.create(code_hash="x", authorised_by=here.mother, by=here.lead, **again))
        == "CC055"
    )


def code_row(care: Care, **fields: Any) -> Handover:
    said = {
        "way": WAY.CODE,
        "check_used": CHECK.CODE,
        "code": PickupCode.objects.get(),
        "second": care.second_post,
        "seen_tail": "4321",
    }
    return raw(care, **(said | fields))


def test_a_code_of_another_day_used_revoked_or_with_another_document(here: Care) -> None:
    issued(here, tail="9999")
    assert refused_with(lambda: code_row(here)) == "CC056"
    assert refused_with(lambda: code_row(here, seen_tail="9999", second=None)) == "23514"
    rows = PickupCode.objects.all()
    rows.update(revoked_at=clock.now(), revoked_by=here.lead)
    assert refused_with(lambda: code_row(here, seen_tail="9999")) == "CC059"
    rows.delete()
    issued(here, clock.today() + timedelta(days=1))
    assert refused_with(lambda: code_row(here)) == "CC059"


def test_the_second_is_another_who_is_on_duty(here: Care) -> None:
    issued(here)
    assert refused_with(lambda: code_row(here, second=here.teacher_post)) == "23514"
    Turn.objects.filter(staffer=here.second_post).delete()
    assert refused_with(lambda: code_row(here)) == "CC057"


def test_who_is_not_on_duty_or_whose_check_is_overdue(world: World, here: Care) -> None:
    sent = authorised(here)
    stranger = Staffer.objects.create(centre=here.centre, name="生人", contract="labour", by=world.chen)
    assert refused_with(lambda: raw(here, pickup=sent, staffer=stranger)) == "CC053"
    today = clock.today()
    here.teacher_post.checks.create(checked_on=today, clear=True, until=today, by=world.chen)
    assert raw(here, pickup=sent, staffer=here.lead_post).pk
    arrived(here.other_place, here.teacher)
    mother = guardian_row(here.other_child, here.other_mother)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT childcare_on_duty(%s, %s, %s)", [here.teacher_post.pk, here.centre.pk, today + timedelta(days=1)]
        )
        assert cursor.fetchone() == (False,)
    other = {"place": here.other_place, "child": here.other_child, "way": WAY.GUARDIAN, "guardian": mother}
    Turn.objects.filter(staffer=here.second_post).delete()
    assert refused_with(lambda: raw(here, staffer=here.second_post, **other)) == "CC053"


def test_a_child_that_is_not_there_or_of_another_place(here: Care) -> None:
    sent = authorised(here)
    assert refused_with(lambda: raw(here, pickup=sent, place=here.other_place)) == "CC051"
    assert refused_with(lambda: raw(here, pickup=sent, day=clock.today() - timedelta(days=2))) == "CC051"
    Attendance.objects.all().delete()
    assert refused_with(lambda: raw(here, pickup=sent)) == "CC052"


def test_alone_without_consent(here: Care) -> None:
    assert refused_with(lambda: raw(here, way=WAY.ALONE, check_used=CHECK.CONSENT)) == "CC058"


def test_another_document_and_no_document(here: Care) -> None:
    sent = authorised(here)
    assert refused_with(lambda: raw(here, pickup=sent, check_used=CHECK.DOCUMENT, seen_tail="1111")) == "CC056"
    assert refused_with(lambda: raw(here, pickup=sent, check_used=CHECK.DOCUMENT)) == "23514"
    assert refused_with(lambda: raw(here, pickup=sent, check_used=CHECK.CONSENT)) == "23514"


def test_nothing_is_written_back_but_from_paper(here: Care) -> None:
    sent, early = authorised(here), clock.now()
    Attendance.objects.update(arrived_at=early - timedelta(microseconds=1))
    later = early + timedelta(hours=2)
    assert refused_with(lambda: raw(here, pickup=sent, at=early, written_at=later)) == "23514"
    assert refused_with(lambda: raw(here, pickup=sent, written_at=early - timedelta(hours=1))) == "23514"


def test_a_hand_over_stays(here: Care) -> None:
    made = raw(here, pickup=authorised(here))
    assert refused_with(lambda: Handover.objects.filter(pk=made.pk).update(taken_by="外公")) == "CC050"
    assert refused_with(made.delete) == "CC050"

    def truncated() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE childcare_handover CASCADE")

    assert refused_with(truncated) in {"CC050", "42501"}


def test_what_was_revoked_never_comes_back_and_nobody_is_exchanged(world: World, here: Care) -> None:
    rows = Pickup.objects.filter(pk=authorised(here).pk)
    assert refused_with(lambda: rows.update(id_tail="1111")) == "CC050"
    assert refused_with(lambda: rows.update(valid_until=clock.today() + timedelta(days=300))) == "CC050"
    rows.update(revoked_at=clock.now(), revoked_by=here.lead)
    assert refused_with(lambda: rows.update(revoked_at=None, revoked_by=None)) == "CC050"
    issued(here)
    codes = PickupCode.objects.all()
    codes.update(tries=3)
    assert refused_with(lambda: codes.update(tries=0)) == "CC050"
    codes.update(revoked_at=clock.now(), revoked_by=here.lead)
    assert refused_with(lambda: codes.update(revoked_at=None, revoked_by=None)) == "CC050"
    bar = barred(here.child, "某人", world.zhang)
    assert refused_with(lambda: type(bar).objects.update(name_key="0" * 64)) == "CC050"
    assert refused_with(bar.delete) == "CC050"


def test_a_bar_is_told_once_whose_file_it_is_while_it_stands(world: World, here: Care) -> None:
    rows = type(barred(here.child, "某人", world.zhang)).objects.all()
    assert rows.update(resident=here.father) == 1
    for other in (here.mother, None):
        assert refused_with(lambda other=other: rows.update(resident=other)) == "CC050"  # type: ignore[misc]
    again = barred(here.child, "另一人", world.zhang)
    mine = rows.filter(pk=again.pk)
    mine.update(ended_at=clock.now(), ended_by=world.chen, lifted=b"x")
    assert refused_with(lambda: mine.update(resident=here.father)) == "CC050"


def test_a_client_lets_nobody_go_without_what_can_be_compared(world: World, here: Care) -> None:
    """As in `asking.provable`: a code, or a document whose last four are known."""
    client = client_of(world.wenxing).application.user
    sent, mother = authorised(here), guardian_row(here.child, here.mother)
    assert not here.mother.document_tail
    by_eye = {"pickup": sent}
    unknown = {"way": WAY.GUARDIAN, "guardian": mother, "check_used": CHECK.DOCUMENT, "seen_tail": "1234"}
    for said in (by_eye, unknown):
        assert refused_with(lambda said=said: raw(here, by=client, **said)) == "CC05A"  # type: ignore[misc]
    issued(here)
    with transaction.atomic():
        assert code_row(here, by=client).pk
        transaction.set_rollback(True)
    assert raw(here, by=client, pickup=sent, check_used=CHECK.DOCUMENT, seen_tail=sent.id_tail).pk
