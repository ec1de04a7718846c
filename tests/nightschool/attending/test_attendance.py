"""Signing in by the code, and asking for leave: when, who, and what becomes of the row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from communities import helping
from communities.models import Consent, Setting
from core.refusals import Refused
from nightschool import leaving
from nightschool.attending import attendance
from nightschool.attending.attendance import ask_leave, sign_in, take_leave_back
from nightschool.models import Attendance, Session
from notifications.models import Message
from tests import world as cast
from tests.nightschool.attending.coming import MINUTE, Status, at_class, course, here, lesson, ticked
from tests.world import World

pytestmark = pytest.mark.django_db


def refused(act: Callable[..., object], **given: object) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)
    assert not caught.value.message.startswith("None")
    return caught.value.code


@pytest.mark.parametrize(
    ("minutes", "becomes"),
    [
        (-31, "too_early_to_sign_in"), (-30, "present"), (0, "present"), (15, "present"), (16, "late"), (30, "late"),
        (31, "too_late_to_sign_in"),
    ],
)  # fmt: skip
def test_the_minute_decides(world: World, minutes: int, becomes: str) -> None:
    made, _ = course(world, world.wang)
    first = lesson(made, 1)
    given: dict[str, Any] = {"session_id": first.pk, "resident": world.wang, "by": world.wang.account}
    with at_class(first, minutes):
        if becomes in set(Status):
            assert sign_in(**given).status == becomes
        else:
            assert refused(sign_in, **given) == becomes
    assert Attendance.objects.count() == (becomes in set(Status))


def test_the_minutes_are_settings_of_the_sub_district(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key="night.late_min", value=5, starts_on="2020-01-01", by=world.he
    )
    made, _ = course(world, world.wang)
    with at_class(lesson(made, 1), 6):
        assert sign_in(session_id=lesson(made, 1).pk, resident=world.wang, by=world.system).status == "late"


def test_what_counts_is_when_the_code_was_seen(world: World) -> None:
    made, _ = course(world, world.wang)
    first = lesson(made, 1)
    with at_class(first, 20):
        row = sign_in(
            session_id=first.pk, resident=world.wang, by=world.system, seen_at=first.starts_at + timedelta(minutes=12)
        )
    assert (row.status, row.at, row.how) == ("present", first.starts_at + 12 * MINUTE, "code")


def test_nobody_signs_in_twice_or_without_a_seat(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    here(lesson(made, 1), world.wang)
    with at_class(lesson(made, 1)):
        given: dict[str, Any] = {"session_id": lesson(made, 1).pk, "by": world.system}
        assert refused(sign_in, resident=world.wang, **given) == "already_signed_in"
        assert refused(sign_in, resident=world.li, **given) == "no_seat_here"
    leaving.cancel(enrolment=mine, by=world.zhang, reason="搬家")
    with at_class(lesson(made, 2)):
        assert refused(sign_in, session_id=lesson(made, 2).pk, resident=world.wang, by=world.system) == "no_seat_here"


def test_a_class_that_was_called_off_takes_nobody(world: World) -> None:
    made, _ = course(world, world.wang)
    first = lesson(made, 1)
    Session.objects.filter(pk=first.pk).update(status="cancelled", changed_at=first.starts_at, changed_by=world.zhang)
    with at_class(first):
        given: dict[str, Any] = {"session_id": first.pk, "resident": world.wang, "by": world.system}
        assert refused(sign_in, **given) == refused(ask_leave, **given) == "class_called_off"


def test_leave_is_asked_for_until_two_hours_before(world: World) -> None:
    made, _ = course(world, world.wang)
    given: dict[str, Any] = {"session_id": lesson(made, 1).pk, "resident": world.wang, "by": world.wang.account}
    with at_class(lesson(made, 1), -119):
        assert refused(ask_leave, **given) == "too_late_for_leave"
    with at_class(lesson(made, 1), -120):
        assert (ask_leave(**given).status, Attendance.objects.get().how) == ("leave", "self")
        assert refused(ask_leave, **given) == "already_on_leave"
        assert not Message.objects.filter(occasion__contains="leave").exists()


def test_leave_is_taken_back_before_the_class_and_not_after(world: World) -> None:
    made, _ = course(world, world.wang)
    given: dict[str, Any] = {"session_id": lesson(made, 1).pk, "resident": world.wang, "by": world.wang.account}
    ask_leave(**given)
    with at_class(lesson(made, 1), 0):
        assert refused(take_leave_back, **given) == "not_on_leave"
    with at_class(lesson(made, 1), -1):
        take_leave_back(**given)
        assert refused(take_leave_back, **given) == "not_on_leave"
    assert not Attendance.objects.exists()


def test_who_asked_for_leave_and_comes_is_there(world: World) -> None:
    made, _ = course(world, world.wang)
    ask_leave(session_id=lesson(made, 1).pk, resident=world.wang, by=world.system)
    assert here(lesson(made, 1), world.wang).status == "present"
    assert Attendance.objects.count() == 1


def test_a_helper_asks_for_leave_and_the_elder_is_told(world: World) -> None:
    made, _ = course(world, world.zhao)
    helper = cast.resident(world.wenxing, "李雪", "13700009901")
    given: dict[str, Any] = {"resident": world.zhao, "phone": helper.phone, "name": "李雪", "relation": "子女"}
    assert helper.account
    helping.appoint(**given, by=world.zhang, way=Consent.Way.SIGNATURE)
    ask_leave(session_id=lesson(made, 1).pk, resident=world.zhao, by=helper.account)
    assert "由亲友" in Message.objects.get(occasion__contains=":leave:").body


def test_asking_for_leave_takes_back_the_reminder(world: World) -> None:
    made, _ = course(world, world.wang)
    first = lesson(made, 1)
    Message.objects.create(
        resident=world.wang, occasion=first.reminder, channel="sms", title="x", body="x", due_at=first.starts_at
    )
    ask_leave(session_id=first.pk, resident=world.wang, by=world.system)
    assert not Message.objects.filter(occasion=first.reminder).exists()


def test_a_list_that_called_somebody_absent_too_early_gives_way_to_the_code(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    assert ticked(world, lesson(made, 1), mine, Status.ABSENT).status == "absent"
    with at_class(lesson(made, 1), 20):
        assert sign_in(session_id=lesson(made, 1).pk, resident=world.wang, by=world.system).status == "late"
    assert Attendance.objects.get().how == "code"


def test_the_hours_read_as_the_settings_say(world: World) -> None:
    made, _ = course(world, world.wang)
    first = lesson(made, 1)
    hours = attendance.hours_of(first)
    minutes = [
        (moment - first.starts_at) // MINUTE
        for moment in (hours.opens, hours.late_from, hours.closes, hours.leave_until)
    ]
    assert minutes == [-30, 15, 30, -120]
