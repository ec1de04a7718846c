"""Enough of everything that every page has something to show: an owed sum, an appeal, a purse, what waits for two people."""

from dataclasses import dataclass

from activities import correcting, presence, signup, visiting
from activities.models import Series, Visit
from communities import appeals, counter, notices, objections
from communities.models import Duty, Resident, User
from core import clock
from nightschool.enrolment import enrol
from nightschool.models import Channel
from points import adjusting, purse
from tests import world as cast
from tests.access.holding import lay_holding
from tests.access.keyrows import lay_keys
from tests.access.lining import lay_line
from tests.activities import pictures, serving, serving_hours
from tests.browser.shops import APPLICANT, OWNER, PARTNERS_DESK, PARTNERS_HEAD, PARTNERS_PHONE, lay_partners
from tests.communities import noticing
from tests.nightschool import applicants, lining
from tests.points import deeds
from tests.points.shown import booked
from tests.world import World

RESIDENT = ["/", "/night-school/", "/night-school/{course}/", "/night-school/{other}/confirm/", "/tickets/",
            "/tickets/{seat}/", "/tickets/{seat}/cancel/", "/tickets/{seat}/classes/", "/tickets/{seat}/feedback/", "/teach/", "/points/", "/points/rules/", "/points/passbook/", "/points/purse/",
            "/notices/", "/notices/{notice}/", "/notices/{notice}/object/", "/appeals/", "/messages/", "/activities/", "/activities/mine/", "/activities/deeds/", "/activities/deeds/new/", "/activities/deeds/{deed}/", "/partners/", "/me/",
            "/me/data/", "/me/data/paper/", "/me/data/ask/close/", "/me/data/ask/correct/", "/me/consents/", "/privacy/"]  # fmt: skip
RESIDENT += ["/activities/posts/", "/couriers/", "/gifts/", "/gifts/{gift}/", "/gifts/mine/", "/gifts/mine/{exchange}/", "/gifts/ledger/"]  # fmt: skip
RELATIVE = ["/night-school/{other}/confirm/", "/tickets/{shared}/", "/tickets/{shared}/cancel/", "/points/", "/points/?kind=expiry",
            "/points/?since=2026-12-01&until=2026-01-01", "/points/passbook/", "/points/purse/", "/appeals/",
            "/appeals/{owed}/", "/appeals/{given}/"]  # fmt: skip
VISITOR = ["/", "/notices/", "/notices/{notice}/", "/sign-in/", "/night-school/", "/points/rules/", "/desk/sign-in/"]
WORKER = ["/desk/", "/desk/notices/", "/desk/notices/new/", "/desk/notices/{draft}/?q=王", "/desk/notices/{notice}/",
          "/desk/notices/{notice}/print/", "/desk/notices/{notice}/object/", "/desk/objections/", "/desk/counter/", "/desk/counter/{zhao}/", "/desk/counter/{zhao}/night-school/{course}/", "/desk/counter/slips/",
          "/desk/counter/slips/{slip}/", "/desk/night-school/{course}/seat-many/slips/?id={slip}", "/desk/search/?q=王", "/desk/residents/", "/desk/residents/{li}/", "/desk/activities/", "/desk/deeds/", "/desk/deeds/{deed}/", "/desk/residents/{zhao}/deed/", "/desk/night-school/",
          "/desk/night-school/{course}/", "/desk/enrolments/", "/desk/partners/", "/desk/settings/", "/desk/night-school/new/", "/desk/night-school/terms/", "/desk/night-school/classes/", "/desk/night-school/{course}/attendance/", "/desk/enrolments/{seat}/leave-late/", "/desk/night-school/{course}/seats/", "/desk/night-school/{course}/merge/",
          "/desk/rules/", "/desk/adjustments/", "/desk/adjustments/new/?q=王", "/desk/adjustments/{waiting}/",
          "/desk/residents/{li}/points/", "/desk/residents/{li}/points/adjust/", "/desk/residents/{wang}/points/{entry}/take-back/",
          "/desk/residents/{li}/passbook/", "/desk/residents/{wang}/purse/", "/desk/residents/{zhao}/purse/",
          "/desk/residents/{li}/appeals/{owed}/", "/desk/appeals/", "/desk/books/{community}/",
          "/desk/rights/", "/desk/residents/{li}/rights/", "/desk/residents/{li}/consents/", "/desk/residents/{li}/reveal/",
          "/desk/residents/{li}/close/"]  # fmt: skip
RESIDENT += ["/me/children/"]
WORKER += ["/desk/residents/{li}/guardians/", "/desk/activities/{plan}/sheets/", "/desk/activities/{plan}/children/"]
WORKER += ["/desk/activities/new/?kind=SALON", "/desk/activities/{plan}/", "/desk/activities/{plan}/edit/", "/desk/activities/{plan}/repeat/",
           "/desk/activities/series/", "/desk/visits/", "/desk/visits/new/?q=王"]  # fmt: skip
RESIDENT += ["/activities/awards/"]
WORKER += ["/desk/review/?whose=all", "/desk/awards/", "/desk/honours/?q=王", "/desk/review/oversight/"]
WORKER += ["/desk/posts/", "/desk/posts/{post}/", "/desk/posts/{post}/close/", "/desk/posts/new/", "/desk/posts/print/", "/desk/couriers/",
           "/desk/couriers/{courier}/decline/", "/desk/gifts/", "/desk/gifts/{gift}/", "/desk/gifts/new/", "/desk/gifts/exchanges/",
           "/desk/gifts/exchanges/{exchange}/", "/desk/gifts/exchanges/{exchange}/back/", "/desk/gifts/stock/", "/desk/gifts/stock/{goods}/",
           "/desk/gifts/{gift}/in/", "/desk/gifts/{gift}/out/", "/desk/gifts/expiry/", "/desk/gifts/counts/", "/desk/gifts/counts/{tally}/",
           "/desk/gifts/ledger/"]  # fmt: skip
ADMIN = ["/desk/", "/desk/objections/{objection}/", "/desk/rules/", "/desk/rules/{street}/ENV/", "/desk/rules/{street}/ENV/change/", "/desk/rules/{street}/new/",
         "/desk/adjustments/{waiting}/", "/desk/books/street/{street}/", "/desk/appeals/", "/desk/appeals/{appeal}/",
         "/desk/settings/", "/desk/settings/{street}/holidays/", "/desk/settings/{street}/points.cap_day/"]  # fmt: skip
RESIDENT += [
    "/activities/{now}/",
    "/activities/{now}/lead/",
    "/activities/{now}/lead/code/",
    "/activities/here/{now}/in/",
]
WORKER += ["/desk/activities/{now}/", "/desk/activities/{now}/code/", "/desk/activities/{now}/presence/", "/desk/activities/{now}/sheet/",
           "/desk/activities/{over}/presence/", "/desk/activities/{over}/sheet/entry/"]  # fmt: skip
VISITOR += ["/certificates/{token}/"]
RESIDENT += ["/activities/stars/", "/activities/certificates/", "/activities/certificates/{certificate}/"]
WORKER += [
    "/desk/stars/",
    "/desk/certificates/",
    "/desk/certificates/{certificate}/print/",
    "/desk/residents/{wang}/stars/",
]
RESIDENT += ["/activities/hours/", "/activities/hours/paper/", "/activities/volunteer/"]
WORKER += ["/desk/hours/", "/desk/hours/paper/", "/desk/hours/whole/", "/desk/corrections/", "/desk/corrections/{correction}/",
           "/desk/participations/{seen}/correct/", "/desk/trainings/", "/desk/trainings/new/", "/desk/volunteers/",
           "/desk/volunteers/paper/", "/desk/residents/{wang}/volunteer/", "/desk/residents/{zhao}/service-record/",
           "/desk/review/activities/{over}/", "/desk/activities/{over}/", "/desk/activities/{over}/folder/",
           "/desk/activities/scheme/", "/desk/stars/bars/", "/desk/certificates/{certificate}/",
           "/desk/residents/{wang}/certificate/"]  # fmt: skip
RESIDENT += ["/me/calendar/", "/rooms/keys/", "/rooms/keys/{use}/"]
WORKER += ["/desk/rooms/", "/desk/rooms/new/", "/desk/rooms/{keyed}/", "/desk/rooms/{keyed}/edit/", "/desk/rooms/{keyed}/week/",
           "/desk/rooms/{keyed}/month/", "/desk/rooms/{keyed}/keys/?q=王", "/desk/rooms/day/", "/desk/rooms/rate/", "/desk/rooms/checks/",
           "/desk/rooms/checks/print/", "/desk/rooms/checks/{use}/", "/desk/rooms/checks/{use}/print/"]  # fmt: skip
RESIDENT += ["/night-school/{line}/wait/", "/night-school/{offer}/wait/", "/night-school/{offer}/wait/leave/"]
WORKER += ["/desk/night-school/{line}/line/", "/desk/night-school/line/{waits}/move/"]
RESIDENT += [
    "/night-school/{drawn}/",
    "/night-school/{drawn}/apply/",
    "/applications/{asked}/",
    "/applications/{asked}/withdraw/",
]
VISITOR += ["/night-school/{settled}/draw/"]
WORKER += ["/desk/night-school/{settled}/applications/", "/desk/night-school/{approval}/applications/",
           "/desk/night-school/{approval}/applications/approve/?id={asked}",
           "/desk/night-school/{approval}/applications/decline/?id={asked}"]  # fmt: skip
WORKER += [
    "/desk/night-school/health/",
    "/desk/night-school/health/?state=all&sort=fill",
    "/desk/night-school/{course}/seat-many/",
]
RESIDENT += PARTNERS_PHONE
WORKER += PARTNERS_DESK
ADMIN += PARTNERS_HEAD
FINANCE = ["/desk/", "/desk/rules/", "/desk/books/{community}/", "/desk/books/street/{street}/", "/desk/settings/"]


@dataclass(frozen=True)
class Scene:
    """`people`: (who, their pages, whether on a phone); `numbers` fill the addresses in."""

    people: list[tuple[User | None, list[str], bool]]
    numbers: dict[str, object]

    def visits(self, *, phone: bool) -> list[tuple[User | None, list[str]]]:
        """Who opens which addresses on a phone, or at a desk."""
        return [
            (user, [one.format(**self.numbers) for one in pages])
            for user, pages, small in self.people
            if small == phone
        ]


def prepare(world: World) -> Scene:
    """王秀兰 and 李建国 are one household; 李建国 owes, has objected once, and may object once more."""
    other = cast.course(world.wenxing, title="花艺插花", price=10)
    cast.activity(world.wenxing)
    cast.partner(world.street, world.wenxing, world.zhang)
    (seat,) = cast.seated(cast.course(world.wenxing), world.wang)
    owed, given = _owing(world)
    deeds.at_home(world.wang, world.zhao)
    Resident.objects.filter(pk=world.li.pk).update(household=world.wang.household)
    world.li.refresh_from_db()
    assert world.li.account and world.wang.account
    purse.join(resident=world.li, by=world.li.account)
    shared = enrol(
        course_id=cast.course(world.wenxing, title="合唱", price=15).pk, resident=world.li, by=world.li.account,
        channel=Channel.PHONE, purse=True,
    )  # fmt: skip
    appeal = appeals.file(resident=world.li, about=f"adjustment:{given}", text="还少记了一次", by=world.li.account)
    waiting = adjusting.propose(resident=world.wang, amount=20, reason="9月1日清理楼道漏记", by=world.zhang)
    enrolling = counter.act_of("night-school")
    assert enrolling
    slip = counter.perform(act=enrolling, resident=world.zhao, number=other.pk, by=world.zhang)
    finance = cast.staff("zhenghuiping", "郑会萍", Duty.Role.FINANCE, sub_district=world.street)
    numbers = {
        "course": seat.course_id, "other": other.pk, "seat": seat.pk, "shared": shared.pk, "owed": f"adjustment:{owed}",
        "given": f"adjustment:{given}", "waiting": waiting.pk, "appeal": appeal.pk, "entry": deeds.first_award(world.wang),
        "li": world.li.pk, "wang": world.wang.pk, "zhao": world.zhao.pk, "street": world.street.pk, "community": world.wenxing.pk, "slip": slip.pk,
    }  # fmt: skip
    cast.award(world.wang, 60)  # for the gifts and vouchers below
    numbers |= _on_the_spot(world) | _held(world) | _shown(world) | {"deed": _sent_in(world), "plan": _planned(world)}
    numbers |= _certified(world) | _corrected(world) | _lined(world)
    numbers |= applicants.laid(world)
    keys = lay_keys(world)
    numbers |= {"keyed": keys.room.pk, "use": keys.use.pk}
    shop = lay_partners(world)
    people = [
        (None, VISITOR, True), (world.wang.account, RESIDENT, True), (world.li.account, RELATIVE, True),
        (world.zhang, WORKER, False), (world.he, ADMIN, False), (finance, FINANCE, False),
        (shop.owner, OWNER, True), (shop.applicant, APPLICANT, True),
    ]  # fmt: skip
    return Scene(people, dict(**numbers, **shop.numbers))


def _lined(world: World) -> dict[str, object]:
    """王秀兰 waits for one course, and has been offered a seat of another."""
    waits, (course, _) = lay_line(world), lining.offered(world, title="候补课")
    return {"line": waits.course_id, "waits": waits.pk, "offer": course.pk}


def _on_the_spot(world: World) -> dict[str, object]:
    """王秀兰 leads what goes on now and has come herself; 赵玉珍 is on the list."""
    now, over = cast.activity(world.wenxing, ago=1, organiser=world.wang), cast.activity(world.wenxing, ago=9)
    assert world.wang.account
    presence.arrive(activity_id=now.pk, resident=world.wang, by=world.wang.account)
    for one in (now, over):
        signup.add(activity_id=one.pk, resident=world.zhao, by=world.zhang)
    for act, at in ((presence.arrive, over.starts_at), (presence.leave, over.ends_at)):
        seen = act(activity_id=over.pk, resident=world.wang, by=world.wang.account, seen_at=at, at=at)
    return {"now": now.pk, "over": over.pk, "seen": seen.pk}


def _corrected(world: World) -> dict[str, object]:
    """赵玉珍 served, and a colleague asks for fewer minutes."""
    record = serving_hours.serve(world, world.zhao, days_ago=2)
    asked = correcting.propose(participation=record.participation, minutes=60, reason="提前离开", by=world.zhang)
    return {"correction": asked.pk}


def _held(world: World) -> dict[str, object]:
    """A post with a month that waits, a courier who waits, a gift put aside."""
    laid = lay_holding(world)
    return {"post": laid.held.post_id, "courier": laid.courier.pk, "gift": laid.gift.pk, "exchange": laid.exchange.pk,
            "goods": laid.stock.slip.pk, "tally": laid.stock.count.pk}  # fmt: skip


def _planned(world: World) -> int:
    """A draft of a salon in a series, and a visit with something to do."""
    visited = Visit(
        community=world.wenxing, resident=world.zhao, text="独居，精神好", follow_up="换灯泡", on=clock.today()
    )
    visiting.note(visit=visited, by=world.zhang)
    series = Series.objects.create(community=world.wenxing, title="创业沙龙", made_by=world.zhang)
    return cast.activity(world.wenxing, kind="SALON", status="draft", series=series, title="周三创业沙龙").pk


def _sent_in(world: World) -> int:
    """王秀兰 sent in a photo, and 李建国 the same thing."""
    mine = pictures.sent(world, world.wang, text="东门路灯不亮", place="天和城东门", photo=pictures.picture())
    pictures.sent(world, text="路灯不亮了", place="天和城东门口")
    return mine.pk


def _certified(world: World) -> dict[str, object]:
    """王秀兰 has reached a star and holds a certificate."""
    serving.reached(world)
    mine = serving.issued(world)
    return {"certificate": mine.pk, "token": mine.token}


def _owing(world: World) -> tuple[int, int]:
    """李建国 met both caps, spent what he had, and it was taken back; then he was given a little. Both adjustments."""
    entry = deeds.served(world.li, "ENV", 300).entry
    deeds.served(world.li, "ENV", 60)
    cast.seated(cast.course(world.wenxing, title="烘焙", price=40), world.li)
    assert entry
    back = adjusting.propose_take_back(entry=entry, reason="当天没有到场，名单记错", by=world.zhang)
    adjusting.approve(adjustment=back, by=world.chen)
    more = adjusting.propose(resident=world.li, amount=5, reason="议事会漏记", by=world.zhang)
    booked(world, more)
    return back.pk, more.pk


def _shown(world: World) -> dict[str, object]:
    """A notice of twelve who agreed and one who did not, with an objection; and a draft."""
    people = [*noticing.crowd(world), world.zhao]
    lines = [notices.Line(f"志愿服务{n}小时", one) for n, one in enumerate(people, 10)]
    made = noticing.shown(world, [*lines, notices.Line("结对共建", subject="博世邻里之家")])
    mine = objections.file(notice=made, text="名单有误", by=world.zhang)
    return {"notice": made.pk, "objection": mine.pk, "draft": noticing.drafted(world).pk}
