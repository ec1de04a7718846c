"""当班: who is on duty on which day. Nobody without a clear record check that still counts (未成年人保护法 62; trigger)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from childcare.models import Centre, Handover, Staffer, Turn
from communities import changes, duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

AHEAD = timedelta(days=92)


class CheckOverdue(Refused):
    code = "care_check_overdue"
    message = "这位员工的违法犯罪记录查询已过期、没有做过或结果不合格，不能当班，没有安排。请先由社区登记新的查询结果。"


class LeftTheCentre(Refused):
    code = "care_staffer_left"
    message = "这位员工已经离职，没有改动。"


class OtherCentre(Refused):
    code = "care_other_centre"
    message = "这位员工不在这个托管中心，没有安排。"


class AccountTaken(Refused):
    code = "care_account_taken"
    message = "这个账号已经登记给本中心的另一位员工，没有保存。"


class OtherPerson(Refused):
    code = "care_other_person"
    message = "这份档案已有查询结果，只属于原来的账号，没有保存。换人请先登记离职，再建新档案、重新查询。"


class AlreadyHanded(Refused):
    code = "care_turn_used"
    message = "这一天已经过去，或者这位老师当天已经交接过孩子，不能取消，没有改动。"


REFUSALS: Refusals = {
    "CC040": lambda _: CheckOverdue(),
    "CC041": lambda _: LeftTheCentre(),
    "CC042": lambda _: OtherCentre(),
    "CC044": lambda _: OtherPerson(),
    "staffer_account_once": lambda _: AccountTaken(),
}


@verb(REFUSALS)
def plan(*, centre: Centre, staffer: Staffer, days: Iterable[date], by: User) -> list[Turn]:
    """`staffer` is on duty on `days`; those planned already stay. Refuses what `refusal_for` says of the last day of them."""
    changes.by(by)
    wanted = sorted(set(days))
    rows = Staffer.objects.select_for_update(no_key=True, of=("self",)).select_related("centre__community")
    mine = rows.get(pk=staffer.pk)
    if refused := refusal_for(centre, mine, wanted, by):
        raise refused
    there = set(Turn.objects.filter(staffer=mine, day__in=wanted).values_list("day", flat=True))
    return [Turn.objects.create(centre=centre, staffer=mine, day=day, by=by) for day in wanted if day not in there]


@verb()
def drop(*, staffer: Staffer, days: Iterable[date], by: User) -> int:
    """`staffer` is not on duty on `days`; how many turns that were. Refuses strangers, days that are over, and a day on which the
    one has let a child go or stood by: who was there then is part of that hand-over."""
    changes.by(by)
    if not may_plan(staffer.centre, by):
        raise duties.NotYourDuty
    wanted = list(days)
    if any(day < clock.today() for day in wanted):
        raise AlreadyHanded
    mine = Turn.objects.filter(staffer=staffer, day__in=wanted)
    # Held: a hand-over that is being written has read its turn (FOR SHARE), so it is seen here or finds no turn.
    held = list(mine.select_for_update().values_list("pk", flat=True))
    handed = Handover.objects.filter(Q(staffer=staffer) | Q(second=staffer), day__in=wanted)
    if handed.exists():
        raise AlreadyHanded
    return Turn.objects.filter(pk__in=held).delete()[0]


def refusal_for(centre: Centre, staffer: Staffer, days: list[date], by: User) -> Refused | None:
    """Why `by` cannot put `staffer` on duty on `days`; None when nothing stands against it."""
    today = clock.today()
    if not days:
        return BadInput("请选当班的日期，没有安排。")
    reasons: list[tuple[bool, Refused]] = [
        (not may_plan(centre, by), duties.NotYourDuty()),
        (staffer.centre_id != centre.pk, OtherCentre()),
        (staffer.left_on is not None, LeftTheCentre()),
        (days[0] < today or days[-1] > today + AHEAD, BadInput("只能安排今天到三个月内的日期，没有安排。")),
        (days[0] < staffer.hired_on, BadInput("这位员工那天还没有入职，没有安排。")),
        (overdue_on(staffer, days[-1]), CheckOverdue()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def overdue_on(staffer: Staffer, day: date) -> bool:
    """Whether no clear check covers `day`."""
    return staffer.record_due is None or staffer.record_due < day


def may_plan(centre: Centre, by: User) -> bool:
    """The centre's lead, and the community's staff."""
    lead = Centre.objects.of_caregiver(by, lead=True).filter(pk=centre.pk)
    return duties.holds(by, centre.community) or lead.exists()


def on_duty(centre: Centre, day: date) -> list[Staffer]:
    """Who is on duty at `centre` on `day`, by name."""
    found = Staffer.objects.filter(turns__centre=centre, turns__day=day)
    return list(found.select_related("account").order_by("name", "pk"))
