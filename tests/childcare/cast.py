"""托管 for tests: a centre of 文兴 with a group, two families, caregivers on duty. Rows alone; what a test is about goes through verbs."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from childcare.handover import barring
from childcare.models import CareFile, Centre, Contact, Group, Pickup, Place, RecordCheck, Staffer, Turn
from communities import consents
from communities.models import Community, Consent, Duty, Guardian, Resident, User
from core import clock
from partners.models import Agreement, Partner
from tests import world as cast
from tests.world import World
from venues.models import Room


@dataclass
class Care:
    """`mother` and `father` answer for `child` (9, has a place); `other_mother` for `other_child` of the same group."""

    centre: Centre
    group: Group
    child: Resident
    mother: Resident
    father: Resident
    other_child: Resident
    other_mother: Resident
    place: Place
    other_place: Place
    lead: User
    teacher: User
    second: User
    lead_post: Staffer
    teacher_post: Staffer
    second_post: Staffer


def build(world: World) -> Care:
    made = centre(world.wenxing, world.chen)
    here = group(made, world.chen)
    mother = cast.resident(world.wenxing, "何小燕", "13700001001", date(1988, 4, 1))
    father = cast.resident(world.wenxing, "高志远", "13700001002", date(1986, 4, 1))
    other_mother = cast.resident(world.wenxing, "蔡月红", "13700001003", date(1990, 4, 1))
    mine, theirs = (
        child(world.wenxing, "高雨桐", 9, household=mother),
        child(world.wenxing, "陆子墨", 8, household=other_mother),
    )
    guard(mine, mother, "母亲", world.zhang)
    guard(mine, father, "父亲", world.zhang)
    guard(theirs, other_mother, "母亲", world.zhang)
    lead, lead_post = caregiver(made, "caregiver_lead", "白负责", is_lead=True, by=world.chen)
    teacher, teacher_post = caregiver(made, "caregiver_one", "秦老师", by=world.chen)
    second, second_post = caregiver(made, "caregiver_two", "孔老师", by=world.chen)
    return Care(
        made, here, mine, mother, father, theirs, other_mother, place(here, mine, mother, by=world.zhang),
        place(here, theirs, other_mother, by=world.zhang), lead, teacher, second, lead_post, teacher_post, second_post,
    )  # fmt: skip


def centre(community: Community, by: User, name: str = "幸福托管中心") -> Centre:
    """Its operator has an agreement in force with the community."""
    operator = Partner.objects.filter(sub_district=community.sub_district, name="童乐托管服务部").first() or Partner.objects.create(
        sub_district=community.sub_district, name="童乐托管服务部", kind=Partner.Kind.ORGANISATION, trade=Partner.Trade.CHILDCARE,
        summary="放学后托管", admitted_at=clock.now(),
    )  # fmt: skip
    if not Agreement.objects.filter(partner=operator, community=community).exists():
        since = clock.today() - timedelta(days=200)
        cast.partner(community.sub_district, community, by, partner=operator, signed_on=since, starts_on=since)
    return Centre.objects.create(
        community=community, operator=operator, name=name, address="天和城3号楼1层", phone="0352-0000009", licensed=120,
        opened_on=clock.today() - timedelta(days=200), by=by,
    )  # fmt: skip


def group(centre: Centre, by: User, **fields: Any) -> Group:
    """Open, every day of the week from 00:00 to 23:59 unless said otherwise, so that no test knows the hour or weekday."""
    room = Room.objects.get_or_create(
        community=centre.community,
        name="托管1室",
        defaults={"place": "天和城3号楼", "capacity": 40, "area": 160, "floor": "1层"},
    )[0]
    return Group.objects.create(
        **{
            "centre": centre, "name": "一二年级放学班", "kind": Group.Kind.AFTER_SCHOOL, "room": room, "weekdays": list(range(7)),
            "starts": time(0, 0), "ends": time(23, 59), "first_on": clock.today() - timedelta(days=120),
            "last_on": clock.today() + timedelta(days=240), "seats": 40, "capacity": 40, "fees": {"5": 60000, "7": 60000, "3": 40000},
            "grades": "1至3年级", "status": Group.Status.OPEN, "by": by, "opened_at": clock.now(), "opened_by": by,
        }
        | fields
    )  # fmt: skip


def child(community: Community, name: str, age: int, household: Resident | None = None) -> Resident:
    today = clock.today()
    born = date(today.year - age, 1, 1)
    made = cast.resident(community, name, "", born)
    if household:
        made.household = household.household
        made.save(update_fields=["household"])
    CareFile.objects.create(
        child=made, school="平城区第十八小学", grade=max(age - 6, 0), school_class="2班", updated_by=_system()
    )
    Contact.objects.bulk_create(
        Contact(
            child=made,
            order=order,
            name=who,
            relation=relation,
            phone=f"1370000{2000 + made.pk % 1000 * 2 + order:04d}"[:11],
            by=_system(),
        )
        for order, (who, relation) in enumerate((("姜桂香", "祖母"), ("高长顺", "祖父")), 1)
    )
    return made


CARE = (Consent.Purpose.CHILD_DATA, Consent.Purpose.CARE, Consent.Purpose.CARE_HEALTH, Consent.Purpose.CARE_PICKUP)


def guard(child: Resident, guardian: Resident, relation: str, by: User, *, agreed: bool = True) -> Guardian:
    made = Guardian.objects.create(
        child=child, guardian=guardian, relation=relation, basis=Guardian.Basis.HOUSEHOLD_BOOK, by=by
    )
    if agreed:  # the rows as consents.keep leaves them, at once: most tests of childcare begin here
        stand = set(Consent.objects.standing().filter(resident=child).values_list("purpose", flat=True))
        Consent.objects.bulk_create(
            Consent(
                resident=child, purpose=purpose, version=consents.TEXTS[purpose].version, way=Consent.Way.SIGNATURE, by=by,
                given_at=clock.now(), guardian=guardian,
            )
            for purpose in CARE
            if purpose not in stand
        )  # fmt: skip
    return made


def caregiver(
    centre: Centre,
    username: str,
    name: str,
    *,
    by: User,
    is_lead: bool = False,
    checked: date | None = None,
    on_duty: bool = True,
) -> tuple[User, Staffer]:
    """With a duty, a post, a clear record check of a month ago (or on `checked`) and a turn today."""
    account = cast.staff(username, name, Duty.Role.CAREGIVER, community=centre.community)
    post = Staffer.objects.create(
        centre=centre,
        account=account,
        name=name,
        is_lead=is_lead,
        contract="labour",
        hired_on=clock.today() - timedelta(days=100),
        by=by,
    )
    seen = checked or clock.today() - timedelta(days=30)
    until = seen.replace(year=seen.year + 1, day=min(seen.day, 28))
    RecordCheck.objects.create(staffer=post, checked_on=seen, clear=True, until=until, by=by)
    # The trigger of staffing keeps this from the checks; until it is there the cast says the same.
    Staffer.objects.filter(pk=post.pk).update(record_due=until)
    post.refresh_from_db()
    if on_duty:
        Turn.objects.create(centre=centre, staffer=post, day=clock.today(), by=by)
    return account, post


def place(group: Group, child: Resident, payer: Resident, *, by: User, **fields: Any) -> Place:
    return Place.objects.create(
        **{
            "group": group, "child": child, "payer": payer, "status": Place.Status.HELD, "plan": [0, 1, 2, 3, 4],
            "starts_on": clock.today() - timedelta(days=60), "by": by,
        }
        | fields
    )  # fmt: skip


def pickup(child: Resident, authorised_by: Resident, *, by: User, **fields: Any) -> Pickup:
    return Pickup.objects.create(
        **{
            "name_key": barring.name_key(child, fields.get("name", "孟桂芝")),
            "child": child, "slot": 0, "name": "孟桂芝", "relation": "邻居", "phone": "13700009999", "id_tail": "123X",
            "valid_until": clock.today() + timedelta(days=90), "authorised_by": authorised_by, "by": by,
        }
        | fields
    )  # fmt: skip


def on(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, time(hour, minute))


def _system() -> User:
    return User.objects.get(username="system")
