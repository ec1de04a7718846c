"""The enrolment verb against one SQL function that does the same; goal: at least 0.30 of the limit."""

from typing import Any

from django.db import connection

from nightschool.enrolment import enrol
from nightschool.models import Channel
from tests.bench import ground
from tests.bench.measure import Variant, interleave
from tests.world import World, course

ROUNDS, SIZE = 10, 150
SAME = "SELECT bench_enrol(%s, %s, %s)"


def run(world: World) -> list[dict[str, Any]]:
    residents = ground.people(world, ROUNDS * SIZE * 2, 200)
    open_course = course(world.wenxing, capacity=30000)
    ground.vacuum()

    def by_verb(n: int) -> object:
        who = residents[n]
        return enrol(course_id=open_course.pk, resident=who, by=who.account, channel=Channel.PHONE)

    def by_function(n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SAME, [open_course.pk, residents[n].pk, residents[n].account_id])
            assert cursor.fetchone()[0]

    raw, verb = Variant("one SQL function", by_function), Variant("verb nightschool.enrolment.enrol", by_verb)
    interleave([raw, verb], ROUNDS, SIZE)
    rows = [raw.row(), verb.row()]
    for row in rows:
        row["of the limit"] = round(float(rows[0]["cpu_us"]) / float(row["cpu_us"]), 2)
    return rows
