"""Files broken in every way: refused in a Chinese sentence or shown to be looked over; nobody is imported, nothing falls over.

`make sheets` tries two thousand (SHEETS=…); the ordinary run some sixty, the same each time.
"""

import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communities.importing import work
from communities.models import Batch, Line, Resident
from tests.communities.importing.made import messy
from tests.world import World

pytestmark = pytest.mark.django_db
COUNT, SEED = int(os.environ.get("SHEETS", "60")), int(os.environ.get("SHEETS_SEED", "15"))
PAGE = "/desk/residents/import/"
GOOD, _ = messy(40)
Mutation = Callable[[random.Random], bytes]


def flipped(lot: random.Random) -> bytes:
    """Some bytes of the file."""
    content = bytearray(GOOD)
    for _ in range(lot.choice([1, 3, 20, 200])):
        content[lot.randrange(len(content))] ^= 1 << lot.randrange(8)
    return bytes(content)


def cut(lot: random.Random) -> bytes:
    """The end is missing, or a piece in the middle."""
    start = lot.randrange(4, len(GOOD))
    return GOOD[:start] + (GOOD[start + lot.randrange(1, 400) :] if lot.random() < 0.5 else b"")


def parts(change: Callable[[random.Random, dict[str, bytes]], None], lot: random.Random) -> bytes:
    """A whole zip file whose members were changed."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(GOOD)) as before:
        members = {name: before.read(name) for name in before.namelist()}
    change(lot, members)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name, data in members.items():
            after.writestr(name, data)
    return made.getvalue()


def swap(lot: random.Random, members: dict[str, bytes]) -> None:
    one, other = lot.sample(sorted(members), 2)
    members[one], members[other] = members[other], members[one]


def lose(lot: random.Random, members: dict[str, bytes]) -> None:
    del members[lot.choice(sorted(members))]


def scramble(lot: random.Random, members: dict[str, bytes]) -> None:
    """Well-formed to zip, not to XML, or XML that says something else."""
    name = lot.choice(sorted(members))
    data = bytearray(members[name])
    for _ in range(lot.choice([1, 5, 50])):
        place = lot.randrange(len(data))
        data[place : place + lot.randrange(3)] = lot.choice(
            [b"<", b">", b"&", b"\x00", b"\xff", b"9" * 12, b'"', b"</row>", b"<c>", b""]
        )
    members[name] = bytes(data)


def numbered(lot: random.Random, members: dict[str, bytes]) -> None:
    """Rows and columns that are nowhere."""
    name = "xl/worksheets/sheet1.xml"
    wild = lot.choice(
        [b'r="XFD1048576"', b'r="A0"', b'r="ZZZZ9"', b'r="A99999999999"', b'r=""', b'r="1"', b't="s"', b's="99999"']
    )
    sought = lot.choice([b'r="B7"', b'r="A5"', b't="inlineStr"', b't="n"'])
    members[name] = members[name].replace(sought, wild, lot.choice([1, 99]))


def mutations() -> list[Mutation]:
    within = (swap, lose, scramble, numbered)
    return [flipped, cut, *(lambda lot, change=change: parts(change, lot) for change in within)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_broken_file_is_refused_or_shown_and_imports_nobody(world: World) -> None:
    lot, ends = random.Random(SEED), Counter[str]()
    browser = Client(raise_request_exception=False)
    browser.force_login(world.zhang)
    before = list(Resident.objects.order_by("pk").values())
    ways = mutations()
    for turn in range(COUNT):
        content = ways[turn % len(ways)](lot)
        ends[_end(browser, world, content)] += 1
    assert list(Resident.objects.order_by("pk").values()) == before
    assert not Line.objects.exclude(batch__status=Batch.Status.READY).exists()
    assert ends["refused"] and ends["ready"]
    print(f"\n{COUNT} broken files (seed {SEED}): {dict(ends)}")


def _end(browser: Client, world: World, content: bytes) -> str:
    """What became of one file: not taken at the door, refused by the reader, or ready to be looked over."""
    answer = browser.post(PAGE, {"community": world.wenxing.pk, "file": SimpleUploadedFile("名单.xlsx", content)})
    if answer.status_code == 400:
        assert "没有读取" in answer.content.decode() or "没有上传" in answer.content.decode()
        return "at the door"
    assert answer.status_code == 302
    batch = Batch.objects.order_by("-pk")[0]
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    page = browser.get(f"{PAGE}{batch.pk}/")
    assert page.status_code == 200
    if batch.status == Batch.Status.REFUSED:
        assert batch.refusal.endswith("。") and batch.refusal in page.content.decode()
        assert (batch.sheet, batch.lines.count()) == (None, 0)
        return "refused"
    assert (batch.status, batch.total, batch.lines.count()) == (Batch.Status.READY, batch.done, batch.total)
    return "ready"
