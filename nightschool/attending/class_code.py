"""教室的码: where the changing code on the screen leads, and how long a scan holds while somebody signs in to the phone.

As on the spot of an activity (activities/scanning.py): the code lies in the address for a moment only, the scan is noted in the
session, and looking changes nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from communities import rotating
from communities.drawing import drawn
from core.refusals import Refused
from nightschool.attending import attendance
from nightschool.models import Attendance, Enrolment, Session

HOLDS = timedelta(minutes=10)
SESSION_KEY = "scanned-class"
REFRESH = 20  # seconds; a code is good for at least a minute
MOST = 20  # scans that one session remembers


class StaleClassCode(Refused):
    code = "stale_class_code"
    message = "这个码已经过期，没有签到。码每分钟更换，截图和转发的不能用，请在教室重新扫屏幕上的码。"


class ClassNotScanned(Refused):
    code = "class_not_scanned"
    message = "请先扫教室屏幕上的码，再签到。扫码后10分钟内有效，什么都没有改动。没有智能手机的，请告诉老师。"


def screen(session: Session, at: datetime) -> dict[str, Any]:
    """Context of the page that shows the code; `code` is empty outside the hours of signing in."""
    hours = attendance.hours_of(session)
    off = session.status == Session.Status.CANCELLED or session.course.status != "open"
    stands = not off and hours.opens <= at <= hours.closes
    seated = Enrolment.objects.seated().filter(course=session.course_id)
    return {
        "session": session, "course": session.course, "hours": hours, "at": at, "refresh": REFRESH, "off": off,
        "early": at < hours.opens, "code": shown(session, at) if stands else "",
        "seated": seated.count(), "there": Attendance.objects.there().filter(session=session, enrolment__in=seated).count(),
    }  # fmt: skip


def shown(session: Session, at: datetime) -> SafeString:
    """The code of this minute, as a drawing of the address that it leads to."""
    return drawn(settings.SITE_URL + reverse("nightschool:class-scan", args=[session.pk, code_of(session.pk, at)]))


def code_of(session_id: int, at: datetime) -> str:
    """The code of this minute."""
    return rotating.code(_purpose(session_id), at)


def note(request: HttpRequest, session_id: int, code: str, at: datetime) -> None:
    """Remember in the session that the code was seen at `at`. Refuses `StaleClassCode`, unless it was seen already."""
    if rotating.is_good(code, _purpose(session_id), at):
        kept = {key: value for key, value in _scans(request).items() if _holds(value, at)}
        newest = dict(list(kept.items())[-MOST + 1 :])
        request.session[SESSION_KEY] = newest | {str(session_id): at.isoformat()}
    elif seen_at(request, session_id, at) is None:
        raise StaleClassCode


def seen_at(request: HttpRequest, session_id: int, at: datetime) -> datetime | None:
    """When this session saw the code; None when it did not, or longer ago than a scan holds."""
    noted = _scans(request).get(str(session_id))
    return datetime.fromisoformat(noted) if noted and _holds(noted, at) else None


def _scans(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(SESSION_KEY, {}))


def _holds(noted: str, at: datetime) -> bool:
    return timedelta() <= at - datetime.fromisoformat(noted) <= HOLDS


def _purpose(session_id: int) -> str:
    return f"class:{session_id}"
