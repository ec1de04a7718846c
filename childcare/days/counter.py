"""托管请假 at the counter: for a guardian without a phone, or one who calls (communities/counter.py). One choice is one day of one
child: the number is that of the place, then how many days ahead it is."""

from datetime import date, datetime, timedelta

from django.http import Http404

from childcare.days import book, leave
from childcare.models import LeaveNote, Place, speaking_guardians
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import clock, words

DAYS = 100  # of the number: the place, then the days ahead
REASON = leave.REASONS[0]
BACK = "care-leave-back"


def register_acts() -> None:
    """The counter offers this."""
    register(
        Act(
            "care-leave",
            "托管请假",
            choices,
            plan,
            do,
            "没有在托的孩子，或者近两周没有可以请假的日子。",
            call="care-leave",
        )
    )
    register(Act(BACK, "撤回托管请假", None, back_plan, back, call=BACK))


def choices(resident: Resident, at: datetime) -> list[Choice]:
    """The next days of each child for whom the resident answers; where leave was said, it can be taken back."""
    today = clock.local(at).date()
    return [
        Choice(
            one.row.place.pk * DAYS + (day - today).days,
            f"{one.row.place.child.name}，{words.day(day)}{'，撤回请假' if note else ''}",
            str(one.row.place.group),
            code=BACK if note else "",
        )
        for child in _children(resident)
        for one in book.today_of(child, at)
        for day, note in one.ahead
    ]


def plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a place that is none of the resident's children's."""
    place, day = _one(resident, number, at)
    facts = [("孩子", place.child.name), ("班", str(place.group)), ("日期", words.day(day))]
    return Plan(
        "托管请假",
        facts,
        "确认请假",
        "请假的日子老师不再找孩子，托管费按账单规则计算。",
        leave.refusal_of(place, day, at),
    )


def do(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `leave.tell` refuses."""
    place, day = _one(resident, number, at)
    made = leave.tell(place=place, day=day, reason=REASON, guardian=resident, by=by, at=at)
    return Done(f"careleave:{made.pk}", [f"孩子{words.day(day)}托管请假，已告诉老师。"])


def back_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 as above."""
    place, day = _one(resident, number, at)
    facts = [("孩子", place.child.name), ("班", str(place.group)), ("日期", words.day(day))]
    there = LeaveNote.objects.filter(place=place, day=day, withdrawn_at=None).exists()
    return Plan(
        "撤回托管请假", facts, "确认撤回", "撤回后孩子照常来，没有到班老师会打电话。", None if there else leave.NoLeave()
    )  # fmt: skip


def back(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `leave.withdraw` refuses."""
    place, day = _one(resident, number, at)
    gone = leave.withdraw(place=place, day=day, by=by, at=at)
    return Done(f"careleaveback:{gone.pk}", [f"孩子{words.day(day)}的托管请假已撤回，照常来，已告诉老师。"])


def _children(resident: Resident) -> list[Resident]:
    mine = speaking_guardians().filter(guardian=resident).select_related("child__community").order_by("child_id")
    return [one.child for one in mine]


def _one(resident: Resident, number: int, at: datetime) -> tuple[Place, date]:
    pk, ahead = divmod(number, DAYS)
    people = ("child__community", "group__centre__community__sub_district")
    place = Place.objects.held().filter(pk=pk, child__in=_children(resident)).select_related(*people).first()
    if place is None:
        raise Http404
    return place, clock.local(at).date() + timedelta(days=ahead)
