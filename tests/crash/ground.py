"""What the scenarios stand on: a migrated database, people with points, courses with fewer seats than people."""

import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count

from communities.models import Resident
from nightschool.models import Course
from tests import world as cast
from tests.api import client_of
from tests.crash.programs import Web, Worker
from tests.crash.servers import Servers
from tests.world import World

PEOPLE, POINTS, SEATS, PRICE = 24, 100_000, 14, 7
_phone = count(1)


@dataclass
class House:
    """Everything that can be killed, and the cast."""

    servers: Servers
    world: World
    web: Web
    worker: Worker


@dataclass
class Ground:
    """`most` clients share the people; each serves every `most`-th course alone."""

    house: House
    token: str
    people: list[Resident]
    courses: list[Course]
    most: int


def migrate() -> None:
    """As the owner."""
    owner = os.environ | {"DATABASE_URL": os.environ["DATABASE_OWNER_URL"]}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=owner, check=True)


def lay(house: House, most: int) -> Ground:
    """People and courses that no other scenario touches."""
    world, people = house.world, residents(house.world)
    courses = [cast.course(world.wenxing, title=f"课{n}", price=PRICE, capacity=SEATS) for n in range(2 * most)]
    return Ground(house, client_of(world.street).token, people, courses, most)


def residents(world: World) -> list[Resident]:
    """People with points."""
    people = [cast.resident(world.wenxing, f"居民{n}", f"137{next(_phone):08d}") for n in range(PEOPLE)]
    for person in people:
        cast.award(person, POINTS, by=world.system)
    return people
