"""A paper sheet writes down nobody under age whose guardian does not agree any more (activities/ages.py)."""

import pytest

from activities import minors
from activities.models import Participation
from activities.sheets_in import handing
from communities import guardians
from communities.models import Resident, User
from core.refusals import Refused
from tests.activities.sheets_in.made import CAME, WENT, handed, morning, signed, xlsx
from tests.communities.guarding import guarded
from tests.world import World

pytestmark = pytest.mark.django_db


def listed(world: World, years: int) -> Participation:
    """王秀兰's child signed up while she agreed; the morning is over."""
    mine = signed(morning(world, min_age=8), guarded(world, years), world)
    if mine.guardian:
        minors.there(participation=mine, by=world.zhang)
    return mine


def takes_it_back(child: Resident, world: World) -> None:
    by = world.wang.account
    assert isinstance(by, User)
    assert guardians.withdraw(child=child, by=by)


def stands(mine: Participation) -> str:
    return Participation.objects.get(pk=mine.pk).status


@pytest.mark.parametrize("years", [10, 16])
def test_with_the_consent_the_row_is_written(world: World, years: int) -> None:
    mine = listed(world, years)
    handing.write(sheet=handed(mine.activity, xlsx([["王小虎", "", CAME, WENT]]), world.zhang), by=world.zhang)
    assert stands(mine) == "recorded"


@pytest.mark.parametrize("years", [10, 16])
def test_consent_that_ends_before_it_is_written_names_the_row_and_writes_nobody(world: World, years: int) -> None:
    mine = listed(world, years)
    rows = [["李建国", "", CAME, WENT], ["王小虎", "", CAME, WENT]]
    sheet = handed(mine.activity, xlsx(rows), world.zhang)
    takes_it_back(mine.resident, world)
    with pytest.raises(Refused, match=r"第3行王小虎.*监护人的同意已经撤回.*整张表都没有写入") as caught:
        handing.write(sheet=sheet, by=world.zhang)
    assert caught.value.code == "sheet_stale"
    assert stands(mine) == "signed_up"
    assert not Participation.objects.filter(status="recorded").exists()


def test_consent_that_ended_before_the_sheet_writes_nobody_either(world: World) -> None:
    mine = listed(world, 16)
    takes_it_back(mine.resident, world)
    sheet = handed(mine.activity, xlsx([["王小虎", "", CAME, WENT]]), world.zhang)
    with pytest.raises(Refused):
        handing.write(sheet=sheet, by=world.zhang)
    assert stands(mine) == "signed_up"
