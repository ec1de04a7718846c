"""多人报名: several people who stand at the counter, or whose names somebody brings, are seated in one go.

First it is said what will become of whom; then one transaction each, in the order typed, at the counter's own rights: seats that
are held for it can be had. When none is left people join the line. Nobody is charged who waits. Each act is the counter's, with a
slip (办理单) for everybody to sign.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404

from communities import cards, counter, finding
from communities.models import Resident, Slip, User
from communities.paging import number
from core import clock
from core.refusals import Refused
from nightschool import enrolment
from nightschool.line import waitlist
from nightschool.models import Channel, Course, Waiting
from points.ledger import ShortOfPoints

MOST = 30
SEAT, LINE = "night-school", "night-school-line"  # acts of the counter
IN_SHORT = {
    "already_enrolled": "已有名额，不用再报", "already_waiting": "已在候补", "offered_to_you": "候补已轮到，请本人确认",
    "line_full": "候补也满了", "sign_up_closed": "报名已截止", "not_open_yet": "还没开始报名", "course_cancelled": "课程已停办",
    "by_draw": "抽签课程，请用“申请”", "by_approval": "审核课程，请用“申请”", "resident_not_confirmed": "档案还没有确认",
    "other_sub_district": "不是本街道居民", "wrong_age": "年龄不符", "guardian_needed": "缺监护人同意",
    "own_community_first": "优先时段只限开课社区", "head_start_lost": "暂停优先，过了优先时段再报", "one_each": "本期已报另一门",
}  # fmt: skip


class PinNeeded(Refused):
    code = "pin_needed"
    message = "本人的卡设了密码，没有办理，积分没有扣。请到“代居民办理”由本人输入密码。"


@dataclass(frozen=True)
class Named:
    """One line as typed, and whom it means: exactly one, or `found` says why not."""

    typed: str
    resident: Resident | None
    found: str = ""


@dataclass(frozen=True)
class Forecast:
    """What would become of one person now: a seat, the line (`waits`), or neither and why."""

    resident: Resident
    refused: Refused | None = None
    waits: bool = False

    @property
    def seated(self) -> bool:
        return self.refused is None and not self.waits

    @property
    def short(self) -> int:
        """Points that are missing; 0 when they are not what is missing."""
        return self.refused.missing if isinstance(self.refused, ShortOfPoints) else 0

    @property
    def said(self) -> str:
        return said(self.refused) if self.refused else ""


@dataclass
class Outcome:
    """What became of everybody; a slip for each who was seated or waits."""

    seated: list[Resident] = field(default_factory=list)
    waiting: list[Resident] = field(default_factory=list)
    refused: list[tuple[Resident, Refused]] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def named(user: User, lines: Iterable[str]) -> list[Named]:
    """Whom each line means, among the files of `user`'s communities: a phone, a name, or a name and four digits; once each."""
    known: set[int] = set()
    found = []
    for typed in [line.strip() for line in lines if line.strip()][:MOST]:
        one = _meant(user, typed)
        if one.resident and one.resident.pk in known:
            one = Named(typed, None, "重复，只办一次")
        elif one.resident:
            known.add(one.resident.pk)
        found.append(one)
    return found


def forecast(course: Course, people: Iterable[Resident], by: User, at: datetime) -> list[Forecast]:
    """In the order typed; seats and places in the line are counted down as they would be given."""
    found, left = [], course.capacity - course.taken
    for one in people:
        facts = enrolment.facts_of(course.pk, one, at, False)
        refused = _against(one, by) or enrolment.refusal_for(facts, one, at, channel=Channel.DESK)
        if refused is None and left > 0:
            found.append(Forecast(one))
            left -= 1
        elif refused is None or refused.code in waitlist.WORTH_WAITING:
            stands = facts.waiting == Waiting.Status.WAITING
            found.append(Forecast(one, waitlist.AlreadyWaiting() if stands else None, waits=not stands))
        else:
            found.append(Forecast(one, refused))
    return found


def seat_many(
    *, course: Course, people: Iterable[Resident], by: User, at: datetime | None = None
) -> Outcome:  # fmt: skip
    """Each in a transaction of the own; who finds no seat joins the line, and one refusal does not stop the rest."""
    outcome = Outcome()
    for one in people:
        when = at or clock.now()
        try:
            if refused := _against(one, by):
                raise refused
            seated, slip = _done(one, course.pk, by, when)
        except Refused as refused:
            outcome.refused.append((one, refused))
        else:
            (outcome.seated if seated else outcome.waiting).append(one)
            outcome.slips.append(slip)
    return outcome


def slips(user: User, numbers: Iterable[str]) -> list[Slip]:
    """Slips to be printed, in the order they were written; 404 when any of them is none of `user`'s."""
    asked = {number(text) or 0 for text in numbers}
    found = list(
        Slip.objects.for_staff(user)
        .filter(pk__in=asked if len(asked) <= MOST else [])
        .select_related("community__sub_district", "resident", "by")
        .order_by("pk")
    )
    if len(found) < len(asked):
        raise Http404
    return found


def said(refused: Refused) -> str:
    """What the resident would hear as a whole sentence, in a few words for a colleague's list."""
    if isinstance(refused, ShortOfPoints):
        return f"还差{refused.missing:,}积分"
    return IN_SHORT.get(refused.code, refused.message)


def _done(one: Resident, course_id: int, by: User, at: datetime) -> tuple[bool, Slip]:
    """A seat (True) or a place in the line, with its slip."""
    try:
        return True, _perform(SEAT, one, course_id, by, at)
    except Refused as refused:
        if refused.code not in waitlist.WORTH_WAITING:
            raise
        return False, _perform(LINE, one, course_id, by, at)


def _perform(code: str, one: Resident, course_id: int, by: User, at: datetime) -> Slip:
    act = counter.act_of(code)
    assert act is not None
    return counter.perform(act=act, resident=one, number=course_id, by=by, at=at)


def _against(one: Resident, by: User) -> Refused | None:
    """As at the counter, one by one: not for the own family, and not past the PIN of a card."""
    card = cards.card_of(one)
    return counter.refusal_for(one, by) or (PinNeeded() if card and card.pin else None)


def _meant(user: User, typed: str) -> Named:
    people, more = finding.people(user, typed, 5)
    exact = [one for one in people if one.name == typed]
    likely = exact if len(exact) == 1 and not more else people
    if len(likely) == 1:
        return Named(typed, likely[0])
    return Named(typed, None, "有几位同名或相近的，请加手机后四位" if likely else "没有找到，请核对姓名或手机号")
