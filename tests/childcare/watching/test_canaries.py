"""Families whose every private word stands nowhere else: none in a log line, a message, or anything that a stranger is shown.

40 of them; `make doors` scatters 200.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings

from childcare.billing import running
from childcare.days import calls
from childcare.models import Barred, CareFile, Centre, Contact, Enrolment, Group, Pickup, Place
from communities import sealing
from communities.models import Consent, Guardian, Resident, User
from core import clock
from notifications.models import Message
from tests.access.ground import undone
from tests.access.test_routes import EVERYBODY
from tests.childcare.watching.filed import Filed, addresses, browser_of, filed, sent
from tests.world import World

pytestmark = pytest.mark.django_db
FAMILIES = 200 if EVERYBODY else 40
Pairs = list[tuple[int, Resident, Resident]]  # number, child, parent
MARK = re.compile(r"雀(?P<field>[童亲联接病校禁稿])(?P<number>\d{3})|137007(?P<phone>\d{3})55")
# What no list, export or paper shows to anybody: it is opened one child at a time, with a purpose, if at all.
NEVER_LISTED = {"病", "禁", "稿"}
STRANGERS = (
    "other guardian", "operator's owner", "operator's clerk", "teacher elsewhere", "staff elsewhere", "finance", "supervisor", "system admin",
)  # fmt: skip
AT_WORK = ("teacher on duty", "lead", "worker", "head", "street admin")


class Lines(logging.Handler):
    """Every log line, as production would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        how = dict(settings.LOGGING["formatters"]["line"])
        self.setFormatter(how.pop("()")(**how))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[Lines]:
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


@pytest.fixture
def file(world: World) -> Filed:
    found = filed(world)
    scatter(found, world)
    return found


def scatter(file: Filed, world: World) -> None:
    """`FAMILIES` in the group of the child, each with all that a family may tell."""
    group, by, today = file.care.group, world.zhang, clock.today()
    Centre.objects.filter(pk=group.centre_id).update(licensed=400)
    Group.objects.filter(pk=group.pk).update(seats=400, capacity=400)
    numbers, confirmed = range(FAMILIES), {"community": world.wenxing, "status": "confirmed", "decided_at": clock.now()}
    parents = Resident.objects.bulk_create(
        Resident(name=f"雀亲{n:03d}", phone=f"137007{n:03d}55", birth_date=date(1988, 1, 1), **confirmed)
        for n in numbers
    )
    children = Resident.objects.bulk_create(
        Resident(name=f"雀童{n:03d}", birth_date=date(today.year - 9, 1, 1), **confirmed) for n in numbers
    )
    pairs = list(zip(numbers, children, parents, strict=True))
    Guardian.objects.bulk_create(
        Guardian(child=child, guardian=parent, relation="母亲", basis=Guardian.Basis.HOUSEHOLD_BOOK, by=by)
        for _, child, parent in pairs
    )
    _told(pairs, by)
    _barred_and_drafted(pairs, group, world)
    Place.objects.bulk_create(
        Place(
            group=group, child=child, payer=parent, status="held", plan=list(range(7)), starts_on=today - timedelta(days=60), by=by
        )
        for _, child, parent in pairs
    )  # fmt: skip


def _told(pairs: Pairs, by: User) -> None:
    """Consents, health, whom to call, who may collect."""
    Consent.objects.bulk_create(
        Consent(resident=child, guardian=parent, purpose=purpose, version="2026-12", way="signature", by=by)
        for _, child, parent in pairs
        for purpose in ("care", "child_data", "care_health", "care_pickup")
    )
    CareFile.objects.bulk_create(
        CareFile(
            child=child, school=f"雀校{n:03d}", health=sealing.seal_facts({"allergies": f"雀病{n:03d}"}), updated_by=by
        )
        for n, child, _ in pairs
    )
    Contact.objects.bulk_create(
        Contact(child=child, order=1, name=f"雀联{n:03d}", relation="祖母", phone="13700000000", by=by)
        for n, child, _ in pairs
    )
    Pickup.objects.bulk_create(
        Pickup(
            child=child, slot=0, name=f"雀接{n:03d}", relation="邻居", phone="13700000000", id_tail="123X", name_key="e" * 64,
            valid_until=clock.today(), authorised_by=parent, by=by,
        )
        for n, child, parent in pairs
    )  # fmt: skip


def _barred_and_drafted(pairs: Pairs, group: Group, world: World) -> None:
    Barred.objects.bulk_create(
        Barred(child=child, facts=sealing.seal_facts({"name": f"雀禁{n:03d}"}), name_key="f" * 64, by=world.chen)
        for n, child, _ in pairs
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            centre=group.centre, guardian=parent, draft=sealing.seal_facts({"name": f"雀稿{n:03d}"}), by=world.zhang
        )
        for n, _, parent in pairs
    )


def seen_in(said: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for match in MARK.finditer(said):
        found[match["field"] or "phone"].add(match["number"] or match["phone"])
    return found


def lists(file: Filed) -> list[str]:
    """Pages, papers and files of many: their addresses name no child."""
    return [address for _, address in addresses(file.number) if str(file.number) not in address]


def test_the_birds_sing_where_they_may(file: Filed) -> None:
    shown = seen_in(sent(browser_of(file.people["worker"]).get("/desk/care/children/")))
    assert len(shown["童"]) >= 20


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_is_shown_nothing_of_any_family(file: Filed, logged: Lines, who: str) -> None:
    browser = browser_of(file.people[who], file.care.other_mother if who == "other guardian" else None)
    for address in lists(file):
        with undone():
            answer = browser.get(address)
            assert answer.status_code < 500, address
            assert not seen_in(sent(answer)), (who, address)
    assert not seen_in("\n".join(logged.lines))


@pytest.mark.parametrize("who", AT_WORK)
def test_no_list_or_file_holds_health_bars_or_drafts(file: Filed, logged: Lines, who: str) -> None:
    browser = browser_of(file.people[who])
    for address in lists(file):
        with undone():
            seen = seen_in(sent(browser.get(address)))
            allowed = {"病"} if address.startswith("/care/") and who in {"teacher on duty", "lead"} else set()
            assert not (NEVER_LISTED - allowed) & seen.keys(), (who, address, seen.keys())
    assert not seen_in("\n".join(logged.lines))


def test_bills_and_calls_tell_families_and_no_log_line_or_message_names_anybody(
    file: Filed, world: World, logged: Lines
) -> None:
    running.run(centre=file.care.centre, month=clock.today().replace(day=1), by=world.chen)
    calls.sweep(clock.now())
    calls.sweep(clock.midnight_after(clock.today()) + timedelta(minutes=30))
    said = "\n".join(f"{title}{body}" for title, body in Message.objects.values_list("title", "body"))
    assert Message.objects.count() >= FAMILIES
    assert not seen_in(said) and not seen_in("\n".join(logged.lines))
