"""What the benchmarks stand on: a migrated database, the raw function, people with points."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from communities.models import Community, Resident
from tests.world import World, award, build, resident

RAW = Path(__file__).with_name("raw.sql")


def lay() -> World:
    """Migrate as the owner, install the raw function, build the cast as the application."""
    owner = {**os.environ, "DATABASE_URL": os.environ["DATABASE_OWNER_URL"]}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=owner, check=True)
    install = "import sys, django; django.setup(); from django.db import connection as c; c.cursor().execute(sys.stdin.read())"
    subprocess.run([sys.executable, "-c", install], env=owner, input=RAW.read_text(), text=True, check=True)
    return build()


def people(world: World, number: int, points: int, first: int = 0) -> list[Resident]:
    """`number` confirmed residents with `points` each."""
    made = [resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(first, first + number)]
    for person in made:
        award(person, points, by=world.system)
    return made


def sixteen(world: World) -> list[Community]:
    """Communities of the one sub-district."""
    return [
        Community.objects.get_or_create(
            sub_district=world.street, name=f"第{n}社区", defaults={"phone": "0352-0000009"}
        )[0]
        for n in range(16)
    ]


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
