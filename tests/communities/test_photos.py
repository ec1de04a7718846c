"""The one photo: nothing but the picture comes through, whatever is sent, and no file harms the worker."""

import random
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from communities import photos
from communities.photos import ADORNING, AN_HOUR, EVIDENCE, LARGEST, PhotoTooLarge, PhotoUnreadable, Picture, redraw
from communities.redrawing import BROKEN, HEIC, TOO_BIG, UNKNOWN
from core.refusals import TooMany
from tests.activities import pictures
from tests.activities.pictures import SECRET
from tests.world import World


def drawn(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.jpeg))


def outcome(photo: bytes) -> str:
    """The mode of the picture, or the sentence of the refusal; anything else is a defect."""
    try:
        return drawn(redraw(photo)).mode
    except PhotoUnreadable as why:
        return why.message


def refused(photo: bytes) -> str:
    with pytest.raises(PhotoUnreadable) as why:
        redraw(photo)
    assert (why.value.status, why.value.code) == (400, "photo_unreadable")
    return why.value.message


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright() -> None:
    taken = pictures.from_a_phone()
    assert dict(Image.open(BytesIO(taken)).getexif().get_ifd(0x8825)) and SECRET in taken  # the place is in it
    made = redraw(taken)
    shown = drawn(made)
    assert (dict(shown.getexif()), shown.info.keys() & {"exif", "comment", "icc_profile", "xmp"}) == ({}, set())
    assert not [mark for mark in (SECRET, b"MARK", b"Exif", b"GPS", b"http://ns.adobe") if mark in made.jpeg]
    assert (made.width, made.height) == shown.size == (300, 400)
    assert shown.getpixel((150, 20))[0] > 200 and shown.getpixel((150, 380))[2] > 200  # type: ignore[index]


def test_a_photo_that_compresses_badly_is_made_small_enough() -> None:
    made = redraw(pictures.noise(4000, 3000))
    assert len(made.jpeg) <= 500 * 1024 and 640 <= max(made.width, made.height) <= 1600
    assert drawn(made).format == "JPEG"


@pytest.mark.parametrize("photo", [pictures.jpeg(5000, 200), pictures.png(5000, 200), pictures.webp(5000, 200)])
def test_the_three_formats_are_scaled_down(photo: bytes) -> None:
    assert (redraw(photo).width, redraw(photo).height) == (1600, 64)


def test_a_small_one_keeps_its_size() -> None:
    assert redraw(pictures.jpeg(300, 200)).width == 300


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_picture(mode: str) -> None:
    shown = drawn(redraw(pictures.png(60, 40, mode)))
    assert (shown.mode, shown.size) == ("RGB", (60, 40))
    if mode == "RGBA":
        assert shown.getpixel((30, 20)) == (255, 255, 255)  # what was transparent is white


def test_a_cmyk_photo_and_a_moving_picture_become_one_plain_picture() -> None:
    printed, moving = BytesIO(), BytesIO()
    Image.new("CMYK", (60, 40)).save(printed, "JPEG")
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    assert [drawn(redraw(one.getvalue())).mode for one in (printed, moving)] == ["RGB", "RGB"]


def test_a_bomb_of_some_kilobytes_is_refused_and_unpacks_nowhere() -> None:
    bomb = pictures.bomb()
    assert len(bomb) < 200_000
    assert refused(bomb) == TOO_BIG


def test_more_memory_than_the_child_may_have_is_a_refusal() -> None:
    """As many pixels as are let through, in the largest form that a PNG has."""
    wide = BytesIO()
    Image.new("RGBA", (6000, 4000)).save(wide, "PNG", compress_level=1)
    assert redraw(wide.getvalue()).width == 1600
    assert refused(pictures.png(6001, 4000, "1")) == TOO_BIG
    progressive = BytesIO()
    Image.new("RGB", (8001, 8000)).save(progressive, "JPEG", progressive=True)
    assert refused(progressive.getvalue()) == TOO_BIG


def test_what_is_cut_off_or_garbled_is_refused() -> None:
    whole = pictures.noise(300, 300)
    assert refused(whole[: len(whole) // 2]) == BROKEN
    assert refused(pictures.png()[:60]) == BROKEN
    assert refused(b"\xff\xd8\xff" + b"\0" * 500) == BROKEN
    assert refused(b"RIFF\x10\0\0\0WEBPVP8X" + b"\xff" * 40) in {BROKEN, TOO_BIG}


@pytest.mark.parametrize(
    ("photo", "said"),
    [
        (b"", UNKNOWN), (b"GIF89a" + b"\0" * 100, UNKNOWN), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNKNOWN),
        (b"<html><script>alert(1)</script>", UNKNOWN), (b"%PDF-1.7", UNKNOWN), (b"\0\0\0\x18ftypheic" + b"\0" * 40, HEIC),
        (b"\0\0\0\x1cftypmif1" + b"\0" * 40, HEIC), (b"MZ\x90", UNKNOWN), (b"%!PS-Adobe-3.0 EPSF-3.0", UNKNOWN),
    ],
)  # fmt: skip
def test_another_format_is_refused_in_a_sentence(photo: bytes, said: str) -> None:
    assert refused(photo) == said


def test_of_a_file_that_is_two_things_at_once_only_the_picture_remains() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as bundle:
        bundle.writestr("evil.html", SECRET.decode())
    page = b"<html><script>" + SECRET + b"</script>"
    for photo in (pictures.jpeg() + packed.getvalue(), pictures.png() + page, pictures.jpeg(comment=page)):
        made = redraw(photo)
        assert SECRET not in made.jpeg and b"<script" not in made.jpeg and b"PK\x03\x04" not in made.jpeg
        assert made.jpeg.endswith(b"\xff\xd9")


def test_whatever_is_garbled_it_is_a_picture_or_a_refusal() -> None:
    lot = random.Random(20261122)
    for whole in (pictures.noise(120, 90), pictures.png(120, 90, "RGBA"), pictures.webp(120, 90)):
        for _ in range(12):
            garbled = bytearray(whole)
            for _ in range(lot.randint(1, 30)):
                garbled[lot.randrange(12, len(garbled))] = lot.randrange(256)
            assert outcome(bytes(garbled)) in {"RGB", BROKEN, UNKNOWN, TOO_BIG}


def test_what_is_too_large_is_refused_before_any_process_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(PhotoTooLarge):
        redraw(pictures.jpeg() + b"\0" * LARGEST)
    with pytest.raises(FileNotFoundError):
        redraw(pictures.jpeg())


def test_a_child_that_dies_or_hangs_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec sleep 30\n")
    endless.chmod(0o700)
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert refused(pictures.jpeg()) == BROKEN
    monkeypatch.setattr("sys.executable", str(endless))
    monkeypatch.setattr(photos, "PATIENCE", 0.2)
    assert refused(pictures.jpeg()) == BROKEN


def test_the_child_knows_its_limits() -> None:
    """What the stored photo may have at most is what the child makes at most."""
    assert EVIDENCE.most == 500 * 1024 and EVIDENCE.longest <= 2000 and ADORNING.most == 40 * 1024
    for photo in (pictures.noise(3000, 2000), pictures.from_a_phone(), pictures.png(2000, 40)):
        made = redraw(photo, ADORNING)
        assert len(made.jpeg) <= 40 * 1024 and max(made.width, made.height) <= 800 and SECRET not in made.jpeg


@pytest.mark.django_db
def test_photos_of_one_account_are_counted(world: World) -> None:
    assert world.li.account and world.wang.account
    for _ in range(AN_HOUR):
        photos.hit(world.li.account)
    with pytest.raises(TooMany):
        photos.hit(world.li.account)
    photos.hit(world.wang.account)
