"""Families that ask for places, for the tests of places."""

from datetime import date, time, timedelta
from typing import Any

from childcare.models import Centre, Group, Place
from childcare.places import groups, line
from communities.models import Resident
from core import clock
from partners.models import Partner
from tests import world as cast
from tests.childcare.cast import Care, child, group, guard
from tests.world import World
from venues.models import Room


def out_of_force(centre: Centre) -> None:
    """Run by somebody without an agreement with the community: what is signed is never changed."""
    facts = {"kind": Partner.Kind.ORGANISATION, "trade": Partner.Trade.CHILDCARE, "summary": "托管"}
    street = centre.community.sub_district
    centre.operator = Partner.objects.create(sub_district=street, name="没有协议的", admitted_at=clock.now(), **facts)
    centre.save(update_fields=["operator"])


def room(care: Care, name: str = "托管2室", **fields: Any) -> Room:
    facts = {
        "community": care.centre.community,
        "place": "天和城3号楼",
        "capacity": 60,
        "area": 160,
        "floor": "2层",
    } | fields
    return Room.objects.create(name=name, **facts)


def facts(where: Room, **fields: Any) -> groups.Facts:
    """Every day of two weeks from tomorrow on, 16:00 to 18:00."""
    tomorrow = clock.today() + timedelta(days=1)
    said: dict[str, Any] = {
        "name": "三四年级假期班", "kind": Group.Kind.HOLIDAY, "room": where, "weekdays": range(7), "starts": time(16), "ends": time(18),
        "first_on": tomorrow, "last_on": tomorrow + timedelta(days=13), "seats": 30, "fees": {5: 60000, 7: 70000, 3: 40000},
    }  # fmt: skip
    return groups.Facts(**said | fields)


def small(care: Care, capacity: int, **fields: Any) -> Group:
    """An open group with few places, at an hour at which nobody of the cast is anywhere: its days are over before."""
    away = {"first_on": clock.today() + timedelta(days=300), "last_on": clock.today() + timedelta(days=340)}
    return group(care.centre, care.lead, **{"name": f"小班{capacity}", "capacity": capacity} | away | fields)


def family(world: World, number: int, **fields: Any) -> tuple[Resident, Resident]:
    """A mother with a phone, and her child of nine with a file and every consent."""
    where = fields.pop("community", world.wenxing)
    mother = cast.resident(where, f"母亲{number}", f"136{number:08d}", date(1988, 4, 1))
    mine = child(where, f"孩子{number}", fields.pop("age", 9), household=mother)
    guard(mine, mother, "母亲", world.zhang, **fields)
    return mother, mine


def asked(here: Group, mother: Resident, mine: Resident, **fields: Any) -> Place:
    said: dict[str, Any] = {"plan": [0, 1, 2, 3, 4], "by": mother.account}
    return line.ask(group=here, child=mine, payer=mother, **said | fields)


def several(world: World, here: Group, many: int, **fields: Any) -> list[Place]:
    """Asked for one after the other."""
    return [asked(here, *family(world, number), **fields) for number in range(1, many + 1)]
