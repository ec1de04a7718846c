"""写入: everybody of a sheet in a handful of queries, however many; each row is asked the questions that one person is asked."""

from datetime import datetime

from django.db.models import Case, Field, Value, When
from django.db.models.functions import Cast

from activities import recording, signup
from activities.models import Activity, Means, Participation, Sheet, SheetLine
from activities.sheets_in import judging
from communities.models import User
from core.refusals import Refused
from core.verbs import verb

Status, Fate = Participation.Status, SheetLine.Fate


class NothingToWrite(Refused):
    code = "nothing_to_write"
    message = "没有可以写入的行，什么都没有改动。请改正有误的行，重新上传。"


class SheetStale(Refused):
    code = "sheet_stale"
    message = "名单在您查看以后有变动，整张表都没有写入。请放弃这一张，重新上传核对。"


def write_down(sheet: Sheet, *, by: User, late_reason: str, at: datetime) -> None:
    """Part of `handing.write`, which holds the sheet and the activity's line.

    Somebody may sign up, or be written down elsewhere, in this very moment. What the database then refuses is looked at once
    more from the beginning, so that the row and the reason are told as always.
    """
    for again in (True, False):
        lines = _noted(sheet, by, late_reason, at)
        try:
            return _save(lines)
        except Refused as refused:
            if not again:
                raise SheetStale(f"{refused.message}整张表都没有写入。") from refused
    return None


def _noted(sheet: Sheet, by: User, late_reason: str, at: datetime) -> list[SheetLine]:
    """The rows of who was there, each with the participation that it becomes, in the order in which they are saved."""
    present = sheet.lines.filter(fate=Fate.PRESENT).select_related("resident__community")
    lines = list(present.order_by("number"))
    if not lines:
        raise NothingToWrite
    people = [line.resident.pk for line in lines if line.resident]
    # Whoever is written down by a colleague right now is waited for, so that the look below sees it.
    rows = Participation.objects.filter(activity=sheet.activity_id, resident__in=people).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    known = judging.Known(signup.look(sheet.activity_id), by)
    known.read(people)
    for line in lines:
        if reason := judging.against(line, known):
            raise SheetStale(f"第{line.number}行{line.name}：{reason}整张表都没有写入。请放弃这一张，重新上传核对。")
    _require_places(known.activity, lines, known)
    lines.sort(key=lambda line: _order(line, known))
    for line in lines:
        _note(line, known, late_reason, at)
    return lines


def _require_places(activity: Activity, lines: list[SheetLine], known: judging.Known) -> None:
    held = {one.resident_id for one in known.listed.values() if one.status == Status.SIGNED_UP}
    wanted = sum(line.resident_id not in held for line in lines)
    if wanted > activity.places_left:
        raise signup.ActivityFull(
            f"有{wanted}人不在名单上，活动只剩{max(activity.places_left, 0)}个名额，整张表都没有写入。请先修改活动的招募人数。"
        )


def _order(line: SheetLine, known: judging.Known) -> tuple[bool, int]:
    """Rows that there are by number first, the new ones, which count a place, last: the order of every other verb."""
    mine = known.listed.get(line.resident_id or 0)
    return mine is None, mine.pk if mine else line.resident_id or 0


def _note(line: SheetLine, known: judging.Known, late_reason: str, at: datetime) -> None:
    """What signup.add and recording.record do with one person, without saving it."""
    resident, activity = line.resident, known.activity
    assert resident and line.served_from and line.served_to
    mine, minutes = known.listed.get(resident.pk), judging.Span(line.served_from, line.served_to).minutes
    line.before = mine.status if mine else ""
    try:
        if mine is None:
            mine = signup.newcomer(activity, resident, by=known.by, at=at, known=known.standing[resident.pk])
        elif mine.status == Status.WAITING:
            mine.status = Status.SIGNED_UP
        mine.activity, mine.resident = activity, resident
        recording.require_minutes(minutes)
        recording.note(
            mine, known.facts, minutes=minutes, by=known.by, began=line.served_from, how=Means.SHEET,
            late_reason=late_reason, at=at,
        )  # fmt: skip
    except recording.LateReasonMissing:
        raise
    except Refused as refused:
        raise SheetStale(f"第{line.number}行{line.name}：{refused.message}整张表都没有写入。") from refused
    line.participation = mine


@verb(recording.REFUSALS)
def _save(lines: list[SheetLine]) -> None:
    rows = [line.participation for line in lines if line.participation]
    listed, new = [one for one in rows if one.pk], [one for one in rows if not one.pk]
    became = {name: _each(listed, name) for name in recording.WRITTEN} if listed else {}
    Participation.objects.filter(pk__in=[one.pk for one in listed]).update(**became)
    Participation.objects.bulk_create(new)
    SheetLine.objects.bulk_update(lines, ["participation", "before"])


def _each(rows: list[Participation], name: str) -> object:
    """The value of one field for an UPDATE of all `rows`: as most people come and go together, by value and not by row."""
    field = Participation._meta.get_field(name)
    assert isinstance(field, Field)
    values: dict[object, list[int]] = {}
    for one in rows:
        values.setdefault(getattr(one, field.attname), []).append(one.pk)
    if len(values) == 1:
        return next(iter(values))
    cases = [When(pk__in=numbers, then=Value(value, field)) for value, numbers in values.items()]
    return Cast(Case(*cases, output_field=field), field)
