"""Rows of 文兴 that staff of 永安 and of another sub-district must never see, and the picture of the whole database."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from activities.models import (
    Activity,
    Certificate,
    CertificateRequest,
    Deed,
    Honour,
    Participation,
    Series,
    Sheet,
    SheetLine,
    Star,
    StarBar,
    Visit,
)
from activities.recording import record
from childcare.models import Incident
from communities import cards, guardians, helping, notices, objections, publishing, rights
from communities.models import (
    Appeal,
    Batch,
    Card,
    Consent,
    Duty,
    Grid,
    Guardian,
    Helper,
    Holiday,
    Line,
    Notice,
    Objection,
    Resident,
    RightsRequest,
    Slip,
    User,
)
from core import clock
from nightschool.models import Course, Enrolment, Waiting
from notifications.models import Message
from partners.models import Agreement
from points.models import Adjustment
from tests import world as cast
from tests.access.agreerows import AgreeRows, lay_agreeing
from tests.access.applying import ApplyingRows, lay_applying
from tests.access.bookingrows import BookingRows, lay_booking
from tests.access.care_billingrows import BillingRows, lay_billing
from tests.access.care_daysrows import DaysRows, lay_days
from tests.access.care_enrolmentrows import CareEnrolmentRows, lay_enrolment
from tests.access.care_evidencerows import EvidenceRows, lay_evidence
from tests.access.care_handoverrows import HandoverRows, lay_handover
from tests.access.care_placesrows import PlacesRows, lay_places
from tests.access.carerows import CareRows, lay_care, lay_watching
from tests.access.drafting import lay_draft
from tests.access.holding import HoldingRows, lay_holding
from tests.access.joiningrows import JoiningRows, lay_joining
from tests.access.keyrows import KeyRows, lay_keys
from tests.access.lining import lay_line
from tests.access.offerrows import OfferRows, lay_offers
from tests.access.promisedrows import PromisedRows, lay_promised
from tests.access.schooling import SchoolRows, lay_school
from tests.access.serving import ServingRows, lay_serving
from tests.access.settlingrows import SettlingRows, lay_settling
from tests.access.shoprows import ShopRows, lay_agreement, lay_shop
from tests.access.usingrows import UsingRows, lay_using
from tests.activities import pictures, serving
from tests.activities.cast import signed
from tests.communities.appealing import appealed
from tests.notifications.sending import told
from tests.points.correcting import proposed
from tests.world import World

CANARIES = ("王秀兰", "孙桂芳", "6021", "金丝雀课", "金丝雀活动", "金丝雀承诺", "金丝雀公示", "金丝雀消息")
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
    helper: Helper  # of 王秀兰
    card: Card  # of 王秀兰
    asked: RightsRequest  # by 王秀兰
    slip: Slip  # of 王秀兰
    draft: Notice  # by 张晓燕
    line: int  # of the draft
    notice: Notice
    objection: Objection
    grid: Grid
    batch: Batch  # of one line, looked over, by 张晓燕
    plan: Activity  # a draft of a series
    visit: Visit  # to 王秀兰, with something to do
    deed: Deed  # of 王秀兰, with a photo
    star: Star  # of 王秀兰, to be shown
    bar: StarBar  # of 王秀兰, proposed by 张晓燕
    certificate: Certificate  # of 王秀兰
    wanted: CertificateRequest  # by 王秀兰, for another one
    guardian: Guardian  # 王秀兰 of somebody of fifteen
    child: Participation  # of the same, as if of a child
    sheet: Sheet  # of one line, looked over, by 张晓燕
    holding: HoldingRows
    serving: ServingRows
    keys: KeyRows
    booking: BookingRows
    drafted: Course
    honour: Honour  # of 王秀兰, written down by nobody of the house
    waiting: Waiting  # of 王秀兰
    school: SchoolRows
    applying: ApplyingRows
    shop: ShopRows
    joining: JoiningRows
    agreeing: AgreeRows
    settling: SettlingRows
    offers: OfferRows
    promised: PromisedRows
    using: UsingRows
    care: CareRows
    days: DaysRows
    handing: HandoverRows
    enrolling: CareEnrolmentRows
    billing: BillingRows
    placing: PlacesRows
    evidence: EvidenceRows
    watching: Incident
    lost: Message  # to 王秀兰, of which nobody knows


def lay(world: World) -> Rows:
    course = cast.course(world.wenxing, title="金丝雀课")
    (seat,) = cast.seated(course, world.wang)
    activity = cast.activity(world.wenxing, title="金丝雀活动", ago=3, organiser=world.wang)
    part = record(participation=signed(activity, world.wang, world), minutes=60, by=world.chen)
    agreed = lay_agreement(world)
    far = User.objects.filter(username="far").first()
    far = far or cast.staff("far", "远街道", Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    return Rows(
        world, course, seat, activity, part, agreed,
        world.sun, far, clock.today() + timedelta(days=1), appealed(world.wang, decided_by=world.chen),
        _holiday(world),
        proposed(world),
        helping.appoint(
            resident=world.wang, phone=f"1370678{world.wenxing.pk % 10000:04d}", name="金丝雀女儿", relation="子女", by=world.zhang, way=Consent.Way.SIGNATURE
        ),
        cards.issue(resident=world.wang, by=world.zhang),
        rights.file(resident=world.wang, kind=RightsRequest.Kind.EXPLAIN, text="金丝雀申请", by=world.wang.account or world.system),
        Slip.objects.create(
            community=world.wenxing, resident=world.wang, act="夜校报名", about=f"enrolment:{seat.pk}", said="金丝雀单", by=world.zhang
        ),
        *_shown(world), Grid.objects.create(community=world.wenxing, name="金丝雀网格"),
        batch=_batch(world), plan=_planned(world),
        visit=Visit.objects.create(
            community=world.wenxing, resident=world.wang, text="金丝雀走访", follow_up="换灯泡", on=clock.today(), by=world.zhang
        ),
        deed=pictures.sent(world, world.wang, text="金丝雀路灯", photo=pictures.picture()),
        star=Star.objects.create(community=world.wenxing, resident=world.wang, ladder="volunteer", level=1, amount=6000),
        bar=serving.proposed(world), certificate=serving.issued(world), wanted=serving.asked(world),
        **_growing(world, activity),
        sheet=_sheet(world, activity),
        holding=lay_holding(world), serving=lay_serving(world), keys=lay_keys(world), booking=lay_booking(world), drafted=lay_draft(world, course),
        honour=_honoured(world),
        waiting=lay_line(world),
        school=lay_school(world),
        applying=lay_applying(world),
        agreeing=lay_agreeing(world, agreed), shop=lay_shop(world, agreed), joining=lay_joining(world, agreed), settling=lay_settling(world, agreed), offers=lay_offers(world, agreed), promised=lay_promised(world, agreed), using=lay_using(world, agreed),
        **_in_childcare(world),
        lost=told(world.wang, Message.State.UNCLEAR, title="金丝雀消息", body="金丝雀内容"),
    )  # fmt: skip


def _in_childcare(world: World) -> dict[str, Any]:
    """Each room of childcare lays on the same centre and child."""
    care = lay_care(world)
    return {
        "care": care, "days": lay_days(care), "enrolling": lay_enrolment(world, care), "handing": lay_handover(world, care), "billing": lay_billing(world, care),
        "evidence": lay_evidence(world),
        "placing": lay_places(world, care),
        "watching": lay_watching(world),
    }  # fmt: skip


def _honoured(world: World) -> Honour:
    return Honour.objects.create(
        community=world.wenxing, resident=world.wang, name="金丝雀表彰", on=clock.today(), granted_by="区", level="none",
        evidence="证书", recorded_by=world.system,
    )  # fmt: skip


def _growing(world: World, activity: Activity) -> dict[str, Any]:
    """Somebody of fifteen with an account of their own, so that the guardian's phone acts for one person alone."""
    teen = cast.resident(
        world.wenxing, "金丝雀孩子", f"1370679{world.wenxing.pk % 10000:04d}", clock.today() - timedelta(days=15 * 366)
    )
    seen = guardians.Kinship("母亲", Guardian.Basis.HOUSEHOLD_BOOK)
    made = guardians.register(child=teen, guardian=world.wang, kinship=seen, by=world.zhang)
    part = Participation.objects.create(activity=activity, resident=teen, guardian=world.wang, by=world.zhang)
    return {"guardian": made, "child": part}


def _sheet(world: World, activity: Activity) -> Sheet:
    made = Sheet.objects.create(activity=activity, name="金丝雀签到.xlsx", by=world.zhang)
    SheetLine.objects.create(sheet=made, number=2, name="金丝雀人", tail="13900006021", fate=SheetLine.Fate.WRONG)
    return made


def _planned(world: World) -> Activity:
    series, _ = Series.objects.get_or_create(
        community=world.wenxing, title="金丝雀活动系列", defaults={"made_by": world.zhang}
    )
    return cast.activity(world.wenxing, title="金丝雀活动草稿", status="draft", series=series)


def _holiday(world: World) -> Holiday:
    """Of the sub-district, which two communities may share."""
    day = clock.today() + timedelta(days=2)
    return Holiday.objects.get_or_create(
        sub_district=world.street, day=day, defaults={"name": "金丝雀节", "by": world.he}
    )[0]


def _batch(world: World) -> Batch:
    """What a colleague may confirm, drop or take the wrong lines of."""
    made = Batch.objects.create(
        community=world.wenxing, name="金丝雀表.xlsx", status=Batch.Status.READY, by=world.zhang, total=1, done=1
    )
    Line.objects.create(batch=made, number=2, name="金丝雀人", fate=Line.Fate.NEW)
    return made


def _shown(world: World) -> tuple[Notice, int, Notice, Objection]:
    """A draft, what is shown, and an objection to it."""
    draft, shown = (
        notices.prepare(community=world.wenxing, title="金丝雀公示", lines=[line], by=world.zhang)
        for line in (notices.Line("结对", subject="巧手维修"), notices.Line("服务120小时", world.wang))
    )
    publishing.publish(notice=shown, by=world.chen)
    return draft, draft.items.get().pk, shown, objections.file(notice=shown, text="名单不全", by=world.zhang)


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
