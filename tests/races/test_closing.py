"""Somebody signs a person up, or takes them in elsewhere, in the moment in which the file is closed."""

from collections.abc import Callable

import pytest
from django.db import transaction

from activities.models import Participation
from activities.signup import add, sign_up
from communities import closing
from communities.duties import NotYourDuty
from communities.models import Resident
from core import clock
from nightschool import enrolment
from nightschool.models import Channel, Enrolment
from points import moving
from tests import world as cast
from tests.books import breaches
from tests.races.together import in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def close(world: World) -> None:
    closing.close(
        resident=Resident.objects.get(pk=world.wang.pk), by=world.zhang, reason="本人到窗口，核对了身份证原件"
    )


def while_closing(world: World, act: Act) -> object:
    """What became of `act`, which began while the file was being closed and ended when it was."""
    with transaction.atomic():
        close(world)
        answer = in_background(act)
        until_somebody_waits_for_us()
    return answer()


@pytest.mark.parametrize("price", [0, 30])
def test_nobody_is_seated_whose_file_is_closed_meanwhile(world: World, price: int) -> None:
    course = cast.course(world.wenxing, price=price)
    channel = Channel.DESK
    became = while_closing(
        world,
        lambda: enrolment.enrol(course_id=course.pk, resident=world.wang, by=world.zhang, channel=channel),
    )
    assert isinstance(became, closing.AlreadyClosed), became
    course.refresh_from_db()
    assert not Enrolment.objects.exists() and course.taken == 0 and breaches() == []


@pytest.mark.parametrize("how", ["phone", "desk"])
def test_nobody_is_signed_up_whose_file_is_closed_meanwhile(world: World, how: str) -> None:
    verb = sign_up if how == "phone" else add
    activity = cast.activity(world.wenxing, ago=-3 if how == "phone" else 1)
    became = while_closing(world, lambda: verb(activity_id=activity.pk, resident=world.wang, by=world.zhang))
    assert isinstance(became, closing.AlreadyClosed), became
    assert not Participation.objects.exists()


def test_a_file_that_is_closed_meanwhile_moves_nowhere(world: World) -> None:
    became = while_closing(world, lambda: moving.move(resident=world.wang, community=world.yongan, by=world.qian))
    assert isinstance(became, moving.NotConfirmed), became
    left = Resident.objects.get(pk=world.wang.pk)
    assert (left.status, left.community) == (Resident.Status.CLOSED, world.wenxing) and breaches() == []


def test_who_moved_meanwhile_is_closed_by_the_new_community_alone(world: World) -> None:
    mine = Resident.objects.select_related("community").get(pk=world.wang.pk)
    with transaction.atomic():
        moving.move(resident=world.wang, community=world.yongan, by=world.qian, at=clock.now())
        answer = in_background(lambda: closing.close(resident=mine, by=world.zhang, reason="本人到窗口"))
        until_somebody_waits_for_us()
    assert isinstance(answer(), NotYourDuty)
    assert Resident.objects.get(pk=mine.pk).confirmed
