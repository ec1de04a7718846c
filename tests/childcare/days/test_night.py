"""A child that is still there after midnight goes home all the same: it belongs to the day before until six in the morning."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client

from childcare.days import arriving, calls
from childcare.handover import asking
from childcare.models import Alarm, Attendance, Centre, Handover, LateMark, Pickup, Place
from childcare.opening import communities_of, posts
from core import clock
from core.refusals import Refused
from tests.books import breaches
from tests.childcare import cast
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.days.going import home_with
from tests.childcare.handover.people import CHECK, WAY, by_pickup, guardian_row, raw
from tests.childcare.handover.test_raw import refused_with

pytestmark = pytest.mark.django_db
MORNING = DAY + timedelta(days=1)


def night(it: Afternoon, hour: int, minute: int = 0) -> datetime:
    """Past midnight; the child has been there since the afternoon, and nobody has a turn on the new day."""
    arriving.arrive(place=it.care.place, by=it.care.teacher)
    it.move(17, 50)
    calls.sweep(clock.now())
    at = clock.at(MORNING, time(hour, minute))
    assert it.now is not None
    it.now.move_to(at)
    return at


@pytest.mark.parametrize("ends_on", [None, DAY], ids=["the place goes on", "the last day of the place"])
def test_the_teacher_of_the_evening_lets_the_child_go_on_the_phone(
    client: Client, afternoon: Afternoon, ends_on: date | None
) -> None:
    care, at = afternoon.care, night(afternoon, 0, 30)
    Place.objects.filter(pk=care.place.pk).update(ends_on=ends_on)
    client.force_login(care.teacher)
    alarm = Alarm.objects.get(place=care.place, kind=Alarm.Kind.NOT_COLLECTED)
    page = f"/care/places/{care.place.pk}/handover/"
    shown = client.get(f"/care/alarms/{alarm.pk}/").content.decode()
    assert page in shown and f"tel:{care.mother.phone}" in shown
    assert care.mother.name in client.get(page).content.decode()
    asked = {"who": f"guardian:{guardian_row(care.child, care.mother).pk}", "check": "known"}
    assert client.post(page, asked).status_code == 302
    gone = Handover.objects.get()
    assert (gone.day, gone.at, gone.late_minutes) == (DAY, at, 7 * 60)
    assert Attendance.objects.get(place=care.place).left_at == at
    alarm.refresh_from_db()
    assert alarm.outcome == "已接走" and LateMark.objects.get().minutes == 7 * 60 and breaches() == []
    assert client.get(page).status_code == 403  # nobody of yesterday is there any more


@pytest.mark.parametrize(("hour", "theirs"), [(5, True), (6, False)])
def test_the_community_of_the_centre_reads_of_the_child_until_the_night_is_over(
    afternoon: Afternoon, hour: int, theirs: bool
) -> None:
    care = afternoon.care
    night(afternoon, hour)
    Place.objects.filter(pk=care.place.pk).update(ends_on=DAY)
    care.child.community = afternoon.world.yongan  # it lives elsewhere
    assert (care.centre.community in communities_of(care.child)) is theirs
    assert bool(posts(care.teacher, care.child)) is theirs


@pytest.mark.parametrize(("hour", "theirs"), [(5, True), (6, False)])
def test_whose_check_ends_on_the_day_stays_until_the_day_of_care_is_over(
    client: Client, afternoon: Afternoon, hour: int, theirs: bool
) -> None:
    care = afternoon.care
    for post in (care.lead_post, care.teacher_post):
        post.checks.create(checked_on=DAY, clear=True, until=DAY, by=afternoon.world.chen)
    at = night(afternoon, hour)
    for account in (care.lead, care.teacher):
        client.force_login(account)
        assert client.get("/care/").status_code == (200 if theirs else 403)
        assert Centre.objects.of_caregiver(account).exists() is theirs
    if theirs:
        gone = home_with(care.place, care.mother, care.teacher)
        assert (gone.day, gone.at) == (DAY, at)


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [(0, 0, None), (1, 1, None), (-3, -1, asking.PickupExpired), (2, 3, asking.PickupNotYet)],
    ids=["of the evening", "said after midnight", "over before", "not begun"],
)
def test_whom_the_family_sends_for_the_night(
    afternoon: Afternoon, first: int, last: int, refused: type[Refused] | None
) -> None:
    care = afternoon.care
    night(afternoon, 0, 30)
    until, since = DAY + timedelta(days=last), DAY + timedelta(days=first)
    sent: Pickup = cast.pickup(care.child, care.mother, by=care.lead, valid_from=since, valid_until=until)
    if refused is None:
        assert by_pickup(care, sent).day == DAY
        return
    with pytest.raises(refused):
        by_pickup(care, sent)
    assert refused_with(lambda: raw(care, pickup=sent, day=DAY)) == "CC059"


def _in_the_morning(it: Afternoon) -> object:
    return home_with(it.care.place, it.care.mother, it.care.teacher)


def _in_the_database(it: Afternoon) -> object:
    return refused_with(lambda: raw(it.care, way=WAY.GUARDIAN, check_used=CHECK.KNOWN, day=DAY, guardian=guardian_row(it.care.child, it.care.mother)))  # fmt: skip


@pytest.mark.parametrize("act", [_in_the_morning, _in_the_database])
def test_at_six_the_night_is_over_and_the_paper_says_the_rest(
    afternoon: Afternoon, act: Callable[[Afternoon], object]
) -> None:
    night(afternoon, 6)
    if act is _in_the_database:
        assert act(afternoon) == "CC051"
        return
    with pytest.raises(asking.NotOnDuty):
        act(afternoon)
    assert Place.objects.filter(pk=afternoon.care.place.pk, handovers=None).exists()
