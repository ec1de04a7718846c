"""幸福托管中心: its operator under agreement, its rooms and classes, the nine who work there and when."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from childcare.models import Centre, Group, Staffer, Turn
from childcare.places import centres, groups
from childcare.staffing import checks, staff
from communities.models import Setting, SubDistrict, User
from communities.settings import CARE_FREEZE_DAY
from core import clock
from demo import agreements, cast, furnishing
from demo.agreements import Duty, Focus, Kind, Signed, Trade
from demo.asked import Asked
from demo.childcare.classes import (
    ADDRESS,
    BEGUN,
    CENTRE,
    CLASSES,
    LASTS,
    LICENSED,
    OPERATOR,
    PHONE,
    SATURDAY,
    WORKERS,
    Class,
    Days,
    sized,
)
from demo.childcare.homes import community, head, worker
from demo.places import STREET, WENYUAN
from partners.agreements.terms import Line
from partners.models import Agreement, Partner
from venues.models import Room

SERIAL = 5  # of the agreement's number
PLANNED = time(15)
AGREED = Signed(
    OPERATOR, WENYUAN, Kind.ORGANISATION, Trade.CHILDCARE, "放学后托管、周六托管", "按约定收费，优待家庭另有减免，每学期开放日1次",
    BEGUN, cast.TONGLE, (Line("托管开放日", 1, 40, duty=Duty.SERVICE, focus=Focus.OLD_AND_YOUNG),),
)  # fmt: skip


def centre() -> Centre:
    found = Centre.objects.select_related("community__sub_district", "operator")
    return found.get(name=CENTRE, community__name=WENYUAN.name, community__sub_district__name=STREET)


def is_agreed() -> bool:
    return Agreement.objects.filter(partner__name=OPERATOR).exists()


@transaction.atomic
def agree(asked: Asked, at: datetime) -> None:
    """From paper, as the other partners' agreements; and the day on which bills are confirmed, late enough for visitors."""
    street = SubDistrict.objects.get(name=STREET)
    agreements.agree(asked, street, SERIAL, AGREED)
    agreements.equip_owner(asked, AGREED)
    said = {"value": 28, "by": User.objects.get(username=cast.ADMIN.username)}
    Setting.objects.get_or_create(
        sub_district=street, key=CARE_FREEZE_DAY.key, starts_on=clock.local(at).date(), defaults=said
    )


def is_found() -> bool:
    return Group.objects.filter(name=CLASSES[-1].name, status=Group.Status.OPEN).exists()


def found(asked: Asked, at: datetime) -> None:
    """The head founds the centre and opens its classes, each in a room of its own."""
    here = community()
    furnishing.write(
        Room(community=here, name=one.room, place="原文源小学旧址1楼", floor="1楼", area=one.area, capacity=45)
        for one in CLASSES
    )
    facts = centres.Facts(CENTRE, ADDRESS, PHONE, LICENSED)
    made = centres.found(community=here, operator=Partner.objects.get(name=OPERATOR), facts=facts, by=head(), at=at)
    for one in CLASSES:
        _open(made, one, asked, at)


def _open(made: Centre, one: Class, asked: Asked, at: datetime) -> None:
    first = Days(asked.day).before
    facts = groups.Facts(
        name=one.name, kind=Group.Kind(one.kind), room=Room.objects.get(community=made.community, name=one.room),
        weekdays=one.weekdays, starts=one.starts, ends=one.ends, first_on=first, last_on=first + LASTS,
        seats=sized(one.held, asked), fees=one.fees, grades=one.grades,
    )  # fmt: skip
    drafted = groups.draft(centre=made, facts=facts, by=head())
    Group.objects.filter(pk=drafted.pk).update(at=at)
    groups.open(group=drafted, by=head(), at=at)


def is_staffed() -> bool:
    return Staffer.objects.filter(name=WORKERS[-1].name, centre__name=CENTRE).exists()


@transaction.atomic
def employ(asked: Asked, at: datetime) -> None:
    """Hired by the community's colleague, with the answer of the police before the first day on duty."""
    made, day = centre(), min(clock.local(at).date(), clock.today())
    for one in WORKERS:
        account = User.objects.get(username=one.login.username) if one.login else None
        checked = min(asked.day, clock.today()) - timedelta(days=one.checked)
        facts = staff.Facts(
            name=one.name, contract=one.contract, is_lead=one.is_lead, hired_on=max(day, checked),
            health_until=asked.day + timedelta(days=one.health), first_aid_on=day,
        )  # fmt: skip
        hired = staff.hire(centre=made, facts=facts, account=account, by=worker())
        checks.write(staffer=hired, checked_on=checked, clear=True, by=worker())
        Staffer.objects.filter(pk=hired.pk).update(at=at)


def is_planned() -> bool:
    return Turn.objects.filter(centre__name=CENTRE).exists()


@transaction.atomic
def plan(days: list[date]) -> None:
    """Plain rows, asked by the trigger: nobody plans backwards. Nobody is on duty beyond the day on which the record is due."""
    made, lead = centre(), User.objects.get(username=cast.CARE_LEAD.username)
    staffers = {one.name: one for one in Staffer.objects.filter(centre=made)}
    for number, one in enumerate(WORKERS):
        mine = staffers[one.name]
        on = [day for day in days if _works(number, day) and mine.record_due and day <= mine.record_due]
        Turn.objects.bulk_create(
            Turn(centre=made, staffer=mine, day=day, by=lead, at=clock.at(day, PLANNED) - timedelta(days=3))
            for day in on
        )


def _works(number: int, day: date) -> bool:
    """The three with a login always; on Saturdays one more; on other days all but one of the others in turn."""
    if number < 3:
        return True
    turn = day.toordinal() % (len(WORKERS) - 3)
    return turn == number - 3 if day.weekday() in SATURDAY else turn != number - 3
