"""Whoever appealed is told of the answer, once, without its reasons."""

import pytest
from django.test import Client

from communities import appeals
from notifications.answers import tell_answer
from notifications.models import Message
from tests.communities.appealing import appealed
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_answer_reaches_the_inbox_and_leads_to_the_page(client: Client, world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    assert not Message.objects.exists()
    appeals.answer(appeal=mine, upheld=True, text="邻居李某的签到表核对过", new_value="待抵扣改为0", by=world.chen)
    told = Message.objects.get()
    assert (told.resident, told.link) == (world.wang, "/appeals/test:1/")
    assert "支持" in told.body and mine.subject in told.body and "李某" not in told.body
    client.force_login(world.wang.account)
    shows(client.get(told.link), "邻居李某的签到表核对过")


def test_it_is_told_once(world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    done = appeals.answer(appeal=mine, upheld=False, text="核实无误", by=world.chen)
    tell_answer(done)
    assert Message.objects.count() == 1
