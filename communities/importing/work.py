"""The worker's part: a batch goes on from where it is. Killed anywhere, the next sweep takes it up; no line is done twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from communities.importing import batches, cells, judging, reading, undoing, writing
from communities.models import Batch, Line
from core import clock
from core.sql import call
from core.verbs import verb

SOME = 1000
TRIES = 3
GIVEN_UP = "读取了几次都没有完成，已停止。请把名单复制到一个新的工作簿，或分成几个文件，再上传。"
Status = Batch.Status


def carry_on(batch_id: int) -> None:
    """Do what this batch waits for: read, write or undo. Returns at once while another worker is at it."""
    with _alone(batch_id) as alone:
        if alone:
            _read(batch_id)
            while writing.write_some(batch_id=batch_id):
                pass
            while undoing.undo_some(batch_id=batch_id):
                pass


@contextmanager
def _alone(batch_id: int) -> Iterator[bool]:
    # Held by the connection: PostgreSQL gives it back when a worker dies.
    name = f"communities.import:{batch_id}"
    (mine,) = call("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
    try:
        yield mine
    finally:
        if mine:
            call("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def _read(batch_id: int) -> None:
    content = _taken(batch_id=batch_id)
    if content is None:
        return
    sheet = reading.read(content)
    rows = [row for row in sheet.rows if not cells.is_example(row)]
    refusal = sheet.refusal or ("" if rows else "除了示例没有别的行，没有可以导入的内容。")
    if refusal or not _begun(batch_id=batch_id, total=len(rows), said=sheet.said):
        _refused(batch_id=batch_id, refusal=refusal)
        return
    seen, left = judging.Seen(), iter(rows)
    while some := list(islice(left, SOME)):
        if not _judged(batch_id=batch_id, rows=some, seen=seen):
            return
    _ready(batch_id=batch_id)


def _reading(batch_id: int) -> Batch | None:
    found = Batch.objects.select_related("community", "by").select_for_update(of=("self",))
    return found.filter(pk=batch_id, status=Status.READING).first()


@verb()
def _taken(*, batch_id: int) -> bytes | None:
    """The sheet, or None when there is nothing to read. What has cost several workers their life is not read again."""
    batch = _reading(batch_id)
    if batch is None or batch.sheet is None:
        return None
    if batch.tries >= TRIES:
        batches.ended(batch, Status.REFUSED, GIVEN_UP)
        return None
    batch.tries += 1
    batch.save(update_fields=["tries"])
    return bytes(batch.sheet)


@verb()
def _begun(*, batch_id: int, total: int, said: list[str]) -> bool:
    batch = _reading(batch_id)
    if batch is None:
        return False
    batch.lines.all().delete()  # of a worker that was killed over this sheet
    batch.total, batch.done, batch.said = total, 0, said
    batch.save(update_fields=["total", "done", "said"])
    return True


@verb()
def _refused(*, batch_id: int, refusal: str) -> None:
    batch = _reading(batch_id)
    if batch is not None and refusal:
        batches.ended(batch, Status.REFUSED, refusal)


@verb()
def _judged(*, batch_id: int, rows: list[reading.Row], seen: judging.Seen) -> bool:
    """Write the lines of some rows; False when somebody gave the batch up meanwhile."""
    batch = _reading(batch_id)
    if batch is None:
        return False
    lines = [cells.line_of(row, batch.community, clock.today()) for row in rows]
    files = judging.Files(batch, lines)
    for line in lines:
        line.batch = batch
        seen.judge(line)
        files.judge(line)
        judging.places(line, files)
    Line.objects.bulk_create(lines, batch_size=SOME)
    batch.done += len(lines)
    batch.save(update_fields=["done"])
    return True


@verb()
def _ready(*, batch_id: int) -> None:
    batch = _reading(batch_id)
    if batch is not None:
        batch.status, batch.sheet = Status.READY, None
        batch.save(update_fields=["status", "sheet"])
