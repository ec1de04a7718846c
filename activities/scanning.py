"""The code on the spot: where it leads, and how long a scan holds while somebody signs in.

The code lies in the address for a moment only: the scan is noted in the session, and the page that follows has a plain
address. Looking changes nothing of the activity (mock-ups: GET never redeems).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from activities import presence, standing_by
from activities.models import Activity
from communities import rotating
from communities.drawing import drawn
from core.refusals import Refused

HOLDS = timedelta(minutes=10)
SESSION_KEY = "scanned"
REFRESH = 20  # seconds; a code is good for at least a minute
NEARLY_OVER = timedelta(minutes=10)  # from then on most people go
MOST = 20  # scans that one session remembers


class Way(StrEnum):
    """签到 or 签退: each has codes of its own."""

    IN = "in"
    OUT = "out"

    @property
    def label(self) -> str:
        return "签到" if self == Way.IN else "签退"


class StaleCode(Refused):
    code = "stale_code"
    message = (
        "这个码已经过期，没有签到或签退，什么都没有改动。码每分钟更换，截图和转发的不能用，请在现场重新扫屏幕上的码。"
    )


class NotScanned(Refused):
    code = "not_scanned"
    message = "请先扫现场屏幕上的码，再签到、签退。扫码后10分钟内有效，什么都没有改动。"


def way_of(text: str) -> Way:
    """404 for anything else."""
    if text not in set(Way):
        raise Http404
    return Way(text)


def shown(activity: Activity, way: Way, at: datetime) -> SafeString:
    """The code of this minute, as a drawing of the address that it leads to."""
    code = code_of(activity.pk, way, at)
    return drawn(settings.SITE_URL + reverse("activities:scan", args=[activity.pk, way.value, code]))


def screen(activity: Activity, asked: str, at: datetime) -> dict[str, Any]:
    """Context of a page that shows the code; `asked` is the way in the address, else the likelier one.

    `code` is empty where nobody scans, and then the page is not drawn anew by itself: an idle desk signs out.
    """
    way = Way(asked) if asked in set(Way) else _likely(activity, at)
    opens, closes = presence.opens_at(activity), presence.closes_at(activity)
    stands = (
        activity.status == Activity.Status.OPEN
        and opens <= at <= closes
        and not (way == Way.IN and at >= activity.ends_at)
    )
    return {
        "activity": activity, "way": way, "other": Way.OUT if way == Way.IN else Way.IN, "there": standing_by.count(activity),
        "code": shown(activity, way, at) if stands else "", "opens": opens, "early": at < opens, "refresh": REFRESH, "at": at,
    }  # fmt: skip


def _likely(activity: Activity, at: datetime) -> Way:
    return Way.OUT if at >= activity.ends_at - NEARLY_OVER else Way.IN


def code_of(activity_id: int, way: Way, at: datetime) -> str:
    """The code of this minute."""
    return rotating.code(_purpose(activity_id, way), at)


def note(request: HttpRequest, activity_id: int, way: Way, code: str, at: datetime) -> None:
    """Remember in the session that the code was seen at `at`. Refuses `StaleCode`, unless it was seen already."""
    if rotating.is_good(code, _purpose(activity_id, way), at):
        kept = {key: value for key, value in _scans(request).items() if _holds(value, at)}
        newest = dict(list(kept.items())[-MOST + 1 :])
        request.session[SESSION_KEY] = newest | {_purpose(activity_id, way): at.isoformat()}
    elif seen_at(request, activity_id, way, at) is None:
        raise StaleCode


def seen_at(request: HttpRequest, activity_id: int, way: Way, at: datetime) -> datetime | None:
    """When this session saw the code; None when it did not, or longer ago than a scan holds."""
    noted = _scans(request).get(_purpose(activity_id, way))
    return datetime.fromisoformat(noted) if noted and _holds(noted, at) else None


def _scans(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(SESSION_KEY, {}))


def _holds(noted: str, at: datetime) -> bool:
    return timedelta() <= at - datetime.fromisoformat(noted) <= HOLDS


def _purpose(activity_id: int, way: Way) -> str:
    return f"activity:{activity_id}:{way.value}"
