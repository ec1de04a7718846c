"""What else a visitor of the demo finds about earning: salons, a lecture, a family, honours, trainings, visits, a draft."""

from datetime import timedelta

import pytest

from activities import signup
from activities.ages import ConsentMissing
from activities.models import Activity, Award, FollowUp, Honour, Participation, Service, Training, Visit, Volunteer
from communities import guardians
from communities.acting import residents_of
from communities.models import Guardian, Notice, NoticeItem, Resident
from demo import cast, families, meetings, recognition
from nightschool.models import Enrolment
from points.models import Entry
from tests.books import breaches
from tests.demo.story import DAY, NOON, later, told

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]
Status = Participation.Status


def test_salons_are_a_series_that_gives_points_and_no_hours() -> None:
    salons = Activity.objects.filter(series__title=meetings.SALON).order_by("starts_at")
    assert [one.status for one in salons] == ["finished", "finished", "open", "open"]
    assert not any(one.volunteering for one in salons)
    came = Participation.objects.filter(activity__in=salons, status=Status.CONFIRMED)
    assert came.count() == 3 * meetings.GUESTS
    assert {one.points for one in came} == {5}
    assert not Service.objects.filter(participation__activity__volunteering=False).exists()
    assert salons[3].taken == meetings.COMING_GUESTS
    assert set(FollowUp.objects.values_list("kind", flat=True)) == {FollowUp.Kind.JOB, FollowUp.Kind.START_UP}


def test_lectures_have_a_provider_one_is_over_and_one_to_come() -> None:
    lectures = Activity.objects.filter(kind=Activity.Kind.LECT).order_by("starts_at")
    assert [one.starts_at > NOON for one in lectures] == [False, True]
    assert [one.providers.get().name for one in lectures] == [meetings.SPEAKER] * 2


def test_the_draft_is_for_staff_alone() -> None:
    draft = Activity.objects.get(title=meetings.DRAFT)
    assert (draft.status, draft.published_at) == (Activity.Status.DRAFT, None)
    assert draft not in Activity.objects.upcoming(NOON)


def test_a_mother_signed_her_child_up_for_the_family_activity() -> None:
    (pair,) = Guardian.objects.filter(child__care_file=None)
    assert (pair.child.name, pair.guardian.name, pair.child.account) == (families.CHILD, cast.PARENT.name, None)
    assert pair.child.age_on(DAY) == 9
    assert pair.guardian.account and pair.child in residents_of(pair.guardian.account)
    mine = Participation.objects.get(resident=pair.child)
    assert (mine.activity.title, mine.guardian, mine.status) == (families.TITLE, pair.guardian, Status.SIGNED_UP)
    assert not Enrolment.objects.filter(resident=pair.child).exists()


def test_without_her_consent_the_child_does_not_volunteer() -> None:
    pair = Guardian.objects.get(child__care_file=None)
    assert pair.guardian.account
    activity = Activity.objects.get(title=families.TITLE)
    signup.withdraw(activity_id=activity.pk, resident=pair.child, by=pair.guardian.account, at=NOON)
    guardians.withdraw(child=pair.child, by=pair.guardian.account)
    with pytest.raises(ConsentMissing):
        signup.sign_up(activity_id=activity.pk, resident=pair.child, by=pair.guardian.account, at=NOON)


def test_one_honour_is_on_a_running_notice_one_on_none_and_one_waits_for_its_second_person() -> None:
    shown, unshown = Award.objects.waiting().filter(about__startswith="honour:").order_by("pk")
    notice = Notice.objects.get(title=recognition.NOTICE)
    assert notice.status == Notice.Status.OPEN and notice.closes_on and notice.closes_on >= DAY
    assert f"award:{shown.pk}" in notice.items.values_list("about", flat=True)
    assert shown.resident.name == cast.WANG.name
    assert not NoticeItem.objects.filter(about=f"award:{unshown.pk}").exists()
    assert not Entry.objects.filter(key__startswith="honour:").exists()
    assert Honour.objects.get(status=Honour.Status.RECORDED).resident.name == cast.MOTHER.name


def test_more_than_a_hundred_points_wait_for_the_running_notice_and_the_hours_do_not() -> None:
    helped = Award.objects.waiting().filter(title__contains=recognition.FLOOD)
    assert [one.asked for one in helped] == [105, 105]
    notice = Notice.objects.get(title=recognition.NOTICE)
    assert {f"award:{one.pk}" for one in helped} <= set(notice.items.values_list("about", flat=True))
    assert {one.minutes for one in Service.objects.filter(participation__activity__title=recognition.FLOOD)} == {420}


def test_volunteers_are_registered_and_trained() -> None:
    assert Volunteer.objects.current().count() == len(recognition.REGISTERED)
    assert Volunteer.objects.exclude(number="").count() == 2
    assert set(Training.objects.filter(resident__name=cast.WANG.name).values_list("name", "minutes")) == {
        (recognition.PATROL[0], 120), (recognition.CARE[0], 90)
    }  # fmt: skip


def test_of_three_visits_one_is_to_be_followed_up_and_one_is_settled() -> None:
    visits = Visit.objects.order_by("on")
    assert [(bool(one.follow_up), bool(one.settled_at)) for one in visits] == [
        (False, False),
        (True, True),
        (True, False),
    ]
    assert all(one.at <= NOON and timedelta() <= DAY - one.on <= timedelta(days=6) for one in visits)


def test_a_second_start_writes_nothing_and_a_demo_of_before_gets_the_rest() -> None:
    before = counts()
    assert told(now=later(hours=1)) == []
    assert counts() == before
    Visit.objects.all().delete()
    Volunteer.objects.all().delete()
    told(now=later(hours=1))
    assert counts() == before and breaches() == []


def test_nothing_where_the_people_are_others() -> None:
    Participation.objects.filter(activity__title=families.TITLE).delete()
    Activity.objects.filter(title=families.TITLE).delete()
    Visit.objects.all().delete()
    Resident.objects.filter(phone=cast.PARENT.phone).update(phone="13800009999")
    told(now=later(hours=1))
    assert not Visit.objects.exists() and not Activity.objects.filter(title=families.TITLE).exists()


def counts() -> list[int]:
    models = (Activity, Participation, Training, Visit, Volunteer, Honour, Award, Notice, Guardian, Resident)
    return [model.objects.count() for model in models]
