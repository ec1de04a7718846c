"""证明: whoever recorded certifies, the head issues, under numbers without gaps; what was issued stays as it is."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from activities import certificates, certified
from activities.certified import State
from activities.models import Certificate, CertificateRequest, Service, Volunteer
from communities import consents, todo
from communities.models import Community, Consent, Resident
from core import clock, masks
from core.refusals import BadInput
from notifications.models import Message
from tests import world as cast
from tests.activities import serving
from tests.activities.cast import relative
from tests.books import refuses
from tests.world import World

pytestmark = pytest.mark.django_db
Status = CertificateRequest.Status


def ask(world: World, resident: Resident | None = None, **given: object) -> CertificateRequest:
    today, who = clock.today(), resident or world.wang
    said = {"community": world.wenxing, "from_on": date(2000, 1, 1), "to_on": today, "by": who.account or world.zhang}
    return certificates.ask(resident=who, **{**said, **given})


def told(resident: Resident) -> list[str]:
    mine = Message.objects.filter(resident=resident, occasion__startswith="certificate")
    return list(mine.order_by("pk").values_list("title", flat=True))


def test_a_certificate_says_hours_content_and_unit_of_what_the_community_recorded(world: World) -> None:
    (service,) = serving.served(world, world.wang, 2.5, title="楼道清理", content="清理楼道杂物")
    made = certificates.issue(request=ask(world), by=world.chen, remarks="用于社会实践")
    assert (made.hours, made.minutes, made.remarks) == ("2.5", 150, "用于社会实践")
    assert made.lines == [
        {
            "service": service.pk, "on": service.on.isoformat(), "title": "楼道清理", "content": "清理楼道杂物",
            "place": "天和城东门", "span": "09:00—11:30", "hours": "2.5", "unit": "文兴社区",
        }
    ]  # fmt: skip
    assert (made.name, made.from_on, made.to_on) == ("王秀兰", service.on, clock.today())
    assert told(world.wang) == ["志愿服务记录证明已出具"]


def test_no_line_names_anybody(world: World) -> None:
    made = serving.issued(world)
    said = str(made.lines)
    assert not [name for name in ("王秀兰", "张晓燕", "陈志强") if name in said]


def test_another_community_s_hours_are_certified_by_that_one(world: World) -> None:
    serving.served(world, world.wang, 2)
    serving.served(world, world.wang, 5, community=world.yongan)
    assert certificates.units_of(world.wang) == [world.wenxing, world.yongan]
    assert certificates.issue(request=ask(world), by=world.chen).hours == "2"
    theirs = ask(world, community=world.yongan)
    with refuses(certificates.HeadsOnly):
        certificates.issue(request=theirs, by=world.chen)
    head = cast.staff("zhouzhuren", "周主任", cast.Duty.Role.HEAD, community=world.yongan)
    made = certificates.issue(request=theirs, by=head)
    assert (made.hours, made.number[:4]) == ("5", f"{world.yongan.pk:04d}")


def test_what_was_voided_or_is_below_half_an_hour_or_out_of_the_period_is_not_certified(world: World) -> None:
    old, new = serving.served(world, world.wang, 1, ago=400)[0], serving.served(world, world.wang, 2)[0]
    serving.served(world, world.wang, 0.4)
    struck = serving.served(world, world.wang, 3)[0]
    serving.struck(struck, world)
    today = clock.today()
    made = certificates.issue(request=ask(world, from_on=today - timedelta(days=100)), by=world.chen)
    assert [line["service"] for line in made.lines] == [new.pk]
    assert certificates.records(world.wang, world.wenxing, old.on, old.on) == [old]


def test_without_an_hour_of_this_unit_nothing_can_be_asked_for(world: World) -> None:
    with refuses(certificates.NothingToCertify):
        ask(world)
    serving.served(world, world.wang, 5, community=world.yongan)
    with refuses(certificates.NothingToCertify):
        ask(world)


def test_hours_struck_after_asking_leave_nothing_to_issue(world: World) -> None:
    mine = serving.asked(world)
    serving.struck(Service.objects.get(), world)
    with refuses(certificates.NothingToCertify):
        certificates.issue(request=mine, by=world.chen)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(("from_on", "to_on"), [(0, -1), (0, 1)])
def test_a_period_is_one_and_does_not_reach_into_the_future(world: World, from_on: int, to_on: int) -> None:
    serving.served(world, world.wang, 2, ago=0)
    today = clock.today()
    with refuses(certificates.BadPeriod):
        ask(world, from_on=today + timedelta(days=from_on), to_on=today + timedelta(days=to_on))


def test_one_asks_once_until_it_is_answered(world: World) -> None:
    serving.served(world, world.wang, 2)
    first = ask(world)
    with refuses(certificates.AlreadyAsked):
        ask(world)
    certificates.withdraw(request=first, by=world.wang.account)
    certificates.issue(request=ask(world), by=world.chen)
    ask(world)


def test_only_the_person_or_the_community_asks_and_only_the_person_takes_it_back(world: World) -> None:
    serving.served(world, world.wang, 2)
    for stranger in (world.qian, world.li.account):
        with refuses(certificates.NotYours):
            ask(world, by=stranger)
    mine = ask(world, by=world.zhang)
    with refuses(certificates.NotYours):
        certificates.withdraw(request=mine, by=world.zhang)
    assert world.wang.account
    certificates.withdraw(request=mine, by=world.wang.account)
    with refuses(certificates.AlreadyDecided):
        certificates.withdraw(request=mine, by=world.wang.account)
    with refuses(certificates.AlreadyDecided):
        certificates.issue(request=mine, by=world.chen)


def test_who_is_not_confirmed_asks_for_nothing(world: World) -> None:
    serving.served(world, world.wang, 2)
    Resident.objects.filter(pk=world.wang.pk).update(status="pending", decided_at=None)
    world.wang.refresh_from_db()
    with refuses(certificates.NotConfirmed):
        ask(world)


def test_the_head_issues_and_the_colleague_at_the_counter_handles(world: World) -> None:
    mine = serving.asked(world)
    with refuses(certificates.HeadsOnly):
        certificates.issue(request=mine, by=world.zhang)
    made = certificates.issue(request=mine, by=world.chen)
    assert (made.handled_by, made.issued_by) == (world.zhang, world.chen)
    with refuses(certificates.AlreadyDecided):
        certificates.issue(request=mine, by=world.chen)
    mine.refresh_from_db()
    assert (mine.status, mine.certificate, mine.decided_by) == (Status.ISSUED, made, world.chen)


def test_asked_for_by_phone_the_head_handles_it(world: World) -> None:
    serving.served(world, world.wang, 2)
    assert certificates.issue(request=ask(world), by=world.chen).handled_by == world.chen


def test_nobody_issues_declines_revokes_or_asks_for_the_own_family(world: World) -> None:
    family = relative(world, world.chen)
    mine = serving.asked(world, family)
    for act in (
        lambda: certificates.issue(request=mine, by=world.chen),
        lambda: certificates.decline(request=mine, reason="不对", by=world.chen),
    ):
        with refuses(certificates.OwnFamily):
            act()
    made = certificates.issue(request=mine, by=world.he)
    with refuses(certificates.OwnFamily):
        certificates.revoke(certificate=made, reason="不对", by=world.chen)
    with refuses(certificates.OwnFamily):
        ask(world, family, by=world.chen)


def test_declining_says_why(world: World) -> None:
    mine = serving.asked(world)
    with refuses(certificates.BadReason):
        certificates.decline(request=mine, reason=" ", by=world.chen)
    certificates.decline(request=mine, reason="本人说不要了", by=world.chen)
    mine.refresh_from_db()
    assert (mine.status, mine.decline_reason, told(world.wang)) == (
        Status.DECLINED,
        "本人说不要了",
        ["证明申请没有通过"],
    )


def test_numbers_run_by_community_and_year_without_a_gap(world: World) -> None:
    Community.objects.filter(pk=world.wenxing.pk).update(code="140213001")
    with time_machine.travel("2026-12-30 12:00+08:00", tick=False):
        first, second = serving.issued(world), serving.issued(world, world.li)
    serving.served(world, world.zhou, 2, community=world.yongan)
    with time_machine.travel("2027-01-02 12:00+08:00", tick=False):
        third = serving.issued(world, world.zhao)
        theirs = certificates.issue(request=ask(world, world.zhou, community=world.yongan), by=world.he)
    numbers = [one.number for one in (first, second, third, theirs)]
    yongan = f"{world.yongan.pk:04d}-2027-0001"
    assert numbers == ["140213001-2026-0001", "140213001-2026-0002", "140213001-2027-0001", yongan]


def test_a_refused_one_uses_no_number(world: World) -> None:
    mine = serving.asked(world)
    with refuses(BadInput):
        certificates.issue(request=mine, by=world.chen, remarks="长" * 101)
    assert certificates.issue(request=mine, by=world.chen).serial == 1


def test_two_communities_with_one_code_do_not_share_a_number(world: World) -> None:
    Community.objects.update(code="140213001")
    serving.issued(world)
    serving.served(world, world.zhou, 2, community=world.yongan)
    with refuses(certificates.SameCode):
        certificates.issue(request=ask(world, world.zhou, community=world.yongan), by=world.he)


def test_the_code_is_of_128_bits_and_of_its_own(world: World) -> None:
    one, other = serving.issued(world), serving.issued(world, world.li)
    assert one.token != other.token and len(one.token) >= 22


def test_it_is_good_for_the_months_of_the_setting(world: World) -> None:
    with time_machine.travel("2026-11-22 12:00+08:00", tick=False):
        made = serving.issued(world)
    assert made.valid_until == date(2027, 11, 22)
    assert certified.seen([made], on=date(2027, 11, 22))[0].state == State.VALID
    assert certified.seen([made], on=date(2027, 11, 23))[0].state == State.EXPIRED


def test_a_volunteer_s_number_stands_on_it_while_the_consent_stands(world: World) -> None:
    assert world.wang.account
    consent = consents.give(
        resident=world.wang, purpose=Consent.Purpose.VOLUNTEER, by=world.wang.account, way=Consent.Way.TAP
    )
    Volunteer.objects.create(resident=world.wang, consent=consent, number="1401234567", entered_by=world.zhang)
    assert serving.issued(world).volunteer_number == "1401234567"


def test_revoking_says_why_and_holds_for_ever(world: World) -> None:
    made = serving.issued(world)
    with refuses(certificates.HeadsOnly):
        certificates.revoke(certificate=made, reason="记录有误", by=world.zhang)
    with refuses(certificates.BadReason):
        certificates.revoke(certificate=made, reason="", by=world.chen)
    certificates.revoke(certificate=made, reason="记录有误", by=world.chen)
    with refuses(certificates.AlreadyRevoked):
        certificates.revoke(certificate=made, reason="再作废", by=world.he)
    assert told(world.wang)[-1] == "证明已作废"
    assert certified.check(made.token).state == State.REVOKED


def test_hours_corrected_since_are_said(world: World) -> None:
    made = serving.issued(world)
    assert certified.check(made.token).state == State.VALID
    serving.served(world, world.wang, 4)
    assert certified.check(made.token).state == State.VALID
    serving.struck(Service.objects.get(pk=made.lines[0]["service"]), world)
    assert certified.check(made.token).state == State.CORRECTED


def test_what_may_be_checked_is_masked_name_hours_and_unit(world: World) -> None:
    made = serving.issued(world)
    shown = certified.check(made.token)
    assert (shown.who, shown.hours, shown.unit) == (masks.name("王秀兰"), "2.5", "水泊寺街道文兴社区")


@pytest.mark.parametrize(
    "change",
    ["minutes = minutes + 30", "serial = 9", "number = 'X'", "lines = '[]'", "name = '别人'", "name = ''", "token = 'x'", "valid_until = '2099-01-01'"],
)  # fmt: skip
def test_the_database_keeps_it_as_it_was_issued(world: World, change: str) -> None:
    serving.issued(world)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE activities_certificate SET {change}")


def test_the_database_deletes_none_and_revokes_once(world: World) -> None:
    made = certificates.revoke(certificate=serving.issued(world), reason="记录有误", by=world.chen)
    for statement in ("DELETE FROM activities_certificate", "UPDATE activities_certificate SET revoke_reason = '别的'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Certificate.objects.get() == made


def test_no_number_is_given_twice_whatever_the_code(world: World) -> None:
    """The number that is printed may change with the community's code; its place in the year may not."""
    made = serving.issued(world)
    fields = {
        name: getattr(made, name) for name in ("community", "resident", "year", "serial", "from_on", "to_on", "minutes")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            number="X-2026-0001", token="other", handled_by=world.zhang, issued_by=world.chen, valid_until=made.valid_until, **fields
        )  # fmt: skip


def test_the_head_sees_what_waits_and_until_when(world: World) -> None:
    with time_machine.travel("2026-11-20 12:00+08:00", tick=False):  # a Friday
        serving.asked(world)
        (row,) = todo.rows_of([certified.rows], world.chen)
        assert (row.count, row.deadline and clock.local(row.deadline).date()) == (1, date(2026, 11, 27))
        assert [todo.rows_of([certified.rows], user)[0].count for user in (world.zhang, world.qian, world.he)] == [
            0,
            0,
            1,
        ]


def test_the_head_is_not_asked_about_the_own_family(world: World) -> None:
    serving.asked(world, relative(world, world.chen))
    assert [certified.waiting_for(user).count() for user in (world.chen, world.he)] == [0, 1]
