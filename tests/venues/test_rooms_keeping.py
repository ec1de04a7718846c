"""What is kept of somebody who keeps keys and has a calendar, and what becomes of it."""

import pytest

from communities import closing, copying
from tests import world as cast
from tests.venues.keeping import keyholder, room, used
from tests.world import World
from venues import addresses, checks
from venues.models import Use

pytestmark = pytest.mark.django_db
WELL = {"water_off": True, "power_off": True, "locked": True}


def test_a_copy_says_when_addresses_were_made_and_never_which(world: World) -> None:
    assert world.wang.account
    keyholder(room(world.wenxing), world.wang)
    token = addresses.renew(resident=world.wang, by=world.wang.account).token
    kept = {table.key: table.lines for table in copying.tables(world.wang)}
    assert len(kept["calendars"]) == 1 and kept["keys"] == [["活动室2楼书画室"]]
    assert token not in str(kept)


def test_the_name_of_who_left_goes_out_of_hand_overs_and_rooms(world: World) -> None:
    mine = room(world.wenxing, keeper="王秀兰", safety_person="王秀兰")
    made = checks.finish(
        booking=used(mine, world), by=world.zhang, signed="王秀兰", damage="王秀兰碰坏椅子", **WELL
    )  # fmt: skip
    closing.close(resident=world.wang, by=world.zhang, reason="本人到窗口")
    made.refresh_from_db()
    mine.refresh_from_db()
    assert "王秀兰" not in f"{made.signed}{made.damage}{mine.keeper}{mine.safety_person}"
    assert "碰坏椅子" in made.damage


def test_a_namesake_keeps_the_name_where_it_may_be_meant(world: World) -> None:
    cast.resident(world.wenxing, "王秀兰", "13600001234")
    mine = room(world.wenxing, keeper="王秀兰")
    own = checks.finish(
        booking=used(mine, world, use=Use.RESIDENT, resident=world.wang), by=world.zhang, signed="王秀兰", **WELL
    )
    closing.close(resident=world.wang, by=world.zhang, reason="本人到窗口")
    own.refresh_from_db()
    mine.refresh_from_db()
    assert ("王秀兰" in own.signed, mine.keeper) == (False, "王秀兰")
