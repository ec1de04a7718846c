"""撤销: what a batch wrote is taken back, as far as nobody has gone on with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import ForeignKey
from psycopg.types.json import Jsonb

from communities import changes
from communities.importing.writing import SEALED
from communities.models import Batch, Line, Resident
from core import clock
from core.verbs import verb

SOME = 200
Status, Fate = Batch.Status, Line.Fate
EMPTY: dict[str, object] = {
    "phone": "", "birth_date": None, "estate_id": None, "grid_id": None, **dict.fromkeys(SEALED, ""), "document_sealed": None,
}  # fmt: skip
KEEP = """
UPDATE communities_line AS line SET said = new.said, resident_id = new.resident, undone_at = new.undone_at
FROM unnest(%s::bigint[], %s::jsonb[], %s::bigint[], %s::timestamptz[]) AS new (id, said, resident, undone_at)
WHERE line.id = new.id
"""


@verb()
def undo_some(*, batch_id: int) -> bool:
    """Take back the next lines, the last first; False when none are left. What stays says why."""
    batch = Batch.objects.select_related("undone_by").select_for_update(of=("self",)).get(pk=batch_id)
    if batch.status != Status.UNDOING or batch.undone_by is None:
        return False
    changes.by(batch.undone_by)
    written = batch.lines.filter(undone_at=None).exclude(written_at=None)
    lines = list(written.order_by("-number")[:SOME])
    # FOR UPDATE: who would refer to one of these files now waits until it is gone, or was there before we look.
    files = Resident.objects.select_for_update().in_bulk({line.resident_id for line in lines if line.resident_id})
    at, gone = clock.now(), _take_back(lines, files)
    _keep(lines, at)
    if gone:
        # Lines of other sheets, which were looked over and met these files.
        Line.objects.filter(resident__in=gone).update(resident=None)
        Resident.objects.filter(pk__in=gone)._raw_delete(using=DEFAULT_DB_ALIAS)
    batch.done += len(lines)
    if not lines:
        batch.status, batch.undone_at = Status.UNDONE, at
    batch.save(update_fields=["done", "status", "undone_at"])
    return bool(lines)


def _take_back(lines: list[Line], files: dict[int, Resident]) -> list[int]:
    """Give back merged fields; returns the files to be deleted, whose lines let go of them."""
    used = _used(lines)
    gone = []
    for line in lines:
        file = files.get(line.resident_id or 0)
        if line.fate == Fate.NEW and file is not None:
            reason = used.get(file.pk) or _changed(line, file)
            if reason:
                line.said = [f"没有撤销：{reason}，档案保留。", *line.said]
            else:
                gone.append(file.pk)
                line.resident = None
        elif line.fate == Fate.MERGE and file is not None:
            _give_back(line, file)
        else:
            line.resident = None
    return gone


def _used(lines: list[Line]) -> dict[int, str]:
    """The files that something refers to → what that is, whatever app it belongs to."""
    files = [line.resident_id for line in lines if line.fate == Fate.NEW and line.resident_id]
    found: dict[int, str] = {}
    for field in _references():
        refers = field.model._default_manager.filter(**{f"{field.name}__in": files}).values_list(field.name, flat=True)
        found.update(dict.fromkeys(refers, "名下已有记录（报名、积分、同意等）"))
    merged = Line.objects.filter(resident__in=files, fate=Fate.MERGE, undone_at=None).exclude(written_at=None)
    others = merged.exclude(pk__in=[line.pk for line in lines]).values_list("resident", flat=True)
    return found | {pk: "后来的批次又合并过内容" for pk in others if pk}


def _references() -> list[ForeignKey[Any, Any]]:
    """Every column of any app that names a file. Not the logs, which speak of files that are gone, nor the lines of imports."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Resident and model is not Line
        if field.db_constraint  # type: ignore[attr-defined]
    ]


def _changed(line: Line, file: Resident) -> str:
    if file.account_id:
        return "本人已用手机登录认领"
    same = ("name", "phone", "birth_date", "document_hash")
    if file.status != Resident.Status.CONFIRMED or any(getattr(file, name) != getattr(line, name) for name in same):
        return "导入后档案又被改动过"
    return ""


def _give_back(line: Line, file: Resident) -> None:
    """Empty the fields that this line filled, unless somebody has changed them since."""
    written = dict(line.before or {})
    stays = [name for name, value in written.items() if str(getattr(file, name)) != str(value)]
    back = {name: EMPTY[name] for name in written if name not in stays and not (name == "phone" and file.account_id)}
    if "document_hash" in back:
        back |= {name: EMPTY[name] for name in SEALED}
    if back:
        Resident.objects.filter(pk=file.pk).update(**back)
    if len([name for name in back if name in written]) == len(written):
        line.resident = None
    else:
        line.said = ["没有全部撤销：合并的内容后来又被改动过，或本人已用手机登录。", *line.said]


def _keep(lines: Iterable[Line], at: datetime) -> None:
    rows = [(line.pk, Jsonb(line.said), line.resident_id, at) for line in lines]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [list(column) for column in zip(*rows, strict=True)])
