from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from communities import limits, registration, retention, rights, signin, tasks
from communities.models import Attempts, Change, Resident, RightsRequest, SignInCode, User
from core import clock
from tests.world import World

pytestmark = pytest.mark.django_db


def test_what_may_not_be_kept_is_deleted_and_nothing_else() -> None:
    now = clock.now()
    for days, phone in ((0, "13800001111"), (2, "13800002222"), (4, "13800003333")):
        signin.send_code(phone=phone, browser="b", address=phone, at=now - timedelta(days=days))
        Session.objects.create(session_key=phone, session_data="", expire_date=now + timedelta(days=1 - days))
    tasks.forget()
    assert [code.phone for code in SignInCode.objects.all()] == ["13800001111"]
    assert not Attempts.objects.filter(window__lt=now - timedelta(days=2)).exists()
    assert Attempts.objects.filter(key__contains="13800001111").count() == 5
    assert [one.session_key for one in Session.objects.all()] == ["13800001111"]
    limits.clear("code:13800001111:1 day, 0:00:00")


def test_a_declined_registration_is_nobodys_after_half_a_year(world: World) -> None:
    for person in (world.sun, world.li):
        Resident.objects.filter(pk=person.pk).update(status="pending", decided_at=None)
        registration.decline(resident=person, by=world.zhang, reason="查无此人")
    Resident.objects.filter(pk=world.sun.pk).update(decided_at=clock.now() - timedelta(days=184))
    assert tasks.forget_nightly() is None
    world.sun.refresh_from_db()
    world.li.refresh_from_db()
    assert (world.sun.status, world.sun.name, world.sun.phone) == ("closed", f"已注销-{world.sun.pk}", "")
    assert (world.li.status, world.li.name) == ("declined", "李建国")
    account = User.objects.get(phone="13612347755")
    assert account.is_active  # it may register anew
    assert Change.objects.filter(resident=world.sun).latest("pk").by == world.system


def test_a_request_is_kept_for_three_years_after_its_answer(world: World) -> None:
    for days, who in ((3 * 365 + 2, world.wang), (3 * 365 - 2, world.li)):
        asked = rights.file(resident=who, kind=RightsRequest.Kind.EXPLAIN, text="为什么", by=world.zhang)
        rights.answer(asked=asked, done=True, text="已说明", by=world.zhang)
        RightsRequest.objects.filter(pk=asked.pk).update(answered_at=clock.now() - timedelta(days=days))
    rights.file(resident=world.zhao, kind=RightsRequest.Kind.EXPLAIN, text="还没有答复", by=world.zhang)
    RightsRequest.objects.filter(resident=world.zhao).update(filed_at=clock.now() - timedelta(days=2000))
    assert retention.forget_nightly()["requests"] == 1
    assert set(RightsRequest.objects.values_list("resident", flat=True)) == {world.li.pk, world.zhao.pk}
