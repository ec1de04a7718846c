"""Enough of everything that every page has something to show: an owed sum, an appeal, a purse, what waits for two people."""

from dataclasses import dataclass

from communities import appeals, counter, notices, objections
from communities.models import Duty, Resident, User
from nightschool.enrolment import enrol
from nightschool.models import Enrolment
from points import adjusting, purse
from tests import world as cast
from tests.communities import noticing
from tests.points import deeds
from tests.world import World

RESIDENT = ["/", "/night-school/", "/night-school/{course}/", "/night-school/{other}/confirm/", "/tickets/",
            "/tickets/{seat}/", "/tickets/{seat}/cancel/", "/points/", "/points/rules/", "/points/passbook/", "/points/purse/",
            "/notices/", "/notices/{notice}/", "/notices/{notice}/object/", "/appeals/", "/messages/", "/activities/", "/activities/mine/", "/partners/", "/me/",
            "/me/data/", "/me/data/paper/", "/me/data/ask/close/", "/me/data/ask/correct/", "/me/consents/", "/privacy/"]  # fmt: skip
RELATIVE = ["/night-school/{other}/confirm/", "/tickets/{shared}/", "/tickets/{shared}/cancel/", "/points/", "/points/?kind=expiry",
            "/points/?since=2026-12-01&until=2026-01-01", "/points/passbook/", "/points/purse/", "/appeals/",
            "/appeals/{owed}/", "/appeals/{given}/"]  # fmt: skip
VISITOR = ["/", "/notices/", "/notices/{notice}/", "/sign-in/", "/night-school/", "/points/rules/", "/desk/sign-in/"]
WORKER = ["/desk/", "/desk/notices/", "/desk/notices/new/", "/desk/notices/{draft}/?q=王", "/desk/notices/{notice}/",
          "/desk/notices/{notice}/print/", "/desk/notices/{notice}/object/", "/desk/objections/", "/desk/counter/", "/desk/counter/{zhao}/", "/desk/counter/{zhao}/night-school/{course}/", "/desk/counter/slips/",
          "/desk/counter/slips/{slip}/", "/desk/search/?q=王", "/desk/residents/", "/desk/residents/{li}/", "/desk/activities/", "/desk/night-school/",
          "/desk/night-school/{course}/", "/desk/enrolments/", "/desk/partners/", "/desk/settings/", "/desk/night-school/new/",
          "/desk/rules/", "/desk/adjustments/", "/desk/adjustments/new/?q=王", "/desk/adjustments/{waiting}/",
          "/desk/residents/{li}/points/", "/desk/residents/{li}/points/adjust/", "/desk/residents/{wang}/points/{entry}/take-back/",
          "/desk/residents/{li}/passbook/", "/desk/residents/{wang}/purse/", "/desk/residents/{zhao}/purse/",
          "/desk/residents/{li}/appeals/{owed}/", "/desk/appeals/", "/desk/books/{community}/",
          "/desk/rights/", "/desk/residents/{li}/rights/", "/desk/residents/{li}/consents/", "/desk/residents/{li}/reveal/",
          "/desk/residents/{li}/close/"]  # fmt: skip
ADMIN = ["/desk/", "/desk/objections/{objection}/", "/desk/rules/", "/desk/rules/{street}/ENV/", "/desk/rules/{street}/ENV/change/", "/desk/rules/{street}/new/",
         "/desk/adjustments/{waiting}/", "/desk/books/street/{street}/", "/desk/appeals/", "/desk/appeals/{appeal}/",
         "/desk/settings/", "/desk/settings/{street}/holidays/", "/desk/settings/{street}/points.cap_day/"]  # fmt: skip
FINANCE = ["/desk/", "/desk/rules/", "/desk/books/{community}/", "/desk/books/street/{street}/", "/desk/settings/"]


@dataclass(frozen=True)
class Scene:
    """`people`: (who, their pages, whether on a phone); `numbers` fill the addresses in."""

    people: list[tuple[User | None, list[str], bool]]
    numbers: dict[str, object]

    def visits(self) -> list[tuple[User | None, list[str], bool]]:
        return [(user, [page.format(**self.numbers) for page in pages], phone) for user, pages, phone in self.people]


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
        channel=Enrolment.Channel.PHONE, purse=True,
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
    numbers |= _shown(world)
    people = [
        (None, VISITOR, True), (world.wang.account, RESIDENT, True), (world.li.account, RELATIVE, True),
        (world.zhang, WORKER, False), (world.he, ADMIN, False), (finance, FINANCE, False),
    ]  # fmt: skip
    return Scene(people, numbers)


def _owing(world: World) -> tuple[int, int]:
    """李建国 met both caps, spent what he had, and it was taken back; then he was given a little. Both adjustments."""
    entry = deeds.served(world.li, "ENV", 300).entry
    deeds.served(world.li, "ENV", 60)
    cast.seated(cast.course(world.wenxing, title="烘焙", price=40), world.li)
    assert entry
    back = adjusting.propose_take_back(entry=entry, reason="当天没有到场，名单记错", by=world.zhang)
    adjusting.approve(adjustment=back, by=world.chen)
    more = adjusting.propose(resident=world.li, amount=5, reason="议事会漏记", by=world.zhang)
    adjusting.approve(adjustment=more, by=world.chen)
    return back.pk, more.pk


def _shown(world: World) -> dict[str, object]:
    """A notice of twelve who agreed and one who did not, with an objection; and a draft."""
    people = [*noticing.crowd(world), world.zhao]
    lines = [notices.Line(f"志愿服务{n}小时", one) for n, one in enumerate(people, 10)]
    made = noticing.shown(world, [*lines, notices.Line("结对共建", subject="博世邻里之家")])
    mine = objections.file(notice=made, text="名单有误", by=world.zhang)
    return {"notice": made.pk, "objection": mine.pk, "draft": noticing.drafted(world).pk}
