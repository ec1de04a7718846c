"""Rows of 文兴 that staff of 永安 and of another sub-district must never see, and the picture of the whole database."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from activities.models import Activity, Participation
from activities.recording import record
from communities.models import Appeal, Duty, Holiday, Resident, User
from core import clock
from nightschool.models import Course, Enrolment
from partners.models import Agreement, Partner
from points.models import Adjustment
from tests import world as cast
from tests.activities.cast import signed
from tests.communities.appealing import appealed
from tests.points.correcting import proposed
from tests.world import World

CANARIES = ("王秀兰", "孙桂芳", "6021", "金丝雀课", "金丝雀活动", "金丝雀承诺")
UNTOUCHED = {"django_session", "communities_attempts", "communities_signincode", "django_migrations"}


@dataclass
class Rows:
    world: World
    course: Course
    seat: Enrolment
    activity: Activity
    part: Participation
    agreement: Agreement
    pending: Resident
    far: User  # admin of another sub-district
    tomorrow: date
    appeal: Appeal
    holiday: Holiday
    adjustment: Adjustment


def lay(world: World) -> Rows:
    course = cast.course(world.wenxing, title="金丝雀课")
    (seat,) = cast.seated(course, world.wang)
    activity = cast.activity(world.wenxing, title="金丝雀活动", ago=3)
    part = record(participation=signed(activity, world.wang, world), minutes=60, by=world.chen)
    shop = Partner.objects.create(
        sub_district=world.street, name="巧手维修", kind="merchant", trade="living", summary="维修"
    )
    far = cast.staff("far", "远街道", Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    return Rows(
        world, course, seat, activity, part, cast.partner(world.street, world.wenxing, world.zhang, partner=shop, promise="金丝雀承诺"),
        world.sun, far, clock.today() + timedelta(days=1), appealed(world.wang, decided_by=world.chen),
        Holiday.objects.create(sub_district=world.street, day=clock.today() + timedelta(days=2), name="金丝雀节", by=world.he),
        proposed(world),
    )  # fmt: skip


def picture() -> dict[str, str]:
    """A fingerprint of every table; two are equal when no row was written, changed or deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if name not in UNTOUCHED]
        every = " UNION ALL ".join(
            f"SELECT '{name}', count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} t"
            for name in tables
        )
        cursor.execute(every)
        return dict(cursor.fetchall())
