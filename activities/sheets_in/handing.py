"""一张签到表: handed in, looked over, written whole or not at all, taken back whole as long as nobody has confirmed any of it."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from activities import recording, signup
from activities.models import Activity, Means, Participation, Sheet, SheetLine
from activities.sheets_in import cells, judging, writing
from communities import access, closing, duties, todo
from communities.importing import batches, reading, sheets
from communities.importing.reading import Row
from communities.kin import OwnPhoneMissing
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

Status, Fate, Part = Sheet.Status, SheetLine.Fate, Participation.Status
MOST = 500
KEPT = timedelta(days=30)
NO_HEADINGS = "没有找到表头，没有读取。要有一行写着“姓名”和“签到”“签退”（或“时长”），可以下载模板对照。"
NO_ROWS = "表头下面没有人，没有读取。请填好以后再上传。"
TOO_LONG = f"一张签到表最多{MOST}行，没有读取。请分成几张，分几次上传。"


class SheetWaits(Refused):
    code = "sheet_waits"
    message = "这个活动已有一张签到表等着确认，这一张没有读取。请先写入或放弃那一张。"


class SheetNotNow(Refused):
    code = "sheet_not_now"
    message = "这张签到表的状态已经变了，什么都没有改动。请刷新页面查看。"


class NotYourSheet(Refused):
    code = "not_your_sheet"
    message = "这一步只能由上传的人办理（撤销也可以由社区主任办理），什么都没有改动。"


class SheetConfirmed(Refused):
    code = "sheet_confirmed"
    message = "这张表里已有人确认入账，不能整张撤销，什么都没有改动。有误的请在活动页面逐人更正。"


class SheetGone(Refused):
    code = "sheet_gone"
    message = "这张表写入的内容已经超过30天，或者没有写入过，不能撤销，什么都没有改动。"


REFUSALS: Refusals = {**recording.REFUSALS, "sheet_one_at_a_time": lambda _: SheetWaits()}


def refusal_for(activity: Activity, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot hand in a sheet of this activity; None when nothing stands against it. The page asks the same."""
    called_off = activity.status in (Activity.Status.CANCELLED, Activity.Status.DRAFT)
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, activity.community), duties.NotYourDuty()),
        (not by.own_phone, OwnPhoneMissing()),
        (called_off, recording.NotTakingPart("活动已取消或还没有发布，不能上传签到表，什么都没有改动。")),
        (at < activity.ends_at, recording.NotEndedYet()),
        (activity.sheets.filter(status=Status.READY).exists(), SheetWaits()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def begin(*, activity: Activity, name: str, content: bytes, by: User, at: datetime | None = None) -> Sheet:
    """Read an .xlsx and keep what every row would become; nothing is recorded yet. Refuses what cannot be read, in a sentence.

    No verb itself: a child reads the file outside any transaction (communities/importing), one verb then keeps the rows.
    """
    at = at or clock.now()
    if refused := refusal_for(activity, by, at) or batches.refusal_for(content):
        raise refused
    found = reading.read(content, cells.MEANINGS)
    rows = [row for row in found.rows if not cells.is_example(row)]
    said = {sheets.NO_HEADINGS: NO_HEADINGS, sheets.NO_ROWS: NO_ROWS, sheets.TOO_LONG: TOO_LONG}
    if refusal := said.get(found.refusal, found.refusal) or (not rows and NO_ROWS) or (len(rows) > MOST and TOO_LONG):
        raise BadInput(f"{refusal}没有记录任何人。")
    return _keep(activity=activity, name=name, rows=rows, by=by, at=at)


@verb(REFUSALS)
def _keep(*, activity: Activity, name: str, rows: list[Row], by: User, at: datetime) -> Sheet:
    if refused := refusal_for(activity, by, at):
        raise refused
    sheet = Sheet.objects.create(activity=activity, name=name.replace("\0", "")[-100:], by=by, at=at)
    said = [cells.said_by(row) for row in rows]
    known = judging.Known.of_names(activity, by, (one.name for one in said if one.name))
    lines = [judging.line_of(one, known) for one in said]
    judging.among(lines)
    for line in lines:
        line.sheet = sheet
        if line.fate != Fate.WRONG:  # the whole number is needed by whoever corrects a row, and by nobody else
            line.tail = line.tail[-cells.TAIL :]
    SheetLine.objects.bulk_create(lines)
    return sheet


@verb(REFUSALS)
def write(*, sheet: Sheet, by: User, late_reason: str = "", at: datetime | None = None) -> Sheet:
    """Record everybody who was there, in one transaction: all of them or, whatever stands against one, nobody.

    A colleague confirms afterwards. Refuses anybody but the uploader, a sheet that is not ready, one without a good row,
    `recording.LateReasonMissing`, too few places, and `writing.SheetStale` with the row that has changed since.
    """
    at = at or clock.now()
    locked = _locked(sheet, by, Status.READY)
    if locked.by_id != by.pk:
        raise NotYourSheet
    signup.hold_line(locked.activity_id)
    writing.write_down(locked, by=by, late_reason=late_reason, at=at)
    locked.status, locked.written_at = Status.WRITTEN, at
    locked.save(update_fields=["status", "written_at"])
    return locked


@verb()
def drop(*, sheet: Sheet, by: User, at: datetime | None = None) -> Sheet:
    """Give up a sheet of which nothing was written; its rows go. Refuses one that is not ready."""
    locked = _locked(sheet, by, Status.READY)
    locked.lines.all().delete()
    locked.status, locked.ended_at, locked.ended_by = Status.DROPPED, at or clock.now(), by
    locked.save(update_fields=["status", "ended_at", "ended_by"])
    return locked


@verb(REFUSALS)
def undo(*, sheet: Sheet, by: User, at: datetime | None = None) -> Sheet:
    """Take back all that the sheet wrote: the list stands as before. Refuses `SheetConfirmed`, and what changed since.

    By the uploader or the community's head.
    """
    at = at or clock.now()
    locked = _locked(sheet, by, Status.WRITTEN)
    if locked.by_id != by.pk and not duties.holds(by, locked.activity.community, duties.Role.HEAD):
        raise NotYourSheet
    lines = {line.participation_id or 0: line for line in locked.lines.exclude(participation=None)}
    if not lines:
        raise SheetGone
    signup.hold_line(locked.activity_id)
    rows = Participation.objects.select_for_update(no_key=True).filter(pk__in=lines).order_by("pk")
    for one in (found := list(rows)):
        _require_untouched(one, locked)
    for before in {line.before for line in lines.values()}:
        mine = [one.pk for one in found if lines[one.pk].before == before]
        Participation.objects.filter(pk__in=mine).update(**_as_before(before, by, at))
    locked.status, locked.ended_at, locked.ended_by = Status.UNDONE, at, by
    locked.save(update_fields=["status", "ended_at", "ended_by"])
    return locked


def _require_untouched(mine: Participation, sheet: Sheet) -> None:
    if mine.status == Part.CONFIRMED or mine.confirmed_at:
        raise SheetConfirmed
    written = (Part.RECORDED, sheet.by_id, sheet.written_at, Means.SHEET)
    if (mine.status, mine.recorded_by_id, mine.recorded_at, mine.left_how) != written:
        raise SheetNotNow("这张表写入的记录后来又被改动过，不能整张撤销，什么都没有改动。请在活动页面逐人更正。")


def _as_before(before: str, by: User, at: datetime) -> dict[str, object]:
    """How rows that stood as `before` stand again; who stood on no list is off it. Absence is marked anew, by who undoes."""
    empty = dict.fromkeys(("minutes", "points", "recorded_by", "recorded_at", "served_from", "served_to"))
    unseen = {
        "arrived_at": None,
        "left_at": None,
        "arrived_how": "",
        "left_how": "",
        "late_reason": "",
        "over_reason": "",
    }
    absent = {"absent_at": at, "absent_by": by} if before == Part.ABSENT else {}
    return {**empty, **unseen, **absent, "status": before or Part.CANCELLED}


def _locked(sheet: Sheet, by: User, expected: Sheet.Status) -> Sheet:
    duties.require(by, sheet.activity.community)
    rows = Sheet.objects.select_related("activity__community", "by").select_for_update(no_key=True, of=("self",))
    locked = rows.get(pk=sheet.pk)
    if locked.status != expected:
        raise SheetNotNow
    return locked


@verb()
def wrong_lines(*, sheet: Sheet, by: User) -> list[SheetLine]:
    """The wrong rows as they were written, for whoever uploaded; it stands in the log of looks."""
    duties.require(by, sheet.activity.community)
    if sheet.by_id != by.pk:
        raise NotYourSheet
    why = f"改正第{sheet.pk}张签到表"
    access.look(by=by, community=sheet.activity.community, what="签到表有误的行", purpose=why)
    return list(sheet.lines.filter(fate=Fate.WRONG).order_by("number"))


@verb()
def forget(*, at: datetime) -> None:
    """What nobody decided about for 30 days is given up; 30 days after the end of a sheet its rows go, the record stays."""
    old = at - KEPT
    SheetLine.objects.filter(sheet__status=Status.READY, sheet__at__lt=old).delete()
    waiting = Sheet.objects.filter(status=Status.READY, at__lt=old)
    waiting.update(status=Status.DROPPED, ended_at=at, ended_by=User.objects.get(username="system"))
    SheetLine.objects.filter(Q(sheet__ended_at__lt=old) | Q(sheet__written_at__lt=old)).delete()


def emptied(gone: closing.Gone) -> None:
    """Who leaves is not in any sheet of ours either."""
    tail = Q(tail=gone.phone) | Q(tail=gone.phone[-cells.TAIL :]) if gone.phone else Q(pk=None)
    SheetLine.objects.filter(Q(resident=gone.resident) | Q(name=gone.name) & tail).update(name="", tail="", said=[])
    if not gone.namesake:
        SheetLine.objects.filter(name=gone.name).update(name="", tail="", said=[])


def rows(user: User) -> list[todo.Waiting]:
    """What `user` uploaded and has not decided about."""
    mine, url = Sheet.objects.for_staff(user).filter(by=user, status=Status.READY), reverse("desk:activities")
    return [todo.Waiting("activities", "待写入的签到表", url, lambda _: mine, leads=("desk:sheet", "pk"))]
