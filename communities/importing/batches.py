"""批次: from the upload to the end of it. What takes long is done by a worker (work.py); here is what people decide."""

from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerDown

from communities import closing, duties, todo
from communities.duties import Role
from communities.estates import KEPT_BY
from communities.models import Batch, Community, Estate, Grid, Line, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

Status, Fate = Batch.Status, Line.Fate
IMPORTERS = (Role.HEAD, Role.WORKER, Role.STREET_ADMIN)
LARGEST = 5 << 20
KEPT = timedelta(days=30)
WORKING = (Status.READING, Status.WRITING, Status.UNDOING)
WRITABLE = (Fate.NEW, Fate.MERGE, Fate.SAME)
STALE = 60  # seconds after which a call of a task is dropped: beat has made newer ones

OLD_FORM = "这是旧版的.xls文件，或者加了密码的文件，没有读取。请在Excel里去掉密码，另存为.xlsx，再上传。"
NO_SHEET = "这不是Excel表格，没有读取。请上传.xlsx文件；其他格式请用Excel或WPS打开，另存为.xlsx。"


class NotNow(Refused):
    code = "batch_not_now"
    message = "这个批次的状态已经变了，什么都没有改动。请刷新页面查看。"


class NotYourBatch(Refused):
    code = "not_your_batch"
    message = "这一步只能由上传的人办理（撤销也可以由社区主任办理），什么都没有改动。"


class NothingToImport(Refused):
    code = "nothing_to_import"
    message = "没有可以导入的行，什么都没有改动。请改正有误的行，重新上传。"


def refusal_for(content: bytes) -> Refused | None:
    """What can be told of an upload at a glance; the rest is found by whoever reads it."""
    if len(content) > LARGEST:
        return BadInput(f"文件超过{LARGEST >> 20}MB，没有上传。请只保留居民名单，或分成几个文件。")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return BadInput(OLD_FORM)
    return None if content.startswith(b"PK\x03\x04") else BadInput(NO_SHEET)


@verb()
def begin(*, community: Community, name: str, content: bytes, by: User) -> Batch:
    """Keep an .xlsx file or a pasted text (UTF-8, columns parted by tabs) for the worker. Refuses strangers."""
    duties.require(by, community, *IMPORTERS)
    batch = Batch.objects.create(community=community, name=name[-100:], sheet=content, by=by, at=clock.now())
    waken()
    return batch


@verb()
def confirm(*, batch: Batch, by: User, register: bool = False) -> Batch:
    """Write what has no fault; with `register` the unknown estates and grids are registered first.

    Refuses anybody but the uploader, a batch that is not ready, one without a line to write, and registering by who does
    not keep the places (communities/estates.py).
    """
    locked = _locked(batch, by, Status.READY)
    if locked.by_id != by.pk:
        raise NotYourBatch
    writable = locked.lines.filter(fate__in=WRITABLE)
    count = writable.count()
    if not writable.exclude(fate=Fate.SAME).exists() and not (register and count):
        raise NothingToImport
    if register:
        duties.require(by, locked.community, *KEPT_BY)
        for model, column in ((Estate, "estate"), (Grid, "grid")):
            names = [name for name in writable.values_list(column, flat=True).distinct() if 0 < len(name) <= 40]
            rows = [model(community=locked.community, name=name) for name in names]
            model._default_manager.bulk_create(rows, ignore_conflicts=True)  # type: ignore[arg-type]
    locked.status, locked.done = Status.WRITING, locked.total - count
    locked.save(update_fields=["status", "done"])
    waken()
    return locked


@verb()
def drop(*, batch: Batch, by: User) -> Batch:
    """Give up a batch that nothing was written of: its lines go. Refuses a stranger, and one that is under way."""
    locked = _locked(batch, by, Status.READING, Status.READY)
    return ended(locked, Status.DROPPED)


@verb()
def undo(*, batch: Batch, by: User) -> Batch:
    """Take back what the batch wrote. Refuses anybody but the uploader and a head, and a batch whose lines are gone."""
    locked = _locked(batch, by, Status.DONE)
    if locked.by_id != by.pk and not duties.holds(by, locked.community, Role.HEAD):
        raise NotYourBatch
    written = locked.lines.exclude(written_at=None).count()
    if not written:
        raise NotNow("这个批次没有写入过档案，或者已经超过30天，不能撤销了，什么都没有改动。")
    locked.status, locked.undone_by, locked.done = Status.UNDOING, by, locked.total - written
    locked.save(update_fields=["status", "undone_by", "done"])
    waken()
    return locked


def ended(batch: Batch, status: Batch.Status, refusal: str = "") -> Batch:
    """The end of a locked batch that wrote nothing: neither sheet nor lines are kept."""
    batch.lines.all().delete()
    batch.status, batch.refusal, batch.sheet, batch.finished_at = status, refusal[:200], None, clock.now()
    batch.save(update_fields=["status", "refusal", "sheet", "finished_at"])
    return batch


def _locked(batch: Batch, by: User, *expected: Batch.Status) -> Batch:
    duties.require(by, batch.community, *IMPORTERS)
    locked = Batch.objects.select_related("community", "by").select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.status not in expected:
        raise NotNow
    return locked


def open_ones() -> list[int]:
    """The batches that a worker should go on with, the oldest first."""
    return list(Batch.objects.filter(status__in=WORKING).order_by("pk").values_list("pk", flat=True))


def waken() -> None:
    """When this is committed, wake a worker; if the broker is away, beat finds the batch."""
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    try:
        current_app.send_task("communities.tasks.imports", expires=STALE, ignore_result=True, retry=False)
    except BrokerDown:
        return


@verb()
def forget(*, at: datetime) -> None:
    """What was not confirmed within 30 days is given up; lines go 30 days after the end of their batch."""
    for batch in Batch.objects.select_for_update().filter(status=Status.READY, at__lt=at - KEPT):
        ended(batch, Status.DROPPED)
    Line.objects.filter(batch__finished_at__lt=at - KEPT).exclude(batch__status=Status.UNDOING).delete()


def emptied(gone: closing.Gone) -> None:
    """Who leaves is not in any sheet of ours either."""
    same = Q(document_hash=gone.document_hash) if gone.document_hash else Q(pk=None)
    Line.objects.filter(Q(resident=gone.resident) | same).delete()


def rows(user: User) -> list[todo.Waiting]:
    """What `user` uploaded and has not decided about."""
    mine = Batch.objects.for_staff(user).filter(by=user, status=Status.READY)
    return [todo.Waiting("residents", "待确认的导入批次", reverse("desk:imports"), lambda _: mine)]
