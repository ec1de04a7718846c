"""Every way in which hours were bought or made up in the news (domain guide, 3.3), each with what stands against it.

Bought hours entered in the back office · approval for oneself and one's people · empty activities · meetings and duty booked as
service · stolen accounts · bursts of one recorder · what is found afterwards is struck out, never deleted.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from activities import kinds, onduty, reviewing, scanning, watching
from activities.models import Activity, Award, Means, Participation, Service
from activities.presence import arrive, close_forgotten, leave
from activities.recording import absent, record
from activities.reviewing import confirm, eyes_of, refusal_for, waiting_for
from communities import helping, rotating, settings
from communities.models import Consent, FormerNumber, Parting, Resident, Setting, User
from communities.todo import rows_for
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.activities.cast import recorded, relative, signed
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal; nobody got points or hours by it."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert not Award.objects.exists() and not Service.objects.exists()
    return caught.value.code


def confirming(mine: Participation, by: User, minutes: int = 120) -> str:
    return refused(lambda: confirm(participation=mine, minutes=minutes, by=by))


def raw(statement: str, *arguments: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


# Bought hours, entered by an administrator in the back office


@pytest.mark.parametrize("who", ["zhang", "chen", "he"])
def test_one_person_alone_gives_nobody_hours_or_points(world: World, who: str) -> None:
    """Worker, head and administrator alike: whoever wrote it down does not confirm it."""
    alone: User = getattr(world, who)
    activity = cast.activity(world.wenxing, ago=3)
    mine = record(participation=signed(activity, world.li, world), minutes=120, by=alone)
    assert confirming(mine, alone) == "same_person"
    assert not waiting_for(alone).exists() and statement.available(world.li) == 0


def test_writing_it_down_anew_does_not_make_one_the_second_person(world: World) -> None:
    mine = recorded(world)
    record(participation=mine, minutes=100, by=world.chen)
    assert confirming(mine, world.chen, 100) == "same_person"


def test_one_account_alone_cannot_do_it_by_writing_to_the_database(world: World) -> None:
    """The application's own login: two people stand on the row, on the award and on the record of hours."""
    mine = recorded(world)
    with pytest.raises(IntegrityError, match="participation_two_people"):
        raw(
            "UPDATE activities_participation SET status = 'confirmed', confirmed_by_id = recorded_by_id, confirmed_at = now() WHERE id = %s",
            mine.pk,
        )
    done = confirm(participation=mine, minutes=120, by=world.chen)
    with pytest.raises(IntegrityError, match="award_two_people"):
        raw("UPDATE activities_award SET approved_by_id = recorded_by_id WHERE id = %s", done.award_id)
    with pytest.raises(DatabaseError, match="on record as it is"):
        raw("UPDATE activities_service SET confirmed_by_id = recorded_by_id WHERE participation_id = %s", mine.pk)
    with pytest.raises(DatabaseError, match="corrected, not deleted"):
        raw("DELETE FROM activities_service WHERE participation_id = %s", mine.pk)


def test_who_was_not_there_by_nobodys_word_earns_nothing(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3)
    assert confirming(signed(activity, world.li, world), world.chen) == "not_recorded"
    missing = absent(participation=signed(activity, world.wang, world), by=world.zhang)
    assert confirming(missing, world.chen) == "not_recorded"


def test_months_later_it_takes_a_reason_and_two_people(world: World) -> None:
    """Hours for a certificate that is wanted now were written down for activities of long ago."""
    activity = cast.activity(world.wenxing, ago=24 * 40)
    part = signed(activity, world.li, world)
    assert refused(lambda: record(participation=part, minutes=120, by=world.zhang)) == "late_reason_missing"
    mine = record(participation=part, minutes=120, by=world.zhang, late_reason="签到表遗漏", at=None)
    done = confirm(participation=mine, minutes=120, by=world.chen)
    service = Service.objects.get(participation=done)
    assert service.late_reason == "签到表遗漏"  # 补录 is marked on the record for ever


def test_what_was_recorded_in_time_and_lay_about_takes_a_reason_too(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=24 * 40)
    part = signed(activity, world.li, world)
    mine = record(participation=part, minutes=120, by=world.zhang, at=activity.ends_at + timedelta(hours=1))
    assert confirming(mine, world.chen) == "late_without_reason"
    assert not waiting_for(world.chen).exists()
    assert (
        confirm(participation=mine, minutes=120, by=world.chen, at=activity.ends_at + timedelta(hours=2)).status
        == "confirmed"
    )


# Approval for oneself and one's own people


def own_file(world: World) -> Resident:
    relative(world, world.chen)
    return Resident.objects.get(name="陈志强本人")


def household(world: World) -> Resident:
    return relative(world, world.chen)


def by_phone_alone(world: World) -> Resident:
    world.chen.own_phone = "13700000066"
    world.chen.save()
    return cast.resident(world.wenxing, "陈志强二", "13700000066")


def former_household(world: World) -> Resident:
    kin = relative(world, world.chen)
    home = kin.household
    elsewhere = cast.resident(world.wenxing, "新户").household
    Resident.objects.filter(pk=kin.pk).update(household=elsewhere)
    Parting.objects.create(resident=kin, household=home, by=world.he)
    kin.refresh_from_db()
    return kin


def former_number(world: World) -> Resident:
    other = cast.resident(world.wenxing, "原号码", "13700000055")
    FormerNumber.objects.create(user=world.chen, resident=other)
    return other


def helped(world: World) -> Resident:
    """陈志强 acts on his own phone for 赵玉珍: appointed before the number was known to be his."""
    phone = "13700000044"
    helping.appoint(
        resident=world.zhao, phone=phone, name="陈志强", relation="邻居", by=world.zhang, way=Consent.Way.SIGNATURE
    )
    world.chen.own_phone = phone
    world.chen.save()
    return world.zhao


@pytest.mark.parametrize("who", [own_file, household, by_phone_alone, former_household, former_number, helped])
def test_nobody_approves_for_themselves_or_their_people(world: World, who: Callable[[World], Resident]) -> None:
    person = who(world)
    mine = recorded(world, person)
    assert confirming(mine, world.chen) == "own_points"
    assert mine not in waiting_for(world.chen)
    assert confirm(participation=mine, minutes=120, by=world.he).status == "confirmed"


def test_points_for_a_childs_guardian_count_as_the_guardians(world: World) -> None:
    """Under 14 the points go to the guardian: who is the guardian's family does not approve them."""
    parent = household(world)
    mine = recorded(world)
    Participation.objects.filter(pk=mine.pk).update(guardian=parent, guardian_there=True)
    assert confirming(mine, world.chen) == "own_points" and not waiting_for(world.chen).exists()


def test_whose_family_is_not_known_approves_nothing(world: World) -> None:
    mine = recorded(world)
    world.chen.own_phone = ""
    world.chen.save()
    assert confirming(mine, world.chen) == "own_phone_missing" and not waiting_for(world.chen).exists()


def test_nobody_writes_down_their_own_presence(world: World) -> None:
    world.zhang.own_phone = world.li.phone
    world.zhang.save()
    part = signed(cast.activity(world.wenxing, ago=3), world.li, world)
    assert refused(lambda: record(participation=part, minutes=60, by=world.zhang)) == "own_service"


# Empty activities


def test_nothing_is_recorded_before_an_activity_has_ended_or_when_it_was_called_off(world: World) -> None:
    coming = cast.activity(world.wenxing)
    part = signed(coming, world.li, world)
    assert refused(lambda: record(participation=part, minutes=60, by=world.zhang)) == "not_ended_yet"


def test_one_person_is_not_at_two_activities_at_once(world: World) -> None:
    confirm(participation=recorded(world), minutes=120, by=world.chen)
    other = cast.activity(world.wenxing, ago=3, title="同一时间的另一个活动")
    part = Participation.objects.create(activity=other, resident=world.li, by=world.zhang)
    with pytest.raises(Refused) as caught, transaction.atomic():
        record(participation=part, minutes=60, by=world.zhang)
    assert caught.value.code == "service_overlaps" and Service.objects.count() == 1


def test_a_crowd_entered_by_one_hand_is_shown_to_the_heads(world: World) -> None:
    """Fifty to five hundred people of an activity that never was: they had all to be typed by somebody."""
    settings.change(
        key="volunteer.burst_people", value=10, starts_on=clock.today() + timedelta(days=1), sub_district=world.street, by=world.he
    )  # fmt: skip
    Setting.objects.update(starts_on=clock.today() - timedelta(days=5))
    activity = cast.activity(world.wenxing, ago=3, capacity=40)
    for number in range(11):
        person = cast.resident(world.wenxing, f"名单{number}")
        record(participation=signed(activity, person, world), minutes=60, by=world.zhang)
    (burst,) = watching.of_user(world.chen)
    assert (burst.recorder, burst.people, burst.community) == (world.zhang, 11, world.wenxing)
    assert watching.tell_heads(clock.now()) == 1 == watching.tell_heads(clock.now())
    told = Message.objects.filter(occasion__startswith="burst:")
    assert {one.staff for one in told} == {world.chen, world.he} and told.count() == 2
    assert "11人次" in told[0].body and f"/desk/review/oversight/{world.zhang.pk}/" in told[0].link
    assert [row.count for row in rows_for(world.chen) if row.label == "录入量偏多待核对"] == [1]
    assert not [row for row in rows_for(world.zhang) if row.label == "录入量偏多待核对"]


# Meetings, duty shifts and training booked as service


@pytest.mark.parametrize("kind", [code for code, template in kinds.TEMPLATES.items() if not template.volunteering])
def test_a_meeting_never_gives_hours(world: World, kind: str) -> None:
    mine = recorded(world, kind=kind, volunteering=False)
    done = confirm(participation=mine, minutes=120, by=world.chen)
    assert done.status == "confirmed" and not Service.objects.exists()
    with pytest.raises(DatabaseError, match="no volunteer service"):
        raw(
            """INSERT INTO activities_service (community_id, resident_id, participation_id, title, kind, content, place, unit, leader,
            starts_at, ends_at, "on", minutes, credited, day_cap, over_reason, means, recorded_by_id, recorded_at, confirmed_by_id,
            confirmed_at, late_reason, void_reason) SELECT %s, p.resident_id, p.id, 'x', 'ENV', 'x', 'x', 'x', 'x', p.served_from,
            p.served_to, (p.served_from AT TIME ZONE 'Asia/Shanghai')::date, 60, 60, 480, '', 'x', p.recorded_by_id, now(),
            p.confirmed_by_id, now(), '', '' FROM activities_participation p WHERE p.id = %s""",
            world.wenxing.pk, done.pk,
        )  # fmt: skip


def test_a_meeting_does_not_become_service_afterwards(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3, kind="MEET", volunteering=False)
    with pytest.raises(DatabaseError, match="announced as something else"):
        raw("UPDATE activities_activity SET kind = 'ENV', volunteering = true WHERE id = %s", activity.pk)


def colleague(world: World) -> Resident:
    """张晓燕 as a resident, by her own number."""
    world.zhang.own_phone = "13700000088"
    world.zhang.save()
    return cast.resident(world.wenxing, "张晓燕本人", "13700000088")


def test_staff_do_not_earn_for_the_activity_that_they_published(world: World) -> None:
    me = colleague(world)
    activity = cast.activity(world.wenxing, ago=3, leader="社工部")
    Activity.objects.filter(pk=activity.pk).update(published_by=world.zhang)
    mine = record(participation=signed(activity, me, world), minutes=60, by=world.chen)
    assert confirming(mine, world.he, 60) == "on_duty" and not waiting_for(world.he).exists()


def test_staff_do_not_earn_where_they_wrote_others_down(world: World) -> None:
    """Two colleagues who record each other at one activity were both at work."""
    me = colleague(world)
    activity = cast.activity(world.wenxing, ago=3, leader="社工部")
    mine = record(participation=signed(activity, me, world), minutes=60, by=world.chen)
    assert refusal_for(reviewing.open_for(world.he).get(pk=mine.pk), world.he) is None
    record(participation=signed(activity, world.li, world), minutes=60, by=world.zhang)
    assert confirming(mine, world.he, 60) == "on_duty"
    assert onduty.among([mine.pk]) == {mine.pk} and mine not in waiting_for(world.he)


def test_staff_do_not_earn_for_the_activity_that_they_led(world: World) -> None:
    me = colleague(world)
    activity = cast.activity(world.wenxing, ago=3, leader="张晓燕")
    mine = record(participation=signed(activity, me, world), minutes=60, by=world.chen)
    assert confirming(mine, world.he, 60) == "on_duty" and not waiting_for(world.he).exists()
    namesake = record(participation=signed(activity, world.li, world), minutes=60, by=world.chen)
    Resident.objects.filter(pk=world.li.pk).update(name="张晓燕")  # of the same name, and no colleague
    assert confirm(participation=namesake, minutes=60, by=world.he).status == "confirmed"


def test_staff_volunteer_in_their_own_time_like_everybody(world: World) -> None:
    me = colleague(world)
    mine = record(
        participation=signed(cast.activity(world.wenxing, ago=3, leader="社工部"), me, world), minutes=60, by=world.chen
    )
    assert confirm(participation=mine, minutes=60, by=world.he).status == "confirmed"


# Stolen accounts


def test_a_stolen_account_is_not_there_without_the_code_of_this_minute(world: World) -> None:
    """Who has somebody's password sits elsewhere; the code on the spot is another one a minute later."""
    now, purpose = clock.now(), scanning._purpose(7, scanning.way_of("in"))
    photographed = rotating.code(purpose, now)
    assert rotating.is_good(photographed, purpose, now)
    assert not rotating.is_good(photographed, purpose, now + timedelta(minutes=2))
    assert not rotating.is_good(photographed, scanning._purpose(7, scanning.way_of("out")), now)
    assert not rotating.is_good(photographed, scanning._purpose(8, scanning.way_of("in")), now)


def test_the_code_is_one_word_of_two(world: World) -> None:
    """Who scanned both is recorded, and has nothing before a colleague says yes."""
    activity = cast.activity(world.wenxing, ago=3)
    signed(activity, world.li, world)
    account = world.li.account
    assert account
    arrive(activity_id=activity.pk, resident=world.li, by=account, at=activity.starts_at)
    mine = leave(activity_id=activity.pk, resident=world.li, by=account, at=activity.ends_at)
    assert (mine.status, mine.by_code, mine.recorded_by, statement.available(world.li)) == (
        "recorded",
        True,
        account,
        0,
    )
    assert confirming(mine, account, mine.minutes or 0) in {"not_your_duty", "same_person"}
    assert confirm(participation=mine, minutes=mine.minutes or 0, by=world.zhang).status == "confirmed"


def test_who_never_checked_out_is_not_believed_to_have_stayed(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3)
    signed(activity, world.li, world)
    assert world.li.account
    arrive(activity_id=activity.pk, resident=world.li, by=world.li.account, at=activity.starts_at)
    assert close_forgotten(activity.ends_at + timedelta(hours=3)) == 1
    mine = Participation.objects.get(resident=world.li)
    assert mine.left_how == Means.FORGOTTEN
    assert confirming(mine, world.chen, mine.minutes or 0) == "check_out_forgotten"
    assert not waiting_for(world.chen).exists()
    seen = record(participation=mine, minutes=30, by=world.zhang)
    assert confirm(participation=seen, minutes=30, by=world.chen).minutes == 30


def test_the_organisers_phone_and_the_desk_of_one_person_are_not_two_people(world: World) -> None:
    """A colleague leads as a resident, ticks the list on the own phone, and would confirm it at the desk."""
    User.objects.filter(pk=world.chen.pk).update(own_phone=world.li.phone)
    world.chen.refresh_from_db()
    there = cast.activity(world.wenxing, ago=3, organiser=world.li)
    signed(there, world.zhao, world)
    for act, at in ((arrive, there.starts_at), (leave, there.ends_at)):
        mine = act(activity_id=there.pk, resident=world.zhao, by=world.li.account, how=Means.LIST, at=at)
    assert confirming(mine, world.chen) == "same_person" and not waiting_for(world.chen).exists()
    assert waiting_for(world.zhang).get() == mine


# Lists and single looks say the same; what is found is struck out and stays


def test_the_list_and_the_single_look_agree_about_each_of_them(world: World) -> None:
    me, kin = colleague(world), household(world)
    parts = [recorded(world), recorded(world, kin)]
    parts.append(
        record(participation=signed(cast.activity(world.wenxing, ago=3), me, world), minutes=60, by=world.chen)
    )
    Participation.objects.filter(pk=parts[0].pk).update(left_how="forgotten")
    Activity.objects.filter(pk=parts[2].activity_id).update(published_by=world.zhang)
    fresh = list(reviewing.open_for(world.he).filter(pk__in=[one.pk for one in parts]))
    for user in (world.zhang, world.chen, world.he):
        eyes = eyes_of(user, fresh)
        for one in fresh:
            alone, listed = refusal_for(one, user), refusal_for(one, user, eyes)
            assert (alone and alone.code) == (listed and listed.code)
            assert (one in waiting_for(user)) is (alone is None)
    assert breaches() == []
