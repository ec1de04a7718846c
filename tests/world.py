"""The fixed cast. It includes staff of another community and an elder without a phone, so permission tests come for free."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import time_machine
from django.contrib.auth.hashers import make_password
from django_otp.plugins.otp_totp.models import TOTPDevice

from activities.models import Activity
from communities import duties
from communities.models import Community, Duty, Estate, Household, Resident, SubDistrict, User
from communities.registration import initials, pinyin
from core import clock
from nightschool.enrolment import enrol
from nightschool.models import Channel, Course, Enrolment, Session, Term
from partners.models import Agreement, Partner
from points import ledger
from points.models import Rule
from points.pricing import Price
from venues.models import Room

PASSWORD = "水泊寺-2026-stone"
_serial = count(1)
_own_phones = count(13900000001)


@dataclass
class World:
    """文兴 is ours, 永安 is the neighbour in the same sub-district, 华林 belongs to another one."""

    street: SubDistrict
    wenxing: Community
    yongan: Community
    hualin: Community
    wang: Resident  # confirmed, phone, 80 points
    li: Resident  # confirmed, phone, no points
    zhao: Resident  # elder without a phone, 200 points
    sun: Resident  # not confirmed yet
    zhou: Resident  # of 永安, 100 points
    zhang: User  # worker of 文兴
    chen: User  # head of 文兴
    qian: User  # worker of 永安
    he: User  # admin of the sub-district
    system: User
    extra: dict[str, Any] = field(default_factory=dict)


def build() -> World:
    street = SubDistrict.objects.create(name="水泊寺街道", district="平城区", phone="0352-0000000")
    far = SubDistrict.objects.create(name="清远街道", district="平城区")
    wenxing = Community.objects.create(sub_district=street, name="文兴社区", phone="0352-0000001")
    yongan = Community.objects.create(sub_district=street, name="永安社区", phone="0352-0000002")
    hualin = Community.objects.create(sub_district=far, name="华林社区")
    system = User.objects.get(username="system")
    world = World(
        street, wenxing, yongan, hualin,
        wang=resident(wenxing, "王秀兰", "13812346021", date(1968, 5, 2)),
        li=resident(wenxing, "李建国", "13912341187", date(1980, 1, 9)),
        zhao=resident(wenxing, "赵玉珍", "", date(1944, 3, 3)),
        sun=resident(wenxing, "孙桂芳", "13612347755", confirmed=False),
        zhou=resident(yongan, "周海涛", "18712340936", date(1990, 7, 7)),
        zhang=staff("zhangxiaoyan", "张晓燕", Duty.Role.WORKER, community=wenxing),
        chen=staff("chenzhuren", "陈志强", Duty.Role.HEAD, community=wenxing),
        qian=staff("qianyongan", "钱丽", Duty.Role.WORKER, community=yongan),
        he=staff("hejiedao", "何静", Duty.Role.STREET_ADMIN, sub_district=street),
        system=system,
    )  # fmt: skip
    for person, amount in ((world.wang, 80), (world.zhao, 200), (world.zhou, 100)):
        award(person, amount, by=system)
    return world


def resident(
    community: Community, name: str, phone: str = "", born: date | None = None, *, confirmed: bool = True
) -> Resident:
    # Looked for, then made: thousands of tests begin here, and get_or_create would ask for two savepoints more.
    estate = Estate.objects.filter(community=community, name="天和城").first() or Estate.objects.create(
        community=community, name="天和城"
    )
    account = None
    if phone:
        account = User.objects.filter(phone=phone).first() or User.objects.create(
            phone=phone, username=f"p{phone}", kind=User.Kind.RESIDENT, name=name, last_login=clock.now()
        )
    return Resident.objects.create(
        community=community, estate=estate, household=Household.objects.create(community=community), account=account,
        name=name, pinyin=pinyin(name), initials=initials(name), phone=phone, birth_date=born,
        status=Resident.Status.CONFIRMED if confirmed else Resident.Status.PENDING,
        decided_at=clock.now() if confirmed else None,
    )  # fmt: skip


@cache
def hashed() -> str:
    """Hashing is slow by design: once per run, and not quickly because the first test of the run hashes so."""
    return make_password(PASSWORD, hasher="pbkdf2_sha256")


def staff(username: str, name: str, role: Duty.Role, own_phone: str | None = None, **place: Any) -> User:
    """With an own phone of nobody else's; "" for a colleague whose phone nobody registered."""
    phone = str(next(_own_phones)) if own_phone is None else own_phone
    user = User(username=username, name=name, kind=User.Kind.STAFF, password=hashed(), own_phone=phone)
    user.save()
    Duty.objects.create(user=user, role=role, starts_on=clock.today() - timedelta(days=30), **place)
    return with_factor(user) if role in duties.FACTOR else user


def with_factor(user: User) -> User:
    """As somebody who has set up the authenticator that the duty asks for."""
    TOTPDevice.objects.create(user=user, name="authenticator", confirmed=True)
    user.refresh_from_db(fields=["second_factor_at"])
    return user


def exactly(amount: int, on: date | None = None) -> Price:
    """`amount` points for something on `on` (today) that no cap cuts."""
    rule = Rule.objects.get(code="HONOR_STREET", sub_district=None)
    return Price(rule.pk, 1, amount, on or clock.today(), None, None, 1, needs_notice=False)


def award(resident: Resident, amount: int, *, by: User | None = None, at: datetime | None = None) -> int:
    """The number of an entry that gives exactly `amount`."""
    with time_machine.travel(at, tick=False) if at else nullcontext():  # nobody earns in a future that has not come
        entry = ledger.award(
            key=f"test:{next(_serial)}:{resident.pk}", resident=resident, price=exactly(amount),
            by=by or User.objects.get(username="system"), reason="志愿服务", at=at,
        ).entry  # fmt: skip
    assert entry is not None
    return entry


def room(community: Community) -> Room:
    return Room.objects.get_or_create(
        community=community, name="舞蹈厅", defaults={"place": "活动室2楼", "capacity": 40}
    )[0]


def term(community: Community, name: str = "第2期") -> Term:
    """Half a year around today."""
    today = clock.today()
    around = {"starts_on": today - timedelta(days=90), "ends_on": today + timedelta(days=90)}
    return Term.objects.get_or_create(sub_district=community.sub_district, name=name, defaults=around)[0]


def course(community: Community, **fields: Any) -> Course:
    """An open course of three evenings that begins in ten days. A text for `term` names one."""
    if isinstance(name := fields.get("term"), str):
        fields["term"] = term(community, name)
    now = clock.now()
    starts = fields.pop("starts_at", now + timedelta(days=10))
    made = Course.objects.create(
        **{
            "community": community, "room": room(community), "title": "形体塑形", "category": "body", "term": term(community),
            "teacher": "李老师", "capacity": 30, "price": 60, "opens_at": now - timedelta(days=1), "closes_at": starts,
            "status": Course.Status.OPEN, "cancelled_at": now if fields.get("status") == "cancelled" else None,
        }
        | fields
    )  # fmt: skip
    Session.objects.bulk_create(
        Session(
            course=made, number=n + 1, topic=f"内容{n + 1}", starts_at=starts + timedelta(days=7 * n),
            ends_at=starts + timedelta(days=7 * n, minutes=90), room=made.room,
        )
        for n in range(3)
    )  # fmt: skip
    return made


def seated(course: Course, *residents: Resident) -> list[Enrolment]:
    from_desk = Channel.DESK
    by = User.objects.get(username="system")
    return [enrol(course_id=course.pk, resident=person, by=by, channel=from_desk) for person in residents]


def partner(street: SubDistrict, community: Community, by: User, **fields: Any) -> Agreement:
    today = clock.today()
    made, _ = Partner.objects.get_or_create(
        sub_district=street, name="博世邻里之家", admitted_at__isnull=False,
        defaults={"kind": Partner.Kind.ORGANISATION, "trade": Partner.Trade.LIVING, "summary": "家电检修、邻里课堂", "admitted_at": clock.now()},
    )  # fmt: skip
    return Agreement.objects.create(
        **{
            "partner": made, "community": community, "number": f"HZ-{next(_serial)}", "title": "结对共建协议",
            "text": "甲乙双方……", "promise": "每月免费检修小家电2次", "signed_on": today, "starts_on": today,
            "ends_on": today + timedelta(days=365), "recorded_by": by,
        }
        | fields
    )  # fmt: skip


def activity(community: Community, **fields: Any) -> Activity:
    """Two hours of cleaning up that begin in three days; `ago=3` puts the beginning three hours back."""
    distance = timedelta(hours=-fields.pop("ago")) if "ago" in fields else timedelta(days=3)
    starts = fields.pop("starts_at", clock.now() + distance)
    minutes = fields.pop("lasts", 120)
    return Activity.objects.create(
        **{
            "community": community, "kind": Activity.Kind.ENV, "title": "楼道清理", "place": "天和城东门",
            "content": "清理楼道杂物", "risk": "搬重物注意腰背，戴手套", "leader": "张晓燕", "capacity": 10,
            "starts_at": starts, "ends_at": starts + timedelta(minutes=minutes),
        }
        | fields
    )  # fmt: skip
