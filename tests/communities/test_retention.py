from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from communities import limits, signin, tasks
from communities.models import Attempts, SignInCode
from core import clock

pytestmark = pytest.mark.django_db


def test_what_may_not_be_kept_is_deleted_and_nothing_else() -> None:
    now = clock.now()
    for days, phone in ((0, "13800001111"), (2, "13800002222"), (4, "13800003333")):
        signin.send_code(phone=phone, browser="b", address=phone, at=now - timedelta(days=days))
        Session.objects.create(session_key=phone, session_data="", expire_date=now + timedelta(days=1 - days))
    tasks.forget()
    assert [code.phone for code in SignInCode.objects.all()] == ["13800001111"]
    assert not Attempts.objects.filter(window__lt=now - timedelta(days=2)).exists()
    assert Attempts.objects.filter(key__contains="13800001111").count() == 4
    assert [one.session_key for one in Session.objects.all()] == ["13800001111"]
    limits.clear("code:13800001111:1 day, 0:00:00")
