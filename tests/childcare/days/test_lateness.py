"""晚接: counted with the hand-over, told each time, decided by the head alone."""

from datetime import timedelta

import pytest
from django.test import Client

from childcare.days import arriving, lateness, todo
from childcare.models import Attendance, Handover, LateMark, Place
from communities import duties
from communities.todo import rows_of
from core import clock
from notifications.models import Message
from tests.books import breaches
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.days.going import home_with
from tests.childcare.days.test_arriving import refuses

pytestmark = pytest.mark.django_db


def late(it: Afternoon, minutes: int) -> Handover:
    care = it.care
    arriving.arrive(place=care.place, by=care.teacher)
    it.move(17 + (30 + minutes) // 60, (30 + minutes) % 60)
    return home_with(care.place, care.mother, care.teacher)


@pytest.mark.parametrize(("minutes", "marks"), [(0, []), (15, []), (16, [16]), (80, [80])])
def test_only_who_comes_long_after_the_end_is_late(afternoon: Afternoon, minutes: int, marks: list[int]) -> None:
    late(afternoon, minutes)
    assert list(LateMark.objects.values_list("minutes", flat=True)) == marks
    assert breaches() == []


def test_both_guardians_hear_the_number_of_times(afternoon: Afternoon) -> None:
    care = afternoon.care
    before(afternoon, 1)
    late(afternoon, 20)
    told = Message.objects.filter(occasion__startswith="care-late:")
    assert {one.resident_id for one in told} == {care.mother.pk, care.father.pk}
    assert all("第2次" in one.body and "高雨桐" not in one.body for one in told)
    assert lateness.heal(clock.now()) == 0


def before(it: Afternoon, many: int) -> None:
    """`many` late collections of the days before, as the books would hold them."""
    care = it.care
    for back in range(1, many + 1):
        day = DAY - timedelta(days=back)
        LateMark.objects.create(place=care.place, child=care.child, day=day, minutes=20)


def test_at_the_limit_the_head_is_asked_and_nothing_happens_by_itself(client: Client, afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    before(afternoon, 1)
    late(afternoon, 20)
    assert waiting(afternoon) == 0
    before_third = LateMark.objects.create(place=care.place, child=care.child, day=DAY - timedelta(days=9), minutes=30)
    assert waiting(afternoon) == 1
    assert Place.objects.get(pk=care.place.pk).status == Place.Status.HELD
    client.force_login(world.chen)
    assert "高雨桐" in client.get("/desk/care/lates/").content.decode()
    lateness.excuse(mark=before_third, reason="暴雪停运", by=world.chen)
    assert waiting(afternoon) == 0


def waiting(it: Afternoon) -> int:
    return sum(one.count for one in rows_of([todo.rows], it.world.chen) if "晚接" in one.label)


def test_only_the_head_excuses_and_only_once(afternoon: Afternoon) -> None:
    world = afternoon.world
    late(afternoon, 20)
    mark = LateMark.objects.get()
    for by in (world.zhang, world.qian, afternoon.care.lead):
        with pytest.raises(duties.NotYourDuty):
            lateness.excuse(mark=mark, reason="暴雪停运", by=by)
    lateness.excuse(mark=mark, reason="暴雪停运", by=world.chen)
    with pytest.raises(lateness.AlreadyExcused):
        lateness.excuse(mark=mark, reason="暴雪停运", by=world.chen)
    mine = LateMark.objects.filter(pk=mark.pk)
    assert refuses("CC034", lambda: mine.update(excused_at=None, excused_by=None, excuse=""))
    assert refuses("CC034", lambda: mine.update(minutes=1))


def test_a_head_excuses_nobody_of_the_own_family(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    late(afternoon, 20)
    world.chen.own_phone = care.mother.phone
    world.chen.save()
    with pytest.raises(Exception, match="自己、家人"):
        lateness.excuse(mark=LateMark.objects.get(), reason="暴雪停运", by=world.chen)


def test_a_mark_that_was_left_out_is_written_by_the_sweep(afternoon: Afternoon) -> None:
    late(afternoon, 20)
    LateMark.objects.all().delete()
    Message.objects.filter(occasion__startswith="care-late").delete()
    assert lateness.heal(clock.now()) == 1
    assert Attendance.objects.get().left_at == clock.now()
