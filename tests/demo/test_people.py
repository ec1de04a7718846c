"""Everybody at the desk of the demo has an own phone, also where the demo was written before there was one."""

import pytest

from communities.models import Duty, User
from demo import cast, people, places
from demo.asked import Asked
from tests.demo.story import NOON

pytestmark = pytest.mark.django_db


def test_a_demo_of_before_gets_the_own_phones_and_no_second_duty() -> None:
    asked = Asked(NOON)
    places.write(asked)
    people.write_staff(asked)
    phones = [one.phone for one in cast.STAFF]
    assert people.staff_is_there() and len(set(phones)) == len(phones)
    User.objects.update(own_phone="")
    assert not people.staff_is_there()
    people.write_staff(asked)
    assert set(User.objects.exclude(own_phone="").values_list("own_phone", flat=True)) == set(phones)
    assert Duty.objects.count() == len(cast.STAFF)
