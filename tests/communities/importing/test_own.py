"""Nobody imports a file of their own or of their family, nor one of their own name: nobody would know it for theirs."""

from datetime import date

import pytest

from communities.importing import judging
from communities.models import Line, Resident
from tests import world as cast
from tests.communities.importing.made import cells, imported, person, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db
Fate = Line.Fate


def test_a_file_of_ones_own_name_needs_no_phone_to_be_refused(world: World) -> None:
    batch = imported(
        xlsx([["张晓燕", "", "", "1990-01-02", "天和城", ""], cells(person(5))]), world.wenxing, world.zhang
    )
    assert [line.fate for line in batch.lines.order_by("number")] == [Fate.WRONG, Fate.NEW]
    assert not Resident.objects.filter(name="张晓燕").exists()


@pytest.mark.parametrize("number", ["own", "family"])
def test_a_file_on_the_number_of_oneself_or_the_family_is_refused(world: World, number: str) -> None:
    home = cast.resident(world.wenxing, "张晓燕本人", world.zhang.own_phone)
    spouse = cast.resident(world.wenxing, "李大壮", "13700007777")
    Resident.objects.filter(pk=spouse.pk).update(household=home.household)
    phone = world.zhang.own_phone if number == "own" else spouse.phone
    batch = imported(
        xlsx([["李小壮", phone, "", "1990-01-02", "天和城", ""], cells(person(5))]), world.wenxing, world.zhang
    )
    line = batch.lines.get(name="李小壮")
    assert (line.fate, line.said[0]) == (Fate.WRONG, judging.OWN)


def test_nothing_is_filled_into_a_file_of_the_family(world: World) -> None:
    home = cast.resident(world.wenxing, "张晓燕本人", world.zhang.own_phone)
    spouse = cast.resident(world.wenxing, "李大壮", born=date(1990, 1, 2))
    Resident.objects.filter(pk=spouse.pk).update(household=home.household)
    batch = imported(
        xlsx([["李大壮", "13700007777", "", "1990-01-02", "天和城", ""], cells(person(5))]), world.wenxing, world.zhang
    )
    assert batch.lines.get(name="李大壮").said[0] == judging.OWN
    assert Resident.objects.get(pk=spouse.pk).phone == ""
