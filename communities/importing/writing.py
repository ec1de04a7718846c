"""写入: the lines without fault become files, some in each transaction."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from communities import changes, registration
from communities.importing import batches, judging
from communities.models import Batch, Community, Line, Resident
from core import clock
from core.refusals import Refused
from core.verbs import refusing, verb

SOME = 500
Status, Fate = Batch.Status, Line.Fate
SEALED = ("document", "document_sealed", "document_tail", "document_hash")
KEEP = """
UPDATE communities_line AS line
SET fate = new.fate, said = new.said, resident_id = new.resident, before = new.before, written_at = new.written_at
FROM unnest(%s::bigint[], %s::text[], %s::jsonb[], %s::bigint[], %s::jsonb[], %s::timestamptz[])
    AS new (id, fate, said, resident, before, written_at)
WHERE line.id = new.id
"""


class DocumentTaken(Refused):
    """Somebody else was faster: another import, or a colleague at the desk, has made a file with this number."""

    code = "document_taken"
    message = "证件号码：刚刚有人用这个证件号建了档案，这一行没有导入。请核对后办理。"


TAKEN: dict[str, Callable[[str], Refused]] = {"resident_document_once": lambda _: DocumentTaken()}


@verb()
def write_some(*, batch_id: int) -> bool:
    """Write the next lines of a batch, looking again at the files that there are by now; False when none are left."""
    batch = Batch.objects.select_related("community", "by").select_for_update(of=("self",)).get(pk=batch_id)
    if batch.status != Status.WRITING:
        return False
    # Two imports into one community take turns: nothing but this keeps name and phone together once.
    Community.objects.select_for_update(no_key=True).get(pk=batch.community_id)
    changes.by(batch.by)
    lines = list(batch.lines.filter(written_at=None, fate__in=batches.WRITABLE).order_by("number")[:SOME])
    files = judging.Files(batch, lines, locked=True)
    for line in lines:
        files.judge(line)
    at = clock.now()
    _write(batch, files, lines, at)
    keep(lines, at)
    batch.done += len(lines)
    if not lines:
        batch.status, batch.finished_at = Status.DONE, at
    batch.save(update_fields=["done", "status", "finished_at"])
    return bool(lines)


def _write(batch: Batch, files: judging.Files, lines: list[Line], at: datetime) -> None:
    for line in lines:
        if line.fate == Fate.MERGE:
            _try(line, lambda line=line: _merge(line))  # type: ignore[misc]
    # In one order for everybody, so that two imports of the same people wait for one another and do not deadlock.
    new = sorted((line for line in lines if line.fate == Fate.NEW), key=lambda line: (line.document_hash, line.number))
    try:
        with refusing(TAKEN), transaction.atomic():
            _create(batch, files, new, at)
    except DocumentTaken:
        for line in new:
            _try(line, lambda line=line: _create(batch, files, [line], at))  # type: ignore[misc]


def _try(line: Line, act: Callable[[], None]) -> None:
    """`act` in a savepoint; when the number was taken meanwhile, the line says so and the others go on."""
    try:
        with refusing(TAKEN), transaction.atomic():
            act()
    except DocumentTaken as taken:
        judging.wrong(line, taken.message)
        line.before = None


def _create(batch: Batch, files: judging.Files, lines: list[Line], at: datetime) -> None:
    made = Resident.objects.bulk_create(
        Resident(
            community=batch.community, estate_id=files.estates.get(line.estate), grid_id=files.grids.get(line.grid),
            name=line.name, pinyin=registration.pinyin(line.name), initials=registration.initials(line.name),
            phone=line.phone, birth_date=line.birth_date, **{name: getattr(line, name) for name in SEALED},
            status=Resident.Status.CONFIRMED, registered_at=at, decided_at=at, decided_by=batch.by,
        )
        for line in lines
    )  # fmt: skip
    for line, resident in zip(lines, made, strict=True):
        line.resident = resident


def _merge(line: Line) -> None:
    filled = dict(line.before or {})
    if "birth_date" in filled:
        filled["birth_date"] = date.fromisoformat(filled["birth_date"])
    if "document_hash" in filled:
        filled |= {name: getattr(line, name) for name in SEALED}
    if line.resident is not None:
        Resident.objects.filter(pk=line.resident.pk).update(**filled)


def keep(lines: Iterable[Line], at: datetime) -> None:
    """What became of lines that were written at `at`, in one statement; what changed nothing is not called written."""
    rows = [
        (
            line.pk, line.fate, Jsonb(line.said), line.resident_id, line.before and Jsonb(line.before),
            at if line.fate in batches.WRITABLE else None,
        )
        for line in lines
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [list(column) for column in zip(*rows, strict=True)])
