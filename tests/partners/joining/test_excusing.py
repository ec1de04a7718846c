"""A reviewer is replaced while the marks come in; who became family does not mark."""

import pytest
from django.db import DatabaseError, transaction

from communities.duties import NotYourDuty
from communities.models import Setting
from communities.settings import CALL_REVIEWERS
from core import clock
from partners.joining import book, calling, scoring
from partners.joining.ties import OwnApplicant
from partners.models import Call, Review
from tests import world as cast
from tests.books import breaches, refuses
from tests.partners.joining.applicants import scored
from tests.partners.joining.test_choosing import marked
from tests.world import World

pytestmark = pytest.mark.django_db
Stage = Call.Status


def test_a_reviewer_is_replaced_while_the_marks_come_in_and_what_was_marked_does_not_count(world: World) -> None:
    made, (a, b) = scored(world, rivals=2)
    cousin = cast.staff("cousin", "王表妹", cast.Duty.Role.WORKER, own_phone=world.wang.phone, community=world.wenxing)
    fresh = cast.staff("fresh", "新同事", cast.Duty.Role.WORKER, community=world.wenxing)
    type(a.partner).objects.filter(pk=a.partner_id).update(contact_phone=world.wang.phone)
    for who, first in ((world.zhang, 20), (world.he, 25)):
        marked(who, a, first, 20, 15, 10, 5, 2)
        marked(who, b, 20, 20, 15, 10, 5, 3)
    gone = made.reviewers.get(user=world.he)
    for wrong, by, instead, reason in (
        (NotYourDuty, world.zhang, fresh, "生病"), (scoring.NoExcuse, world.chen, fresh, " "),
        (scoring.TooFewReviewers, world.chen, None, "生病"), (scoring.TooFewReviewers, world.chen, world.qian, "生病"),
        (scoring.ReviewerIsKin, world.chen, cousin, "生病"), (scoring.ReviewerGone, world.chen, world.zhang, "生病"),
    ):  # fmt: skip
        with refuses(wrong):
            scoring.excuse(reviewer=gone, reason=reason, by=by, instead=instead)
    scoring.excuse(reviewer=gone, reason="生病", by=world.chen, instead=fresh)
    for act in (lambda: marked(world.he, a), lambda: Review.objects.filter(reviewer=gone).update(remark="改")):
        with pytest.raises((scoring.NotAReviewer, DatabaseError)), transaction.atomic():
            act()
    for who in (world.chen, fresh):
        marked(who, a, 20, 20, 15, 10, 5, 2)
        marked(who, b, 20, 20, 15, 10, 5, 3)
    made.refresh_from_db()
    assert made.status == Stage.RANKED and breaches() == []
    # 25 of who was excused would have put a first: 72+72+72 to 73+73+73
    assert list(made.applications.order_by("rank").values_list("pk", flat=True)) == [b.pk, a.pk]
    summary = book.summary(made, world.chen)
    assert [(line.total, len(line.reviews), line.average) for line in summary.lines] == [
        (219, 4, "73.0"),
        (216, 4, "72.0"),
    ]
    with refuses(calling.CallNotOpen):  # nobody speaks of marks here
        scoring.excuse(reviewer=made.reviewers.get(user=fresh), reason="生病", by=world.chen)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        made.reviewers.filter(user=fresh).update(excused_at=clock.now(), excused_by=world.chen, excuse="晚了")


def test_one_for_one_is_enough_when_more_are_asked_for_since(world: World) -> None:
    made, _ = scored(world, rivals=2)
    fresh = cast.staff("fresh", "新同事", cast.Duty.Role.WORKER, community=world.wenxing)
    Setting.objects.create(
        sub_district=world.street, key=CALL_REVIEWERS.key, value=5, starts_on=clock.today(), by=world.he
    )
    gone = made.reviewers.get(user=world.he)
    with refuses(scoring.TooFewReviewers):
        scoring.excuse(reviewer=gone, reason="生病", by=world.chen)
    scoring.excuse(reviewer=gone, reason="生病", by=world.chen, instead=fresh)
    assert made.reviewers.serving().count() == 3


def test_who_became_family_after_the_appointment_does_not_mark(world: World) -> None:
    _, (one,) = scored(world, rivals=1)
    type(one.partner).objects.filter(pk=one.partner_id).update(contact_phone=world.zhang.own_phone)
    with refuses(OwnApplicant):
        marked(world.zhang, one)
