"""The demo, told small enough for a test."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from activities.models import Activity, Participation
from childcare.models import Attendance, Bill, Handover, Place
from communities.models import Duty, Resident
from core import clock
from demo import cast, filling
from demo.asked import Asked
from demo.childcare.invented import families
from integrations.models import AllowedScope
from nightschool.models import Course, Enrolment, Session
from partners.models import Agreement, Application, Statement, Voucher
from points.models import Entry, Lot, Rule

DAY = date(2026, 3, 12)  # a Thursday
NOON = clock.at(DAY, time(12))
SMALL = 60


def told(*, now: datetime = NOON, residents: int = SMALL, seed: int = 1) -> list[str]:
    """Fill or look after the demo as it stands at `now`; what was said meanwhile."""
    said: list[str] = []
    filling.look_after(Asked(now, seed, residents), said.append, fixed=True)
    return said


def at_the_centre(residents: int = SMALL) -> int:
    """How many people the childcare centre adds: parents and children."""
    return sum(len(one.parents) + len(one.children) for one in families(Asked(NOON, 1, residents)))


def later(**distance: int) -> datetime:
    return NOON + timedelta(**distance)


def heroine() -> Resident:
    return Resident.objects.select_related("account", "community").get(phone=cast.WANG.phone)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that people could tell apart, without the numbers that the database draws."""
    rows = {
        "residents": Resident.objects.values_list("name", "phone", "birth_date", "community__name", "estate__name", "status", "registered_at"),
        "duties": Duty.objects.values_list("user__username", "role", "community__name", "sub_district__name", "starts_on"),
        "activities": Activity.objects.values_list("title", "kind", "starts_at", "ends_at", "capacity", "taken", "community__name"),
        "participations": Participation.objects.values_list(
            "activity__title", "activity__starts_at", "resident__name", "resident__phone", "status", "minutes", "points", "at",
            "recorded_by__username", "recorded_at", "confirmed_by__username", "confirmed_at",
        ),
        "courses": Course.objects.values_list("title", "term__name", "opens_at", "closes_at", "capacity", "taken", "price", "room__name"),
        "sessions": Session.objects.values_list("course__title", "course__term__name", "number", "starts_at", "ends_at"),
        "enrolments": Enrolment.objects.values_list(
            "course__title", "course__term__name", "resident__name", "resident__phone", "status", "channel", "at", "cancelled_at"
        ),
        "entries": Entry.objects.values_list("kind", "at", "reason", "by__username", "community__name"),
        "lots": Lot.objects.values_list("wallet__resident__name", "wallet__resident__phone", "earned", "remaining", "expires_on"),
        "rules": Rule.objects.values_list("sub_district__name", "code", "points", "starts_on", "decision", "by__username", "at"),
        "scopes": AllowedScope.objects.values_list("client__client_id", "scope"),
        "agreements": Agreement.objects.values_list("number", "partner__name", "community__name", "starts_on", "ends_on", "status"),
        "vouchers": Voucher.objects.values_list("offer__title", "resident__phone", "status", "at", "by__username", "redemptions__at", "redemptions__flags"),
        "statements": Statement.objects.values_list("partner__name", "month", "status", "points", "net_cents", "frozen_by__username"),
        "places": Place.objects.values_list("group__name", "child__name", "status", "plan", "tier", "joined_at"),
        "attendances": Attendance.objects.values_list("place__child__name", "day", "arrived_at", "left_at", "absence"),
        "handovers": Handover.objects.values_list("child__name", "at", "way", "check_used", "taken_by", "staffer__name"),
        "bills": Bill.objects.values_list("child__name", "month", "fee_cents", "relieved", "points", "due_cents", "status"),
        "applications": Application.objects.values_list("partner__name", "call__title", "status", "rank", "checked_by__username"),
    }  # fmt: skip
    return {name: sorted((tuple(map(_unnumbered, row)) for row in found), key=str) for name, found in rows.items()}


def _unnumbered(value: Any) -> Any:
    """随手拍有效（编号7）, XY-0034-2026-0001, a merchant's login name: these numbers are drawn anew each time."""
    return re.sub(r"（编号\d+）|^XY-\d+|^r-[0-9a-f]{16}$", "", value) if isinstance(value, str) else value
