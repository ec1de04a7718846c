"""录入: what a colleague types about who was there: a name, the end of a phone or a number of the paper sheet, and times."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from activities import board, presence, recording, signup, standing_by
from activities.models import Activity, Means, Participation
from activities.scanning import NEARLY_OVER, Way
from communities import finding
from communities.models import Resident, User
from communities.registration import pinyin
from core import clock, masks
from core.refusals import BadInput, Refused
from core.verbs import verb

NUMBER, TAIL = re.compile(r"\d{1,3}"), 4
RANGE = re.compile(r"(\d{1,3})[-—~～至到](\d{1,3})")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:：.时点]([0-5]\d)分?")
SHOWN = 8  # people of one name
NAMED = (*standing_by.LISTED, Participation.Status.WAITING, Participation.Status.ABSENT)
WHOLE = "whole"


class NobodyMeant(BadInput):
    code = "nobody_meant"

    def __init__(self, typed: str = "") -> None:
        super().__init__(f"没有找到“{typed}”，没有登记。请核对姓名、手机后四位或序号；新来的居民先到居民档案里登记。")


class SeveralMeant(BadInput):
    code = "several_meant"

    def __init__(self, people: Sequence[Resident] = ()) -> None:
        self.people = people[:SHOWN]
        named = "、".join(f"{one.name}（{masks.phone(one.phone) or '没有手机'}）" for one in self.people)
        super().__init__(f"找到不止一位：{named}。没有登记，请在姓名后面加手机后四位，或直接选一位。")


class LineNotUnderstood(BadInput):
    code = "line_not_understood"
    message = "这一行没有看懂，没有登记。每行写一位：姓名或手机后四位，后面可写到场、离开时间；序号可写几个。"


@dataclass(frozen=True)
class Spell:
    """From when to when somebody was there, as it was typed, with what has to be said about it."""

    began: datetime
    ended: datetime
    late_reason: str = ""
    over_reason: str = ""

    def minutes(self, activity: Activity) -> int:
        """Whole minutes that count: within the activity's own times."""
        begins, ends = presence.served(activity, self.began, self.ended)
        return max(0, int((ends - begins).total_seconds()) // 60)


class Typed(NamedTuple):
    """A line of the sheet: whom it names (words, or numbers of rows), and from when to when, if it says so."""

    whom: list[str]
    began: time | None
    ended: time | None


class Outcome(NamedTuple):
    """Who was written down, and the lines that were not, each with why not."""

    done: list[Participation]
    wrong: list[tuple[str, str]]


def moment(activity: Activity, clocked: time) -> datetime:
    """On the activity's day, or the day after where it passes midnight."""
    found = clock.at(clock.local(activity.starts_at).date(), clocked)
    return found + timedelta(days=1) if found < activity.starts_at - timedelta(hours=12) else found


def one(activity: Activity, user: User, typed: str, chosen: int | None = None) -> Resident:
    """Whom `typed` means: of those on the list, else of the residents of `user`'s communities; `chosen` is one of several.

    Refuses `NobodyMeant` and `SeveralMeant`.
    """
    listed = [each.resident for each in _listed(activity, typed)]
    found = listed or board.candidates(activity, user, typed)
    exact = [each for each in found if each.name == finding.clean(typed)] or found
    if not exact:
        raise NobodyMeant(finding.clean(typed))
    picked = [each for each in exact if each.pk == chosen] or exact
    if len(picked) > 1:
        raise SeveralMeant(picked)
    return picked[0]


def _listed(activity: Activity, typed: str) -> list[Participation]:
    """People of the list, whatever community they are of; up to three digits are the number on the paper."""
    said = finding.clean(typed)
    people = activity.participations.filter(status__in=NAMED)
    rows = list(people.select_related("resident__community").order_by("resident__pinyin", "pk"))
    if NUMBER.fullmatch(said):
        by_number = standing_by.numbers(activity)
        return [each for each in rows if by_number[each.pk] == int(said)]
    digits = "".join(re.findall(r"\d", said))
    name = finding.letters_of("".join(each for each in said if each.isalpha() or each == "·"))
    if 0 < len(digits) < TAIL or not (digits or name):
        return []
    return [each for each in rows if each.resident.phone.endswith(digits) and _sounds(each.resident, name)]


def _sounds(resident: Resident, name: str) -> bool:
    if not name or name in resident.name:
        return True
    return name.isascii() and (
        resident.initials.startswith(name) or finding.letters_of(pinyin(resident.name)).startswith(name)
    )


def act(
    *, way: str, activity: Activity, resident: Resident, spell: Spell | None, by: User, at: datetime | None = None
) -> Participation:  # fmt: skip
    """What one line of quick entry does: 签到 or 签退 now, or, when it is over, the whole of it or `spell`."""
    if way == Way.IN:
        return presence.arrive(activity_id=activity.pk, resident=resident, by=by, how=Means.DESK, at=at)
    if way == Way.OUT:
        return presence.leave(activity_id=activity.pk, resident=resident, by=by, how=Means.DESK, at=at)
    usual = spell or Spell(activity.starts_at, activity.ends_at)
    return entered(activity=activity, resident=resident, spell=usual, how=Means.DESK, by=by, at=at)


def ways_at(activity: Activity, at: datetime) -> dict[str, str]:
    """What can be written down at `at`, the likeliest first; nothing before one checks in."""
    opens, closes = presence.opens_at(activity), presence.closes_at(activity)
    if at < opens or activity.status == Activity.Status.CANCELLED:
        return {}
    now = {Way.IN.value: "签到（记现在）", Way.OUT.value: "签退（记现在）"}
    after = {WHOLE: "补记全程或起止时间"}
    if at >= activity.ends_at:
        return ({Way.OUT.value: now[Way.OUT.value]} if at <= closes else {}) | after
    return now if at < activity.ends_at - NEARLY_OVER else dict(reversed(now.items()))


def stood(done: Participation) -> str:
    """8:55签到; 10:58签退，118分钟; 记录120分钟."""
    if done.minutes is None:
        return f"{_clock(done.arrived_at)}签到"
    return f"{_clock(done.left_at)}签退，{done.minutes}分钟"


def _clock(moment: datetime | None) -> str:
    return f"{clock.local(moment):%H:%M}" if moment else ""


@verb(recording.REFUSALS)
def entered(
    *, activity: Activity, resident: Resident, spell: Spell, how: Means, by: User, at: datetime | None = None
) -> Participation:  # fmt: skip
    """After the activity: `resident` was there for `spell`, on the list or not; a record that another confirms.

    Refuses whatever `signup.add` and `recording.record` refuse.
    """
    at = at or clock.now()
    mine = signup.standing(activity, resident)
    if mine and mine.status == Participation.Status.WAITING:
        mine = _taken_in(mine)
    mine = mine or signup.add(activity_id=activity.pk, resident=resident, by=by, at=at)
    begins, _ = presence.served(activity, spell.began, spell.ended)
    return recording.record(
        participation=mine, minutes=spell.minutes(activity), began=begins, how=how, by=by, at=at,
        late_reason=spell.late_reason, over_reason=spell.over_reason,
    )  # fmt: skip


def _taken_in(mine: Participation) -> Participation:
    waits = Participation.objects.filter(pk=mine.pk, status=Participation.Status.WAITING)
    waits.update(status=Participation.Status.SIGNED_UP)  # who left the line in this moment stays away
    return mine


def read(line: str) -> Typed:
    """`1-12 15`, `王秀兰 9:00 10:30`, `王秀兰 6021`, `12 王秀兰`. Refuses `LineNotUnderstood`."""
    tokens = [each for each in re.split(r"[\s,，、;；]+", line) if each]
    times = [time(int(each[1]), int(each[2])) for each in map(CLOCK.fullmatch, tokens) if each]
    rest = [each for each in tokens if not CLOCK.fullmatch(each)]
    numbers = [str(number) for each in rest for number in _numbers(each)]
    words = [each for each in rest if not NUMBER.fullmatch(each) and not RANGE.fullmatch(each)]
    if len(times) > 2 or not rest or (words and len(numbers) > 1):
        raise LineNotUnderstood
    whom = ["".join(words)] if words else numbers
    return Typed(whom, *[*times, None, None][:2])


def _numbers(token: str) -> Iterator[int]:
    if span := RANGE.fullmatch(token):
        yield from range(int(span[1]), int(span[2]) + 1)
    elif NUMBER.fullmatch(token):
        yield int(token)


def sheet(activity: Activity, text: str, *, usual: Spell, by: User) -> Outcome:
    """Every line of a paper sheet, one transaction per person; what was wrong comes back with its reason.

    A line without times is `usual`. Whoever is written down already is written down anew, as long as nobody has confirmed.
    """
    outcome = Outcome([], [])
    for line in filter(None, (each.strip() for each in text.splitlines())):
        try:
            typed = read(line)
        except Refused as refused:
            outcome.wrong.append((line, refused.message))
            continue
        _write(outcome, activity, typed, usual, by)
    return outcome


def _write(outcome: Outcome, activity: Activity, typed: Typed, usual: Spell, by: User) -> None:
    spell = Spell(
        moment(activity, typed.began) if typed.began else usual.began,
        moment(activity, typed.ended) if typed.ended else usual.ended, usual.late_reason, usual.over_reason,
    )  # fmt: skip
    clocked = "".join(f" {each:%H:%M}" for each in (typed.began, typed.ended) if each)
    for whom in typed.whom:
        try:
            resident = one(activity, by, whom)
            done = entered(activity=activity, resident=resident, spell=spell, how=Means.SHEET, by=by)
            outcome.done.append(done)
        except Refused as refused:
            outcome.wrong.append((f"{whom}{clocked}", refused.message))
