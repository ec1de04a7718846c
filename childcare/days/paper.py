"""纸质补录: a day that was kept on paper is typed in later, one line for each child; the whole sheet or nothing of it.

Every hand-over of it passes the same check as on the phone (childcare/handover/releasing.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

import structlog
from django.db.models import Q

from childcare.days import absence, arriving, board, runs, who
from childcare.days.board import Row
from childcare.handover import asking, barring, releasing
from childcare.handover.asking import Taking
from childcare.models import Barred, Carer, Group, Handover, Pickup, Place, Staffer, Turn
from childcare.speaking import stops
from communities import changes
from communities.models import Guardian, User
from communities.models.guardians import born_after
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

BACK = timedelta(days=14)
Way, Check = Handover.Way, Handover.Check
ALONE = "alone"
NAMED = (Way.GUARDIAN, Way.PICKUP, Way.CARER, Way.ALONE)
BY_EYE = (Check.KNOWN, Check.DOCUMENT)
log = structlog.get_logger(__name__)


class NotThatDay(Refused):
    code = "care_paper_day"
    message = f"只能补录今天和以前{BACK.days}天里这个班开班的日子，没有保存。请核对日期。"


class LineRefused(Refused):
    """Which line it was; nothing of the sheet was kept."""

    code = "care_paper_line"
    line: "Line | None" = None


@dataclass(frozen=True)
class Line:
    """What stands on the sheet of one child; `whom` is a key of `collectors`, `tail` what was read off the
    document, `staffer` who let it go."""

    place: Place
    arrived: time | None = None
    absence: str = ""
    left: time | None = None
    whom: str = ""
    check: str = ""
    tail: str = ""
    staffer: Staffer | None = None

    @property
    def said(self) -> bool:
        return bool(self.arrived or self.absence or self.left)


def enter(*, group: Group, day: date, lines: Iterable[Line], by: User) -> int:
    """Everything or nothing; how many lines were written. Refuses `LineRefused` with the child's name and the reason.

    That somebody barred stands on the sheet is written down and told all the same, in a transaction of its own.
    """
    try:
        return _entered(group=group, day=day, lines=lines, by=by)
    except LineRefused as refused:
        if isinstance(refused.__cause__, barring.BarredPerson) and refused.line is not None:
            at = clock.at(day, refused.line.left) if refused.line.left else None
            releasing.report(refused.line.place, _taking(refused.line), by, then=at)
        raise


@verb()
def _entered(*, group: Group, day: date, lines: Iterable[Line], by: User) -> int:
    changes.by(by)
    if refused := refusal_for(group, day, by):
        raise refused
    done = 0
    for line in lines:
        if line.said:
            try:
                _write(line, day, by)
            except Refused as refused:
                wrong = LineRefused(
                    f"{line.place.child.name}这一行没有通过：{refused.message}整张都没有保存，改好后再提交。"
                )
                wrong.line = line
                raise wrong from refused
            done += 1
    log.info("care_paper", group=group.pk, lines=done)
    return done


def refusal_for(group: Group, day: date, by: User) -> Refused | None:
    """Who was on duty that day, and the lead, may type it in; some days back."""
    if not who.watches(who.post_of(by, group.centre), day):
        return who.NotOnDuty()
    today = clock.today()
    return None if today - BACK <= day <= today and runs.runs_on(group, day) else NotThatDay()


def _write(line: Line, day: date, by: User) -> None:
    if line.absence and (line.arrived or line.left):
        raise BadInput("同一行又填了缺勤又填了时间。")
    if line.absence:
        absence.mark(place=line.place, day=day, absence=line.absence, by=by, on_paper=True)
    if line.arrived:
        arriving.arrive(place=line.place, by=by, at=clock.at(day, line.arrived), day=day, on_paper=True)
    if line.left:
        _let_go(line, day, by)


def _let_go(line: Line, day: date, by: User) -> None:
    assert line.left is not None
    said, at = _taking(line), clock.at(day, line.left)
    if line.staffer is None:
        raise BadInput("离开要写明接走人和值班员。")
    if asking.day_of(line.place, at) != day:
        raise BadInput("离开时间不是这一天的。")
    releasing.release(
        place=line.place, way=said.way, check=said.check, by=by, guardian=said.guardian, pickup=said.pickup, carer=said.carer,
        id_tail=line.tail, staffer=line.staffer, at=at, on_paper=True,
    )  # fmt: skip


def _taking(line: Line) -> Taking:
    """Whom the line names, and what was looked at."""
    kind, _, number = line.whom.partition("-")
    if kind not in NAMED or (kind != ALONE and not number.isdecimal()):
        raise BadInput("离开要写明接走人和值班员。")
    check = Check.CONSENT if kind == ALONE else Check(line.check) if line.check in BY_EYE else None
    if check is None:
        raise BadInput("离开要写明核验方式。")
    # Of another child, or gone: the sheet named nobody.
    pk, child = int(number or 0), line.place.child_id
    guardian = Guardian.objects.filter(pk=pk, child=child).first() if kind == Way.GUARDIAN else None
    pickup = Pickup.objects.filter(pk=pk, child=child).first() if kind == Way.PICKUP else None
    carer = Carer.objects.filter(pk=pk, child=child).first() if kind == Way.CARER else None
    if kind != ALONE and not (guardian or pickup or carer):
        raise BadInput("接走人不在这个孩子的名单里。")
    return Taking(Way(kind), check, guardian, pickup, carer, id_tail=line.tail)


def collectors(rows: Iterable[Row], day: date) -> dict[int, list[tuple[str, str]]]:
    """By child whom the sheet may name, by relation alone: key and words. Whose role ended, who was barred or revoked before that
    day is not among them; of that day the hour decides, when the line is checked. Four queries for any number of children."""
    since = clock.at(day, time())
    then = Q(ended_at=None) | Q(ended_at__gte=since)
    children = {row.place.child_id: row.place for row in rows}
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    bars: dict[int, list[Barred]] = defaultdict(list)
    for bar in Barred.objects.standing().filter(child__in=children, at__lt=since):
        bars[bar.child_id].append(bar)
    guardians = Guardian.objects.filter(then, child__in=children, child__birth_date__gt=born_after(day))
    for one in guardians.select_related("guardian", "child").order_by("pk"):
        if stops(one.child, adult=one.guardian, standing=bars[one.child_id]) is None:
            found[one.child_id].append((f"guardian-{one.pk}", _role(one, "监护人")))
    for carer in Carer.objects.filter(then, child__in=children).select_related("child").order_by("pk"):
        if stops(carer.child, key=carer.name_key, standing=bars[carer.child_id]) is None:
            found[carer.child_id].append((f"carer-{carer.pk}", _role(carer, "委托照护人")))
    # Of a name that is barred none stands any more (view `childcare_handover_breach`): a bar revokes them as of its own hour.
    sent = Pickup.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gte=since), valid_from__lte=day, valid_until__gte=day
    )
    for pickup in sent.filter(child__in=children).order_by("slot", "pk"):
        words = "接送人" if pickup.revoked_at is None else "接送人，后来已撤销"
        found[pickup.child_id].append((f"pickup-{pickup.pk}", f"{pickup.relation}（{words}）"))
    for child, place in children.items():
        if place.alone:
            found[child].append((ALONE, Way.ALONE.label))
    return found


def _role(one: Guardian | Carer, label: str) -> str:
    return one.relation if one.ended_at is None else f"{one.relation}（{label}，后来已结束）"


def staff_of(group: Group, day: date) -> list[Staffer]:
    """Who was put on duty that day."""
    turns = (
        Turn.objects.filter(centre=group.centre_id, day=day).select_related("staffer").order_by("staffer__name", "pk")
    )
    return [one.staffer for one in turns]


def rows_of(group: Group, day: date) -> list[Row]:
    """By name, as on the printed sheet."""
    return sorted(board.of(group, day), key=lambda row: (row.place.child.pinyin, row.place.pk))
