"""托位 at the counter, for a guardian without a phone: asking for a place, taking the one that is offered, giving one up."""

from collections.abc import Iterator
from datetime import datetime

from django.http import Http404

from childcare.models import Group, Place, PlaceQuerySet, speaking_guardians
from childcare.places import ending, fit, line, offering, showcase
from childcare.places.fit import Wish
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import clock, words

ASK, OFFER, OUT = "care-place", "care-offer", "care-end"
WIDTH = 100_000_000  # a choice names a child and a group, or a child's place, in one number
Status = Place.Status


def register_acts() -> None:
    """What is kept or waited for is one list; groups to ask for stand in their own."""
    register(Act(ASK, "托管登记", choices, ask_plan, ask, place=5))
    register(Act(OFFER, "孩子的托位", standing, accept_plan, accept, place=5))
    register(Act(OUT, "退出托管", None, leave_plan, leave))


def choices(resident: Resident, at: datetime) -> list[Choice]:
    """Each open group for each child with a care file for whom `resident` answers; of a group that the child has, nothing."""
    return list(_choices(resident, at))


def _choices(resident: Resident, at: datetime) -> Iterator[Choice]:
    children = _children(resident)
    today = clock.local(at).date()
    groups = (
        Group.objects.filter(centre__community=resident.community_id, status="open", last_on__gte=today)
        if children
        else []
    )
    asked = (
        set(Place.objects.filter(child__in=children, status__in=fit.STANDING).values_list("child", "group"))
        if children
        else set()
    )
    for group in groups:
        days = _most(group)
        for child in children:
            if (child.pk, group.pk) not in asked and days:
                said = f"{showcase.weekdays_of(days)}{group.starts:%H:%M}—{group.ends:%H:%M}"
                yield Choice(child.pk * WIDTH + group.pk, f"{child.name}：{group}", said)


def ask_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a child for whom the resident does not answer, and an unknown group."""
    child, group = _asked(resident, number)
    wish, day = Wish(_most(group)), clock.local(at).date()
    refused = fit.against_child(group, child, wish.plan, day) or fit.against_wish(group, child, wish, day)
    free = group.capacity > group.taken and not group.places.waiting().exists()
    fee = next(
        (price for label, price in showcase.fees_of(group) if str(len(wish.plan)) in label),
        showcase.fees_of(group)[0][1],
    )
    facts = [
        ("孩子", child.name),
        ("班", f"{group.centre}·{group}"),
        ("时间", showcase.weekdays_of(wish.plan)),
        ("收费", fee),
    ]
    facts.append(("名额", "现在有空位" if free else "已满，登记候补"))
    note = "按每周最多的天数登记，用餐、午休和其他天数请在“托管报名”里填写。"
    return Plan(f"为{child.name}登记托位", facts, "确认登记", note, refused)


def ask(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `line.ask` refuses."""
    child, group = _asked(resident, number)
    made = line.ask(group=group, child=child, payer=resident, plan=_most(group), by=by, at=at)
    if made.status == Status.HELD and made.starts_on:
        return Done(f"careplace:{made.pk}", [f"孩子已有“{group}”的托位，{words.day(made.starts_on)}开始。"])
    return Done(f"careplace:{made.pk}", [f"已登记“{group}”的候补，排第{line.ahead_of(made) + 1}位，没有产生费用。"])


def standing(resident: Resident, at: datetime) -> list[Choice]:
    """Places that are offered, to be taken or given up, and every line and place to step out of."""
    mine = list(_places(resident).filter(status__in=fit.STANDING).order_by("-status", "pk"))
    offers = [
        Choice(one.pk, f"{one.child.name}：接受“{one.group}”", f"{words.moment(one.offered_until)}前确认")
        for one in mine
        if one.offered_until
    ]
    out = [
        Choice(one.pk, f"{one.child.name}：{_out(one)}“{one.group}”", code=OUT) for one in mine if one.ends_on is None
    ]
    return offers + out


def accept_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a place that is not of a child for whom the resident answers."""
    mine = _mine(resident, number)
    refused = offering.NoOffer() if mine.status != Status.OFFERED else None
    facts = [
        ("孩子", mine.child.name),
        ("班", f"{mine.group.centre}·{mine.group}"),
        ("时间", showcase.weekdays_of(mine.plan)),
    ]
    return Plan("接受托位", facts, "确认接受", "接受以后按班次收费，每月出账单。", refused)


def accept(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `offering.accept` refuses."""
    made = offering.accept(place=_mine(resident, number), by=by, at=at)
    return Done(
        f"careplace:{made.pk}",
        [f"孩子已有“{made.group}”的托位，{words.day(made.starts_on or clock.today())}开始。"],
    )


def leave_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 as above."""
    mine = _mine(resident, number)
    facts = [
        ("孩子", mine.child.name),
        ("班", f"{mine.group.centre}·{mine.group}"),
        ("现在", mine.get_status_display()),
    ]
    note = "今天是最后一天，费用算到今天。" if mine.status == Status.HELD else "再想候补，要从后面排起。没有产生费用。"
    refused = None if mine.status in fit.STANDING else ending.AlreadyOver()
    return Plan(f"{_out(mine)}“{mine.group}”", facts, "确认退出", note, refused)


def leave(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `ending.end` refuses."""
    mine, today = _mine(resident, number), clock.local(at).date()
    gone = ending.end(place=mine, last_day=today, reason=Place.EndReason.GUARDIAN, by=by, at=at)
    said = f"最后一天是{words.day(today)}。" if gone.ends_on else "没有产生费用。"
    return Done(f"careplace:{gone.pk}", [f"孩子已退出“{gone.group}”。{said}"])


def _most(group: Group) -> tuple[int, ...]:
    """As many days a week as there is a fee for."""
    days = [int(one) for one in group.fees if int(one) <= len(group.weekdays)]
    if group.kind == Group.Kind.DROP_IN:
        return tuple(sorted(group.weekdays))
    return tuple(sorted(group.weekdays)[: max(days)]) if days else ()


def _children(resident: Resident) -> list[Resident]:
    """With a care file; two queries at most, one for who answers for nobody."""
    wards = speaking_guardians().filter(guardian=resident, child__care_file__isnull=False, child__status="confirmed")
    return [one.child for one in wards.select_related("child__community").order_by("child_id")]


def _places(resident: Resident) -> PlaceQuerySet:
    wards = speaking_guardians().filter(guardian=resident).values("child")
    return Place.objects.filter(child__in=wards).select_related("group__centre__community", "child__community", "payer")


def _mine(resident: Resident, number: int) -> Place:
    mine = _places(resident).filter(pk=number).first()
    if mine is None:
        raise Http404
    return mine


def _asked(resident: Resident, number: int) -> tuple[Resident, Group]:
    child = next((one for one in _children(resident) if one.pk == number // WIDTH), None)
    rows = Group.objects.select_related("centre__community__sub_district").filter(
        centre__community=resident.community_id
    )
    group = rows.exclude(status=Group.Status.DRAFT).filter(pk=number % WIDTH).first()
    if child is None or group is None:
        raise Http404
    return child, group


def _out(place: Place) -> str:
    return {Status.OFFERED: "放弃", Status.WAITING: "退出候补"}.get(Status(place.status), "结束托管")
