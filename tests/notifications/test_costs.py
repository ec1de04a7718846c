"""What the short messages of a sub-district cost."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from communities.models import Duty, Setting
from communities.settings import SMS_PRICE
from core import clock
from notifications import costs, delivery
from notifications.models import Message
from tests.notifications.sending import told
from tests.notifications.test_sent import cells
from tests.pages import links, queries, text
from tests.world import World, staff

pytestmark = pytest.mark.django_db
State, Channel = Message.State, Message.Channel


@pytest.fixture(autouse=True)
def december() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.at(date(2026, 12, 2), time(10)), tick=False) as traveller:
        yield traveller


def on(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return clock.at(date(year, month, day), time(hour))


def billed(street_lines: list[costs.Line]) -> dict[str, dict[str, tuple[int, Decimal]]]:
    """Name → month → (parts, yuan), where something was sent."""
    return {
        line.name: {
            f"{month:%Y-%m}": (bill.parts, bill.yuan)
            for month, bill in zip(costs.months(), line.bills, strict=True)
            if bill.parts
        }
        for line in street_lines
    }


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (300, 5)])
def test_parts_are_counted_when_a_short_message_was_accepted(world: World, length: int, parts: int) -> None:
    row = told(world.wang, State.WAITING, body="字" * length)
    inbox = told(world.wang, State.WAITING, body="字" * length, channel=Channel.INBOX)
    assert (row.parts, delivery.parts_of(inbox)) == (0, 0)
    delivery.run()
    row.refresh_from_db()
    inbox.refresh_from_db()
    assert (row.state, row.parts, inbox.state, inbox.parts) == (State.SENT, parts, State.SENT, 0)


def test_a_month_is_that_of_shanghai_and_a_price_holds_for_what_was_sent_under_it(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=SMS_PRICE.key, value=50, starts_on=date(2026, 11, 16), by=world.he
    )
    told(world.wang, parts=1, sent_at=on(2026, 11, 15))
    told(world.wang, parts=2, sent_at=on(2026, 11, 16))
    told(world.li, parts=1, sent_at=on(2026, 12, 1, 0))  # 30 November in Greenwich
    told(world.zhou, parts=3, sent_at=on(2026, 1, 1, 0))
    told(world.zhou, parts=9, sent_at=on(2025, 12, 31, 23))  # thirteen months ago
    told(world.chen, parts=1, sent_at=on(2026, 12, 1))
    told(world.wang, sent_at=on(2026, 12, 1), channel=Channel.INBOX)
    assert billed(costs.lines(world.street)) == {
        "文兴社区": {"2026-11": (3, Decimal("0.145")), "2026-12": (1, Decimal("0.05"))},
        "永安社区": {"2026-01": (3, Decimal("0.135"))},
        "工作人员": {"2026-12": (1, Decimal("0.05"))},
        "合计": {"2026-01": (3, Decimal("0.135")), "2026-11": (3, Decimal("0.145")), "2026-12": (2, Decimal("0.1"))},
    }
    assert costs.lines(world.street)[-1].whole == (8, Decimal("0.38"))


def test_the_street_sees_its_own_and_nobody_elses(client: Client, world: World) -> None:
    far = staff("far", "远街道", Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    money = staff("money", "街道财务", Duty.Role.FINANCE, sub_district=world.street)
    told(world.wang, parts=1234)
    page, theirs = f"/desk/messages/cost/{world.street.pk}/", f"/desk/messages/cost/{world.hualin.sub_district_id}/"
    for reader in (world.he, money):
        client.force_login(reader)
        assert page in links(client, "/desk/messages/") and theirs not in links(client, "/desk/messages/")
        assert "1,234" in text(client, page) and "55.53" in text(client, page)
        assert client.get(theirs).status_code == 404
    for reader in (far, world.chen, world.zhang):
        client.force_login(reader)
        assert page not in links(client, "/desk/messages/")
        assert client.get(page).status_code == client.get(f"{page}export/").status_code == 404
    client.force_login(far)
    assert "1,234" not in text(client, theirs)


def test_the_file_has_a_row_for_each_month_and_community(client: Client, world: World) -> None:
    client.force_login(world.he)
    told(world.wang, parts=20, sent_at=on(2026, 11, 15))
    told(world.zhou, parts=2, sent_at=on(2026, 12, 1))
    assert cells(client, f"/desk/messages/cost/{world.street.pk}/export/")[1:] == [
        ("2026-11", "文兴社区", 20, 0.9), ("2026-12", "永安社区", 2, 0.09), ("2026-11", "合计", 20, 0.9), ("2026-12", "合计", 2, 0.09),
    ]  # fmt: skip


def test_thirty_messages_cost_no_more_queries_than_two(client: Client, world: World) -> None:
    client.force_login(world.he)
    page = f"/desk/messages/cost/{world.street.pk}/"
    told(world.wang, parts=1), told(world.zhou, parts=1)
    two = queries(client, page)
    for month in range(1, 12):
        for person in (world.wang, world.zhou, world.chen):
            told(person, parts=1, sent_at=on(2026, month, 3))
    assert queries(client, page) == two
