"""查看完整号码: nothing whole is shown before somebody wrote down why, and only to whom it is open."""

from datetime import timedelta

import pytest
import time_machine

from communities import access, revealing, sealing
from communities.duties import NotYourDuty
from communities.models import Look, Resident
from core import clock
from core.refusals import TooMany
from tests.world import World

NUMBER = "14020219680502002X"
WHY = "电话联系本人"


@pytest.fixture
def wang(world: World) -> Resident:
    Resident.objects.filter(pk=world.wang.pk).update(
        document="id_card", document_sealed=sealing.seal(NUMBER), document_tail="002X", document_hash="a" * 64
    )
    world.wang.refresh_from_db()
    return world.wang


@pytest.mark.django_db(transaction=True)
def test_each_value_is_written_down_before_it_is_shown(world: World, wang: Resident) -> None:
    assert revealing.reveal(resident=wang, field="phone", purpose=WHY, by=world.zhang) == "13812346021"
    assert revealing.reveal(resident=wang, field="birth_date", purpose=WHY, by=world.zhang) == "1968年5月2日"
    assert revealing.reveal(resident=wang, field="document", purpose=WHY, by=world.chen) == NUMBER
    looked = Look.objects.order_by("pk")
    assert [(one.by, one.what, one.purpose, one.resident) for one in looked] == [
        (world.zhang, "手机号", WHY, wang), (world.zhang, "出生日期", WHY, wang), (world.chen, "证件号", WHY, wang),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_identity_number_is_for_the_head_and_the_street(world: World, wang: Resident) -> None:
    with pytest.raises(NotYourDuty):
        revealing.reveal(resident=wang, field="document", purpose=WHY, by=world.zhang)
    assert revealing.open_to(world.zhang, wang) == ["phone", "birth_date"]
    assert (
        revealing.open_to(world.chen, wang) == revealing.open_to(world.he, wang) == ["phone", "birth_date", "document"]
    )
    assert not Look.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_another_community_looks_at_nothing(world: World, wang: Resident) -> None:
    for field in revealing.FIELDS:
        with pytest.raises(NotYourDuty):
            revealing.reveal(resident=wang, field=field, purpose=WHY, by=world.qian)
    assert revealing.open_to(world.qian, wang) == []
    assert not Look.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_a_purpose_nothing_is_shown(world: World, wang: Resident) -> None:
    with pytest.raises(access.NoPurpose):
        revealing.reveal(resident=wang, field="phone", purpose=" ", by=world.zhang)
    assert not Look.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_not_there_leaves_no_look(world: World) -> None:
    with pytest.raises(revealing.NothingThere):
        revealing.reveal(resident=world.zhao, field="phone", purpose=WHY, by=world.zhang)
    assert not Look.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_thirty_looks_an_hour_and_then_no_more(world: World, wang: Resident) -> None:
    start = clock.now().replace(minute=1)
    with time_machine.travel(start, tick=False):
        for _ in range(revealing.AN_HOUR):
            revealing.reveal(resident=wang, field="phone", purpose=WHY, by=world.zhang)
        with pytest.raises(TooMany):
            revealing.reveal(resident=wang, field="phone", purpose=WHY, by=world.zhang)
        assert revealing.reveal(resident=wang, field="phone", purpose=WHY, by=world.chen)
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        assert revealing.reveal(resident=wang, field="phone", purpose=WHY, by=world.zhang)
    assert Look.objects.filter(by=world.zhang).count() == revealing.AN_HOUR + 1
