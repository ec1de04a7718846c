"""Rows of the days for the doors (tests/access/rows.py): beside the arrival of the common ground."""

from dataclasses import dataclass
from datetime import timedelta

from childcare.models import Alarm, LateMark, LeaveNote, RollCall
from core import clock
from tests.access.carerows import CareRows


@dataclass(frozen=True)
class DaysRows:
    alarm: Alarm  # open: not collected today
    roll: RollCall
    mark: LateMark  # of yesterday
    note: LeaveNote  # for the day after tomorrow


def lay_days(care: CareRows) -> DaysRows:
    today, by = clock.today(), care.teacher
    return DaysRows(
        Alarm.objects.create(place=care.place, day=today, kind="not_collected", opened_at=clock.now()),
        RollCall.objects.create(
            group=care.group, day=today, occasion="用餐", present=[care.place.pk], missing=[], by=by
        ),
        LateMark.objects.create(place=care.place, child=care.child, day=today - timedelta(days=1), minutes=20),
        LeaveNote.objects.create(place=care.place, day=today + timedelta(days=2), by=by),
    )
