"""Every one of them is refused with a plain sentence or becomes a plain picture; nothing else is kept, under no name of the sender's."""

import ast
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from activities.models import Photo
from communities import consents, photos, sealing
from communities.hardship import opening
from communities.models import Attempts, Batch, Consent, Evidence, EvidenceImage
from communities.photos import PhotoTooLarge, PhotoUnreadable, Picture
from core import clock
from nightschool.models import CoursePhoto
from tests import world as cast
from tests.pages import enter, words
from tests.uploads.hostile import FILES, MARKS, Hostile
from tests.world import World
from venues.models import RoomPhoto

HAN = re.compile("[一-鿿]")
# By file: where request.FILES is read. A new door is written down here, and gets its turn below or a reason.
DOORS = {
    "nightschool/desk/drafts.py", "communities/desk/imports.py", "communities/desk/evidence.py", "activities/views/deeds.py",
    "activities/desk/deeds_filing.py", "activities/desk/sheets.py", "partners/views/applying.py", "partners/desk/deliveries.py",
    "partners/desk/joining_papers.py", "partners/desk/drafts.py", "partners/merchant/licences.py", "partners/merchant/promises.py",
    "venues/desk/photo.py",
}  # fmt: skip


def harmless(jpeg: bytes) -> None:
    """A plain JPEG and nothing but the picture."""
    assert jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")
    assert not [mark for mark in MARKS if mark in jpeg]
    shown = Image.open(BytesIO(jpeg))
    assert shown.format == "JPEG" and max(shown.size) <= 1600 and not dict(shown.getexif())
    assert not shown.info.keys() & {"exif", "comment", "icc_profile", "xmp"}


def test_there_are_at_least_fifty_and_no_two_are_the_same() -> None:
    assert len(FILES) >= 50 and len({(one.name, one.content) for one in FILES}) == len(FILES)


def test_every_door_that_takes_a_file_is_known() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for app in Path(settings.BASE_DIR).iterdir() if (app / "__init__.py").exists() and app.name != "tests"
        for path in app.rglob("*.py") if "request.FILES" in path.read_text()
    }  # fmt: skip
    assert found == DOORS


def test_no_model_keeps_a_file_under_a_name_and_nothing_is_served_from_a_folder_of_uploads() -> None:
    assert not settings.MEDIA_ROOT
    for path in Path(settings.BASE_DIR).glob("*/models/*.py"):
        calls = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not calls & {"FileField", "ImageField", "FilePathField"}, path


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.what)
def test_the_reader_of_pictures_refuses_it_or_draws_it_anew(one: Hostile) -> None:
    said, made = outcome(one.content)
    if made is None:
        assert HAN.search(said)
    else:
        harmless(made.jpeg)


def outcome(content: bytes) -> tuple[str, Picture | None]:
    try:
        return "", photos.redraw(content)
    except (PhotoUnreadable, PhotoTooLarge) as refused:
        return refused.message, None


class Door(NamedTuple):
    """Where somebody hands a file in: `send(file)` answers, `kept()` are the pictures (or sheets) that stand afterwards."""

    send: Callable[[SimpleUploadedFile], Any]
    kept: Callable[[], list[bytes]]


def desk(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def deed(world: World) -> Door:
    phone = enter(Client(), world.li)
    said = {"kind": "snapshot", "text": "路灯不亮"}
    return Door(lambda file: phone.post("/activities/deeds/new/", said | {"photo": file}), _jpegs(Photo))


def room(world: World) -> Door:
    url, zhang = f"/desk/rooms/{cast.room(world.wenxing).pk}/photo/", desk(world.zhang)
    return Door(lambda file: zhang.post(url, {"photo": file}), _jpegs(RoomPhoto))


def course(world: World) -> Door:
    url, zhang = f"/desk/night-school/{cast.course(world.wenxing).pk}/photo/", desk(world.zhang)
    return Door(lambda file: zhang.post(url, {"photo": file}), _jpegs(CoursePhoto))


def evidence(world: World) -> Door:
    consents.give(resident=world.zhao, purpose=Consent.Purpose.HARDSHIP, by=world.zhang, way=Consent.Way.SIGNATURE)
    url, zhang, today = f"/desk/residents/{world.zhao.pk}/evidence/", desk(world.zhang), clock.today()
    said = {
        "seen": "subsistence-viewed-0",
        "about": "self",
        "seen_on": today.isoformat(),
        "starts_on": today.isoformat(),
    }

    def kept() -> list[bytes]:
        """Only the reviewer opens it, and what the dump shows is no picture."""
        for image in EvidenceImage.objects.all():
            assert b"JFIF" not in bytes(image.sealed) and sealing.is_newest(image.sealed)
        waits = Evidence.objects.filter(image__isnull=False).select_related("resident__community")
        return [opening.picture(evidence=one, by=world.chen, purpose="复核") for one in waits]

    return Door(lambda file: zhang.post(url, said | {"image": file}), kept)


def _jpegs(model: Any) -> Callable[[], list[bytes]]:
    return lambda: [bytes(jpeg) for jpeg in model.objects.values_list("jpeg", flat=True)]


CHOSEN = ("a page", "a drawing with a script", "a JPEG that is PHP", "a PNG with a script in a chunk", "a PNG that says four thousand million",
    "half a PNG", "nothing", "where it was taken", "a path upwards", "a name of 300", "a name written backwards", "a nought in the name",
    "a name that breaks a header")  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("one", [one for one in FILES if one.what in CHOSEN], ids=lambda one: one.what)
@pytest.mark.parametrize("door", [deed, room, course, evidence], ids=lambda door: door.__name__)
def test_at_every_door_it_is_refused_or_made_harmless(
    world: World, door: Callable[[World], Door], one: Hostile
) -> None:
    here = door(world)
    answer = here.send(SimpleUploadedFile(one.name, one.content, one.kind))
    kept = here.kept()
    assert answer.status_code in (200, 302, 400) and (
        answer.status_code == 302 or HAN.search(words(answer.content.decode()))
    )
    for jpeg in kept:
        harmless(jpeg)
    assert (answer.status_code == 302) == bool(kept) or one.content == b""
    assert "Set-Cookie: x=1" not in str(answer.headers)
    if one.name not in (".jpg", ".htaccess"):
        assert not [row for row in _texts() if one.name in row or Path(one.name).name in row]


def _texts() -> Iterator[str]:
    """Every row of the tables that a picture may have come to."""
    with connection.cursor() as cursor:
        for table in ("activities_photo", "venues_roomphoto", "nightschool_coursephoto", "communities_evidence", "communities_evidenceimage"):  # fmt: skip
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            yield from (str(row) for (row,) in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("one", FILES, ids=lambda one: one.what)
def test_the_import_of_residents_takes_sheets_alone(world: World, one: Hostile) -> None:
    zhang = desk(world.zhang)
    sent = SimpleUploadedFile(one.name, one.content, one.kind)
    answer = zhang.post("/desk/residents/import/", {"file": sent, "community": world.wenxing.pk})
    assert answer.status_code in (302, 400) and (answer.status_code == 302) == Batch.objects.exists()
    if answer.status_code == 400:
        assert HAN.search(words(answer.content.decode()))
    for batch in Batch.objects.all():
        assert one.content.startswith(b"PK\x03\x04") and "/" not in batch.name and len(batch.name) <= 100


@pytest.mark.django_db
@pytest.mark.parametrize("door", [deed, room, course, evidence], ids=lambda door: door.__name__)
def test_a_hundred_megabytes_are_counted_and_thrown_away(world: World, door: Callable[[World], Door]) -> None:
    here = door(world)
    answer = here.send(Endless())
    assert answer.status_code in (200, 400) and "超过10MB" in words(answer.content.decode())
    assert here.kept() == [] and not Attempts.objects.filter(key__startswith="photo:").exists()


class Endless(SimpleUploadedFile):
    """A hundred million bytes behind a head of JPEG, as large as they come."""

    def __init__(self) -> None:
        super().__init__("100MB.jpg", b"\xff\xd8\xff" + b"\0" * (100 << 20), "image/jpeg")
