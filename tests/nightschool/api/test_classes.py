"""Terms and classes over REST: the same verbs, one's own communities only."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from core import clock
from tests import world as cast
from tests.api import Api, client_of
from tests.nightschool import plans
from tests.nightschool.plans import lesson
from tests.world import World

pytestmark = pytest.mark.django_db


def sent(day: date, **more: Any) -> dict[str, Any]:
    return {"starts_at": f"{day}T18:30:00+08:00", "ends_at": f"{day}T20:00:00+08:00", "reason": "老师出差"} | more


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


def test_a_client_reads_terms_and_classes(world: World, api: Api) -> None:
    course = cast.course(world.wenxing)
    cast.course(world.wenxing, status="draft")
    cast.course(world.hualin)
    (term,) = api.get("terms/").json()["results"]
    assert (term["id"], term["name"]) == (course.term_id, "第2期")
    rows = api.get("classes/").json()["results"]
    assert [row["number"] for row in rows] == [3, 2, 1] and {row["course"] for row in rows} == {course.pk}
    assert api.get("classes/", course=cast.course(world.yongan).pk).json()["results"] == []
    assert set(api.get(f"courses/{course.pk}/").json()) >= {
        "mode",
        "held",
        "own_first",
        "least",
        "fee",
        "taught_by",
        "partner",
    }


def test_a_client_moves_a_class(world: World, api: Api) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    session, room = lesson(course, 2), plans.other_room(world)
    said = api.post(f"classes/{session.pk}/move/", sent(session.day, room=room.pk), key="class-1").json()
    assert (said["status"], said["room"], said["change_reason"]) == ("moved", room.pk, "老师出差")
    assert clock.local(lesson(course, 2).starts_at).strftime("%H:%M") == "18:30" and lesson(course, 2).booking
    assert world.wang.messages.filter(title="调课通知").exists()


def test_a_client_calls_a_class_off_and_makes_up_for_it(world: World, api: Api) -> None:
    # In the evening, whatever the hour of the test: what is made up for is held on a morning in the same room.
    course = cast.course(world.wenxing, starts_at=clock.at(clock.today() + timedelta(days=10), time(19)))
    session, day = lesson(course, 2), lesson(course, 3).day
    half = {"reason": "停电", "starts_at": f"{day}T09:00:00+08:00"}
    answer = api.post(f"classes/{session.pk}/call-off/", half, key="class-2")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_class_hours")
    whole = half | {"ends_at": f"{day}T10:00:00+08:00"}
    assert api.post(f"classes/{session.pk}/call-off/", whole, key="class-3").json()["status"] == "cancelled"
    assert lesson(course, 4).day == day
    again = api.post(f"classes/{session.pk}/call-off/", {"reason": "停电"}, key="class-4")
    assert (again.status_code, again.json()["code"]) == (409, "class_called_off")


def test_others_classes_and_rooms_are_not_there_and_a_scope_is_needed(world: World, api: Api) -> None:
    mine, theirs = lesson(cast.course(world.wenxing), 2), lesson(cast.course(world.yongan), 2)
    day = mine.day
    assert api.post(f"classes/{theirs.pk}/move/", sent(day), key="class-5").status_code == 404
    assert api.post(f"classes/{theirs.pk}/call-off/", {"reason": "病"}, key="class-6").status_code == 404
    assert (
        api.post(f"classes/{mine.pk}/move/", sent(day, room=cast.room(world.yongan).pk), key="class-7").status_code
        == 404
    )
    reader = client_of(world.wenxing, "courses:read")
    assert reader.post(f"classes/{mine.pk}/call-off/", {"reason": "病"}, key="class-8").status_code == 403
    assert lesson(mine.course, 2).status == "normal"
