"""The demo's administrator has changed rules before, and one change is to come."""

import pytest

from communities.models import SubDistrict
from demo import people, places, rules
from demo.asked import Asked
from demo.cast import ADMIN
from points.rulebook import chapter
from tests.demo.story import DAY, NOON

pytestmark = pytest.mark.django_db


def test_there_is_a_history_a_withdrawn_change_and_one_to_come() -> None:
    asked = Asked(NOON)
    places.write(asked)
    people.write_staff(asked)
    assert not rules.are_there()
    rules.write(asked)
    assert rules.are_there()
    street = SubDistrict.objects.get(name=places.STREET)
    sorting, lectures = (chapter(street.pk, code, DAY) for code in ("SORT", "LECT"))
    assert sorting and lectures
    assert [(one.state, one.figures.points) for one in sorting.history] == [
        ("将执行", 12), ("现行", 10), ("未执行", 15), ("已结束", 10),
    ]  # fmt: skip
    assert [one.rule.starts_on.isoformat() for one in sorting.coming] == ["2026-04-01"]
    assert [(one.state, one.figures.points) for one in lectures.history] == [("现行", 5), ("已结束", 3)]
    assert sorting.coming[0].rule.by.username == ADMIN.username
    assert sorting.coming[0].rule.decision.startswith("评议小组2026年3月2日：")
