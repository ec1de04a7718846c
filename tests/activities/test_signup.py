"""Joining an activity: who may, until when, and never more people than places."""

from collections import Counter
from datetime import date, timedelta

import pytest

from activities import signup
from activities.models import Activity, Participation
from communities.duties import NotYourDuty
from communities.models import Resident
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def join(activity: Activity, resident: Resident) -> Participation:
    assert resident.account is not None
    return signup.sign_up(activity_id=activity.pk, resident=resident, by=resident.account)


def refused(activity: Activity, resident: Resident) -> str:
    """The code that page and verb agree on; nobody was signed up."""
    shown = signup.refusal_for(signup.look(activity.pk), resident, clock.now())
    before = Participation.objects.count()
    with pytest.raises(Refused) as info:
        signup.sign_up(activity_id=activity.pk, resident=resident, by=resident.account or cast.User.objects.first())
    assert Participation.objects.count() == before
    assert shown is not None and shown.code == info.value.code
    return info.value.code


def test_a_resident_takes_one_of_the_places(world: World) -> None:
    activity = cast.activity(world.wenxing)
    mine = join(activity, world.wang)
    activity.refresh_from_db()
    assert (mine.status, mine.by, activity.taken, activity.places_left) == ("signed_up", world.wang.account, 1, 9)
    assert signup.standing(activity, world.wang) == mine
    assert breaches() == []


def test_each_reason_has_its_code(world: World) -> None:
    now = clock.now()
    by = {"cancelled_by": world.chen, "cancelled_at": now, "cancel_reason": "大风"}
    activity = cast.activity(world.wenxing)
    assert refused(cast.activity(world.wenxing, status="cancelled", **by), world.wang) == "activity_cancelled"
    assert refused(cast.activity(world.wenxing, ago=1), world.wang) == "already_started"
    assert refused(cast.activity(world.wenxing, capacity=0), world.wang) == "activity_full"
    assert refused(activity, world.sun) == "resident_not_confirmed"
    assert refused(cast.activity(world.hualin), world.wang) == "other_sub_district"
    join(activity, world.wang)
    assert refused(activity, world.wang) == "already_signed_up"


def test_the_organiser_s_own_limits_are_asked(world: World) -> None:
    last = cast.activity(world.wenxing, sign_up_until=clock.now())
    assert refused(last, world.wang) == "activity_sign_up_closed"
    assert signup.add(activity_id=last.pk, resident=world.wang, by=world.zhang).status == "signed_up"
    assert refused(cast.activity(world.wenxing, max_age=57), world.wang) == "too_old"
    assert refused(cast.activity(world.wenxing, min_age=60), world.wang) == "too_young"
    assert join(cast.activity(world.wenxing, ago=-99, min_age=18, max_age=60), world.wang).status == "signed_up"


def test_a_draft_is_unknown_and_what_is_finished_takes_nobody_in(world: World) -> None:
    with pytest.raises(signup.UnknownActivity):
        join(cast.activity(world.wenxing, status="draft"), world.wang)
    done = {"status": "finished", "finished_at": clock.now(), "finished_by": world.zhang}
    assert refused(cast.activity(world.wenxing, **done), world.wang) == "already_started"


def test_nobody_signs_up_for_two_things_at_one_time_and_is_told_which(world: World) -> None:
    first = cast.activity(world.wenxing, title="清扫")
    later = cast.activity(world.wenxing, title="巡逻", starts_at=first.ends_at)
    meets = cast.activity(world.wenxing, title="探访", starts_at=first.ends_at - timedelta(minutes=1))
    join(first, world.wang)
    assert refused(meets, world.wang) == "busy_then"
    with pytest.raises(signup.BusyThen, match="《清扫》"):
        join(meets, world.wang)
    assert join(later, world.wang).status == "signed_up"
    signup.withdraw(activity_id=first.pk, resident=world.wang, by=world.wang.account)
    signup.withdraw(activity_id=later.pk, resident=world.wang, by=world.wang.account)
    assert join(meets, world.wang).status == "signed_up"


def test_who_has_come_gives_nothing_back(world: World) -> None:
    activity = cast.activity(world.wenxing, starts_at=clock.now() + timedelta(minutes=20))
    mine = join(activity, world.wang)
    Participation.objects.filter(pk=mine.pk).update(arrived_at=clock.now(), arrived_how="code")
    with pytest.raises(signup.AlreadyThere):
        signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.wang.account)


def test_who_turns_eighteen_on_the_day_may_join_and_the_day_before_may_not(world: World) -> None:
    activity = cast.activity(world.wenxing)
    day = clock.local(activity.starts_at).date()
    born = date(day.year - 18, day.month, min(day.day, 28))
    grown = cast.resident(world.wenxing, "刚成年", "13700000011", born)
    young = cast.resident(world.wenxing, "未成年", "13700000012", born + timedelta(days=40))
    assert refused(activity, young) == "too_young"
    assert join(activity, grown).status == "signed_up"


def test_residents_of_a_neighbouring_community_may_join(world: World) -> None:
    assert join(cast.activity(world.wenxing), world.zhou).status == "signed_up"


def test_an_unknown_activity_is_refused(world: World) -> None:
    with pytest.raises(signup.UnknownActivity):
        signup.look(10**9)


def test_giving_the_place_back_frees_it_and_one_may_join_again(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    join(activity, world.wang)
    signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.wang.account)
    activity.refresh_from_db()
    assert (activity.taken, signup.standing(activity, world.wang)) == (0, None)
    join(activity, world.li)
    assert refused(activity, world.wang) == "activity_full"
    assert breaches() == []


def test_a_place_is_not_given_back_twice_nor_by_somebody_else_nor_after_the_start(world: World) -> None:
    activity = cast.activity(world.wenxing)
    join(activity, world.wang)
    with pytest.raises(signup.NotSignedUp):
        signup.withdraw(activity_id=activity.pk, resident=world.li, by=world.li.account)
    with pytest.raises(signup.TooLateToWithdraw):
        signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.wang.account, at=activity.starts_at)
    signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.wang.account)
    with pytest.raises(signup.NotSignedUp):
        signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.wang.account)


def test_staff_add_an_elder_without_a_phone_even_after_the_start(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=1)
    added = signup.add(activity_id=activity.pk, resident=world.zhao, by=world.zhang)
    assert (added.status, added.by) == ("signed_up", world.zhang)
    with pytest.raises(signup.AlreadySignedUp):
        signup.add(activity_id=activity.pk, resident=world.zhao, by=world.zhang)


def test_staff_add_nobody_who_is_not_confirmed_and_nobody_to_a_full_list(world: World) -> None:
    with pytest.raises(signup.NotConfirmed):
        signup.add(activity_id=cast.activity(world.wenxing).pk, resident=world.sun, by=world.zhang)
    with pytest.raises(signup.ActivityFull):
        signup.add(activity_id=cast.activity(world.wenxing, capacity=0).pk, resident=world.wang, by=world.zhang)


def test_staff_of_another_community_add_nobody(world: World) -> None:
    with pytest.raises(NotYourDuty):
        signup.add(activity_id=cast.activity(world.wenxing).pk, resident=world.zhou, by=world.qian)


def test_the_check_refuses_when_the_look_was_too_early(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    join(activity, world.wang)
    with pytest.raises(signup.ActivityFull):
        late_look(activity, world.li)
    with pytest.raises(signup.AlreadySignedUp):
        late_look(activity, world.wang)


@signup.verb(signup.REFUSALS)
def late_look(activity: Activity, resident: Resident) -> None:
    """What the verb does after a look that still saw a place."""
    Participation.objects.create(activity=activity, resident=resident, by=resident.account)


def test_an_activity_called_off_after_the_look_takes_nobody_in(world: World) -> None:
    activity = cast.activity(world.wenxing)
    off = {"cancelled_at": clock.now(), "cancelled_by": world.chen, "cancel_reason": "大风"}
    Activity.objects.filter(pk=activity.pk).update(status="cancelled", **off)
    with pytest.raises(signup.ActivityCancelled):
        late_look(activity, world.li)


@pytest.mark.django_db(transaction=True)
def test_40_people_at_once_for_10_places_are_10(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=10)
    people = [cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(40)]
    answers = at_once([lambda p=p: join(activity, p) for p in people])
    activity.refresh_from_db()
    assert Counter(getattr(answer, "code", "joined") for answer in answers) == {"joined": 10, "activity_full": 30}
    assert activity.taken == activity.participations.standing().count() == 10
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_one_person_clicking_ten_times_has_one_place(world: World) -> None:
    activity = cast.activity(world.wenxing)
    answers = at_once([lambda: join(activity, world.wang) for _ in range(10)])
    assert Counter(getattr(answer, "code", "joined") for answer in answers) == {"joined": 1, "already_signed_up": 9}
    assert breaches() == []
