"""What docs/ says is so: every code is in the table, and the example client works against the running product."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from communities.closing import AlreadyClosed
from core.refusals import Refused
from integrations.errors import SENTENCES
from nightschool.models import Enrolment
from partners.vouchers.clerks import StaffPhone
from points import statement
from tests import world as cast
from tests.api import SECRET, client_of
from tests.world import World

DOCS = Path("docs/api.md").read_text(encoding="utf-8")
REACHED = (
    "core.refusals", "communities.sealing", "points.ledger", "nightschool.enrolment", "nightschool.line.", "nightschool.leaving", "nightschool.moving",
    "nightschool.courses", "nightschool.drafting", "nightschool.resizing", "nightschool.applications.applying",
    "nightschool.attending.attendance", "nightschool.attending.calling_roll", "venues.booking", "venues.reconfirming",
    "venues.claiming", "venues.series", "integrations.", "activities.signup", "activities.joining",
    "activities.recording", "activities.planning", "activities.ending", "activities.hours", "activities.ages",
    "activities.deeds", "activities.claims", "activities.duty_months", "partners.gifts", "partners.exchanging", "partners.standing", "partners.obligations.reporting", "partners.obligations.complaining", "partners.joining.applying", "partners.joining.handing_in", "partners.joining.checking", "partners.joining.creditcode", "partners.joining.ties", "partners.offers.reach", "partners.offers.slots", "partners.vouchers.booking", "partners.vouchers.returning", "partners.vouchers.appointments", "partners.vouchers.redeeming", "partners.vouchers.finding", "partners.api.redemptions",
)  # fmt: skip


def refusals(parent: type[Refused] = Refused) -> set[type[Refused]]:
    """Every refusal that a verb behind the API may raise."""
    below = {kind for child in parent.__subclasses__() for kind in refusals(child)}
    return {kind for kind in {parent, *below} if kind.__module__.startswith(REACHED)}


def test_the_table_of_errors_is_the_codes_own() -> None:
    told = set(re.findall(r"^\| (\d{3}) \| `(\w+)` \|", DOCS, re.MULTILINE))
    known = {(str(kind.status), kind.code) for kind in {*refusals(), AlreadyClosed, StaffPhone}}
    known |= {("413", "too_large"), ("500", "server_error")}
    known |= {
        (str(kind.status_code), code) for kind, (code, _sentence) in SENTENCES.items() if hasattr(kind, "status_code")
    }
    assert told == known


@pytest.mark.django_db(transaction=True)
def test_the_example_client_runs_as_it_stands(world: World, live_server: LiveServer) -> None:
    cast.course(world.wenxing, title="花艺插花")
    cast.course(world.wenxing, title="太贵的课", price=500)
    api = client_of(world.wenxing)
    done = subprocess.run(
        [sys.executable, "docs/examples/client.py", live_server.url, "13812346021"],
        env={**os.environ, "CLIENT_ID": api.application.client_id, "CLIENT_SECRET": SECRET},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "王*兰：可用80积分" in done.stdout
    assert "还差420积分" in done.stdout
    assert "报名成功" in done.stdout
    assert [mine.status for mine in Enrolment.objects.all()] == ["cancelled"]
    assert statement.available(world.wang) == 80
