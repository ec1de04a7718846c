"""交接记录: who looks at a room, when, and what is still missing."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from communities import helping
from communities.models import Consent, User
from core import clock
from core.refusals import Refused
from tests.pages import enter, queries, text
from tests.venues.keeping import keyholder, room, used
from tests.venues.letting import held
from tests.world import World
from venues import checks, register
from venues.claiming import Hours
from venues.models import Booking, Room, RoomCheck, Use

pytestmark = pytest.mark.django_db
WELL = {"water_off": True, "power_off": True, "locked": True}


@pytest.fixture
def mine(world: World) -> Room:
    return keyholder(room(world.wenxing), world.wang)


def code(act: object, **said: object) -> str:
    with pytest.raises(Refused) as caught:
        act(**said)  # type: ignore[operator]
    return caught.value.code


def around(use: Booking, **distance: int) -> datetime:
    """So long from the beginning of `use`, which lasts an hour."""
    return use.starts_at + timedelta(**distance)


def test_the_keyholder_writes_down_beginning_and_end(mine: Room, world: World) -> None:
    use, by = used(mine, world), world.wang.account
    assert by
    checks.begin(booking=use, well=False, note="音响不响", by=by, at=around(use, minutes=-20))
    made = checks.finish(booking=use, by=by, damage="椅子1把", signed="周海涛", **WELL, at=around(use, minutes=70))
    assert (made.began_well, made.began_note, made.damage, made.signed) == (False, "音响不响", "椅子1把", "周海涛")
    assert made.began_by == made.finished_by == by and not made.in_order


def test_staff_write_down_an_end_without_a_beginning(mine: Room, world: World) -> None:
    made = checks.finish(booking=used(mine, world), by=world.zhang, **WELL)
    assert made.in_order and made.began_at is None and made.began_well is None


def test_strangers_write_nothing_down(mine: Room, world: World) -> None:
    use = used(mine, world)
    who = {"phone": "13700000001", "name": "王小兰", "relation": "子女"}
    helper = helping.appoint(resident=world.wang, by=world.zhang, way=Consent.Way.SIGNATURE, **who).account
    for by in (world.li.account, world.qian, helper):
        assert isinstance(by, User)
        assert code(checks.finish, booking=use, by=by, **WELL) == "not_your_keys"
        assert code(checks.begin, booking=use, by=by, well=True, at=use.starts_at) == "not_your_keys"
    register.entrust(room=mine, resident=None, by=world.zhang)
    assert code(checks.finish, booking=use, by=world.wang.account, **WELL) == "not_your_keys"
    assert not RoomCheck.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "said"), [(-61, "check_too_early"), (-60, ""), (59, ""), (60, "check_beginning_over")]
)
def test_the_beginning_is_written_down_around_the_beginning(
    mine: Room, world: World, minutes: int, said: str
) -> None:  # fmt: skip
    use = used(mine, world)
    at = around(use, minutes=minutes)
    refused = checks.refusal_to_begin(use, at)
    assert (refused.code if refused else "") == said
    if said:
        assert code(checks.begin, booking=use, by=world.zhang, well=True, at=at) == said
    else:
        checks.begin(booking=use, by=world.zhang, well=True, at=at)


@pytest.mark.parametrize(
    ("minutes", "said"), [(-1, "check_too_early"), (0, ""), (60 + 7 * 1440, ""), (61 + 7 * 1440, "check_too_late")]
)
def test_the_end_is_written_down_within_a_week(mine: Room, world: World, minutes: int, said: str) -> None:
    use = used(mine, world)
    at = around(use, minutes=minutes)
    if said:
        assert code(checks.finish, booking=use, by=world.zhang, **WELL, at=at) == said
    else:
        checks.finish(booking=use, by=world.zhang, **WELL, at=at)


def test_each_is_written_down_once(mine: Room, world: World) -> None:
    use = used(mine, world)
    checks.begin(booking=use, by=world.zhang, well=True, at=use.starts_at)
    assert code(checks.begin, booking=use, by=world.zhang, well=True, at=use.starts_at) == "already_checked"
    checks.finish(booking=use, by=world.zhang, **WELL)
    assert code(checks.finish, booking=use, by=world.zhang, **WELL) == "already_checked"


def test_whatever_is_wrong_must_be_said(mine: Room, world: World) -> None:
    use = used(mine, world)
    assert code(checks.begin, booking=use, by=world.zhang, well=False, note=" ", at=use.starts_at) == "bad_check"
    assert code(checks.begin, booking=use, by=world.zhang, well=True, note="长" * 101, at=use.starts_at) == "bad_check"
    assert code(checks.finish, booking=use, by=world.zhang, **WELL, damage="长" * 201) == "bad_finish"
    assert code(checks.finish, booking=use, by=world.zhang, **WELL, signed="\0") == "bad_finish"


def test_a_use_that_was_given_back_is_not_handed_over(mine: Room, world: World) -> None:
    use = used(mine, world)
    Booking.objects.filter(pk=use.pk).update(status="cancelled", ended_at=use.at, ended_by=world.zhang)
    assert code(checks.finish, booking=use, by=world.zhang, **WELL) == "nothing_to_check"
    assert code(checks.begin, booking=use, by=world.zhang, well=True, at=use.starts_at) == "nothing_to_check"


@pytest.mark.parametrize(
    "fields",
    [
        {},  # neither beginning nor end
        {"began_at": "now"},
        {"began_note": "响", "finished_at": "now", "finished_by": "who", **WELL},
        {"finished_at": "now", "finished_by": "who", "water_off": True, "power_off": True},
        {"finished_at": "now", **WELL},
        {"began_at": "later", "began_by": "who", "began_well": True, "finished_at": "now", "finished_by": "who", **WELL},
    ],
)  # fmt: skip
def test_the_database_keeps_hand_overs_whole(mine: Room, world: World, fields: dict[str, object]) -> None:
    now = clock.now()
    said = {"now": now, "later": now + timedelta(minutes=1), "who": world.zhang}
    filled = {name: said.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
    with pytest.raises(IntegrityError, match="room_check"), transaction.atomic():
        RoomCheck.objects.create(booking=used(mine, world), **filled)


def test_what_is_missing_waits_for_a_week(mine: Room, world: World, client: Client) -> None:
    client.force_login(world.zhang)
    label = "活动室用完，还没有交接记录"
    assert label not in text(client, "/desk/")
    fresh, late = used(mine, world), used(mine, world, ago=timedelta(days=8))
    repairs = Hours(fresh.starts_at - timedelta(hours=5), fresh.starts_at - timedelta(hours=4))
    held(mine, world, repairs, Use.CLOSED, "检修")
    found = checks.missing(Booking.objects.for_staff(world.zhang), clock.now())
    assert list(found) == [fresh] and late not in found
    assert label in text(client, "/desk/")
    checks.finish(booking=fresh, by=world.zhang, **WELL)
    assert label not in text(client, "/desk/")


def test_what_was_found_wrong_is_told_for_three_days(mine: Room, world: World, client: Client) -> None:
    client.force_login(world.chen)
    label, use = "交接发现损坏或没关好", used(mine, world)
    checks.finish(booking=use, by=world.zhang, **WELL | {"power_off": False})
    assert label in text(client, "/desk/") and "没断" in text(client, "/desk/rooms/checks/?state=trouble")
    RoomCheck.objects.update(finished_at=clock.now() - timedelta(days=4))
    assert label not in text(client, "/desk/")


def test_the_keyholder_fills_in_both_on_the_phone(mine: Room, world: World, client: Client) -> None:
    now = clock.now()
    use = held(mine, world, Hours(now - timedelta(minutes=30), now + timedelta(minutes=30)), title="合唱团")
    enter(client, world.wang)
    assert "书画室" in text(client, "/rooms/keys/")
    page = f"/rooms/keys/{use.pk}/"
    assert "开始检查" in text(client, page) and "结束检查" in text(client, page)
    assert client.post(f"{page}begin/", {}).status_code == 400
    assert client.post(f"{page}begin/", {"well": "no"}).status_code == 400
    client.post(f"{page}begin/", {"well": "no", "note": "音响不响"})
    assert client.post(f"{page}finish/", {"water_off": "yes", "power_off": "yes"}).status_code == 400
    client.post(f"{page}finish/", {"water_off": "yes", "power_off": "no", "locked": "yes", "signed": "李建国"})
    made = RoomCheck.objects.get()
    assert (made.began_note, made.power_off, made.water_off, made.signed) == ("音响不响", False, True, "李建国")
    assert client.post(f"{page}finish/", {"water_off": "yes", "power_off": "yes", "locked": "yes"}).status_code == 409


def test_whoever_keeps_no_keys_of_it_finds_no_use(mine: Room, world: World, client: Client) -> None:
    use = used(mine, world, use=Use.RESIDENT, resident=world.li)
    enter(client, world.li)
    assert "您没有保管活动室钥匙" in text(client, "/rooms/keys/")
    assert client.get(f"/rooms/keys/{use.pk}/").status_code == 404
    assert client.post(f"/rooms/keys/{use.pk}/finish/", {}).status_code == 404


def test_the_keyholder_reads_nobodys_name(mine: Room, world: World, client: Client) -> None:
    use = used(mine, world, use=Use.RESIDENT, resident=world.li)
    enter(client, world.wang)
    assert "李建国" not in text(client, "/rooms/keys/") + text(client, f"/rooms/keys/{use.pk}/")


def test_the_phones_list_costs_the_same_for_one_use_and_thirty(mine: Room, world: World, client: Client) -> None:
    enter(client, world.wang)
    used(mine, world)
    before = queries(client, "/rooms/keys/")
    for number in range(30):
        used(mine, world, ago=timedelta(hours=4 + 2 * number))
    assert queries(client, "/rooms/keys/") == before
