"""Ten thousand rows: our reading and writing against the bare library (calamine) with COPY into the same tables."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from communities.importing import batches, work
from communities.models import Line, Resident
from core import clock
from tests.bench.measure import cpu
from tests.communities.importing.made import cells, person, xlsx
from tests.world import World

ROWS, ROUNDS = 10_000, 3
COLUMNS = "community_id, name, pinyin, initials, phone, birth_date, document, document_tail, document_hash, status, registered_at, decided_at, decided_by_id, decline_reason"


def run(world: World) -> list[dict[str, Any]]:
    world.zhang.name = "导入员"  # whose name none of the invented people bears: nobody imports the own file
    world.zhang.save(update_fields=["name"])
    content = xlsx(cells(person(serial)) for serial in range(ROWS))
    taken: dict[str, list[float]] = {"bare": [], "read": [], "write": [], "undo": []}
    for _ in range(ROUNDS):
        taken["bare"].append(timed(lambda: bare(content, world)))
        _forget()
        batch = batches.begin(community=world.wenxing, name="名单.xlsx", content=content, by=world.zhang)
        taken["read"].append(timed(lambda number=batch.pk: work.carry_on(number)))  # type: ignore[misc]
        batches.confirm(batch=batch, by=world.zhang)
        taken["write"].append(timed(lambda number=batch.pk: work.carry_on(number)))  # type: ignore[misc]
        assert Resident.objects.filter(decided_by=world.zhang).count() == ROWS
        batches.undo(batch=batch, by=world.zhang)
        taken["undo"].append(timed(lambda number=batch.pk: work.carry_on(number)))  # type: ignore[misc]
        assert not Resident.objects.filter(decided_by=world.zhang).exists()
    limit, read, write, undo = (statistics.median(each) for each in taken.values())
    few, many = (peaks(world, content) for content in (xlsx([cells(person(0))]), content))
    return [
        row("10,000 rows read, judged and written, rows per second of CPU", ROWS / limit, ROWS / (read + write)),
        row("10,000 rows read and judged, rows per second of CPU", ROWS / limit, ROWS / read),
        row("10,000 files written, rows per second of CPU", ROWS / limit, ROWS / write),
        row("10,000 files undone, rows per second of CPU", ROWS / limit, ROWS / undo),
        row("peak of a worker, MB: of one row / of 10,000", few[0], many[0]),
        row("peak of the child that reads, MB: of one row / of 10,000", few[1], many[1]),
    ]


def row(what: str, limit: float, ours: float) -> dict[str, Any]:
    """By the library and COPY alone, by us, and the ratio (above, for memory: of the small sheet and the large one)."""
    return {"what": what, "limit": round(limit), "ours": round(ours), "ratio": round(ours / limit, 2)}


def peaks(world: World, content: bytes) -> list[float]:
    """What a fresh worker that reads and writes this sheet, and the child that reads it, take at their highest, in MB."""
    batch = batches.begin(community=world.wenxing, name="名单.xlsx", content=content, by=world.zhang)
    worker = highest(
        "import tests.bench; from communities.importing import batches, work; from communities.models import Batch;"
        f"b = Batch.objects.get(pk={batch.pk}); work.carry_on(b.pk); batches.confirm(batch=b, by=b.by); work.carry_on(b.pk)"
    )
    child = highest("from communities.importing import sheets; sheets.main()", content)
    batches.undo(batch=batch, by=world.zhang)
    work.carry_on(batch.pk)
    return [worker, child]


def highest(program: str, given: bytes = b"") -> float:
    """MB at the peak of a Python that runs `program` (VmHWM: what getrusage says includes the parent's)."""
    program += "; import re, sys; sys.stderr.write(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    ended = subprocess.run([sys.executable, "-c", program], input=given, check=True, capture_output=True)
    return int(ended.stderr.split()[-1]) / 1024


def timed(act: Callable[[], object]) -> float:
    """Seconds of CPU: this process, its backend, and the child that reads."""
    begin = cpu() + sum(os.times()[2:4])
    act()
    return cpu() + sum(os.times()[2:4]) - begin


def bare(content: bytes, world: World) -> None:
    """Read, believe everything, and copy it in: no check, no seal, no duplicate, no preview, no message."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    at = clock.now()
    copy = f"COPY communities_resident ({COLUMNS}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(copy) as into:
        for name, phone, _, born, *_ in rows:
            day = date.fromisoformat(str(born))
            into.write_row(
                (world.wenxing.pk, name, "", "", phone, day, "", "", "", "confirmed", at, at, world.chen.pk, "")
            )


def _forget() -> None:
    Resident.objects.filter(decided_by__username="chenzhuren").delete()
    Line.objects.all().delete()
