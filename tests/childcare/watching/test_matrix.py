"""Who sees which part of a child's file: everybody × every part, by asking, on every page and over REST, from one table of our own.

The table is written from the domain guide (6, 13.2, 21), not from `childcare/opening.py`.
"""

from collections.abc import Iterator

import pytest

from childcare import opening
from childcare.opening import Part
from communities.models import Look, Resident
from tests.access.ground import undone
from tests.access.test_routes import EVERYBODY
from tests.api import client_of
from tests.childcare.watching.filed import MARKS, SENT, Filed, addresses, browser_of, filed, seen_in, sent
from tests.world import World

pytestmark = pytest.mark.django_db
TEACHERS = {"BASIC", "GUARDIANS", "CONTACTS", "HEALTH", "PICKUPS", "BARRED", "DAYS"}
FAMILY = {"BASIC", "IDENTITY", "GUARDIANS", "CONTACTS", "HEALTH", "PICKUPS", "DAYS", "BILLS", "RELIEF", "LOOKS"}
MAY: dict[str, set[str]] = {
    "teacher on duty": TEACHERS, "teacher off duty": set(), "lead": TEACHERS | {"BILLS"},
    "head": {"BASIC", "GUARDIANS", "CONTACTS", "PICKUPS", "BARRED", "DAYS", "BILLS"},
    "worker": {"BASIC", "GUARDIANS", "CONTACTS", "DAYS", "BILLS"}, "street admin": {"BASIC", "GUARDIANS", "DAYS", "BILLS"},
    "guardian": FAMILY, "other guardian": set(), "helper": set(), "operator's owner": set(), "operator's clerk": set(),
    "teacher elsewhere": set(), "staff elsewhere": set(), "finance": set(), "supervisor": set(), "auditor": set(), "system admin": set(),
}  # fmt: skip
# What a page shows besides: a reviewer reads which evidence it is, heads and the street read who looked, and nobody's pages
# show an identity number in full but behind 查看完整号码.
ON_PAGES = MAY | {
    "guardian": FAMILY - {"IDENTITY"},
    "head": MAY["head"] | {"RELIEF", "LOOKS", "IDENTITY"},
    "street admin": MAY["street admin"] | {"RELIEF", "LOOKS", "IDENTITY"},
    "auditor": {"LOOKS"},
}
# What must be found somewhere, lest the walk be blind.
FOUND = {
    "teacher on duty": {"GUARDIANS", "CONTACTS", "HEALTH", "PICKUPS", "BARRED"}, "head": {"BASIC", "LOOKS", "BILLS"}, "worker": {"BASIC", "BILLS"},
    "guardian": {"BASIC", "CONTACTS", "HEALTH", "BILLS", "LOOKS"},
}  # fmt: skip


# Who walks through all pages; `make doors` sends everybody, make test who stands nearest.
NEAR = ("teacher on duty", "teacher off duty", "head", "worker", "guardian", "other guardian", "operator's owner")
WALKERS = tuple(ON_PAGES) if EVERYBODY else NEAR


@pytest.fixture
def file(world: World) -> Filed:
    return filed(world)


@pytest.mark.parametrize("who", MAY)
def test_each_may_see_what_the_table_says(file: Filed, who: str) -> None:
    user = file.people[who]
    assert {part.name for part in Part if opening.may(user, file.care.child, part)} == MAY[who]


@pytest.mark.parametrize("who", MAY)
def test_what_is_opened_is_written_down_with_its_purpose(file: Filed, who: str) -> None:
    user, child = file.people[who], file.care.child
    before = Look.objects.count()
    if not MAY[who]:
        with pytest.raises(opening.NotYourChild):
            opening.look(user=user, child=child, parts=set(Part), purpose="核对")
    else:
        seen = opening.look(user=user, child=child, parts=set(Part), purpose="核对")
        assert {part.name for part in seen} == MAY[who]
    found = list(Look.objects.filter(by=user, resident=child, purpose="核对").values_list("what", flat=True))
    if who == "guardian" or user.kind == "resident":
        assert Look.objects.count() == before
    else:
        (what,) = found
        assert what.startswith("托管：" if MAY[who] else "托管未显示：")
        assert "禁止" not in what  # the guardian reads it, and may be who is meant


def test_every_part_has_a_word_to_look_for() -> None:
    assert set(MARKS) == {part.name for part in Part}


def walked(file: Filed, who: str, acting: Resident | None = None) -> Iterator[tuple[str, str, set[str]]]:
    """(method, address, parts) of every page that could be about the child, asked and sent as `who`; each undone."""
    browser = browser_of(file.people[who], acting)
    for name, address in addresses(file.number):
        for method in ("GET", "POST"):
            with undone():
                answer = browser.get(address) if method == "GET" else browser.post(address, SENT)
                assert answer.status_code < 500, (who, method, address)
                if answer.status_code != 302:
                    yield method, f"{name} {address}", seen_in(sent(answer))


@pytest.mark.parametrize("who", WALKERS)
def test_no_page_shows_more_than_the_table(file: Filed, who: str) -> None:
    acting = {"guardian": file.care.mother, "other guardian": file.care.other_mother, "helper": file.care.mother}.get(
        who
    )
    found: set[str] = set()
    wrong = []
    for method, address, seen in walked(file, who, acting):
        found |= seen
        wrong += [f"{method} {address}: {sorted(seen - ON_PAGES[who])}"] if seen - ON_PAGES[who] else []
    assert not wrong, "\n".join(wrong)
    assert found >= FOUND.get(who, set())


def test_rest_shows_a_client_who_came_and_bills_and_nothing_else(file: Filed, world: World) -> None:
    allowed = {"BASIC", "DAYS", "BILLS"}  # each page of names leaves looks
    for place, may in ((world.wenxing, allowed), (world.yongan, set()), (world.hualin, set()), (world.street, allowed)):
        api = client_of(place)
        for path in rest(file):
            with undone():
                seen = seen_in(api.get(path).content.decode())
                assert seen <= may, (place, path, seen)


def rest(file: Filed) -> list[str]:
    """Every care route of REST, of the child."""
    return [address.removeprefix("/api/v1/") for _, address in addresses(file.number, ("api:care", "api:evidence"))]


def test_a_teacher_whose_check_is_overdue_or_who_left_reads_nothing(file: Filed) -> None:
    post = file.care.teacher_post
    post.turns.all().delete()
    assert not opening.readers(file.care.teacher, file.care.child)
    file.care.teacher.duties.update(ends_on=post.hired_on, starts_on=post.hired_on)
    assert not opening.readers(file.care.teacher, file.care.child)
