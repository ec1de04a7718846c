"""Photos as phones, screens and malice make them; deeds of the fixed cast that carry one."""

import struct
import zlib
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from activities.deeds import send
from activities.models import Deed
from communities.models import Resident, User
from communities.photos import Picture
from tests.world import World

SECRET = b"QZwhereIliveZQ"


def jpeg(width: int = 320, height: int = 200, *, colour: str = "red", **saved: Any) -> bytes:
    told = BytesIO()
    Image.new("RGB", (width, height), colour).save(told, "JPEG", **saved)
    return told.getvalue()


def png(width: int = 320, height: int = 200, mode: str = "RGB") -> bytes:
    told = BytesIO()
    Image.new(mode, (width, height)).save(told, "PNG")
    return told.getvalue()


def webp(width: int = 320, height: int = 200) -> bytes:
    told = BytesIO()
    Image.new("RGB", (width, height), "green").save(told, "WEBP")
    return told.getvalue()


def noise(width: int, height: int, quality: int = 60) -> bytes:
    """What compresses badly."""
    told = BytesIO()
    Image.effect_noise((width, height), 120).convert("RGB").save(told, "JPEG", quality=quality)
    return told.getvalue()


def from_a_phone() -> bytes:
    """Taken upright (so turned by a tag), with the place, the device, a thumbnail's worth of notes and a comment in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x010E] = 6, "MARK Phone", SECRET.decode()
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (IFDRational(40), IFDRational(5), IFDRational(12))
    place[3], place[4] = "E", (IFDRational(113), IFDRational(18), IFDRational(7))
    told = BytesIO()
    picture = Image.new("RGB", (400, 300), "blue")
    picture.paste("red", (0, 0, 200, 300))
    picture.save(told, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET, xmp=SECRET, quality=95)
    return told.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of some kilobytes that unpacks to side × side pixels."""
    row = b"\0" * (side // 8 + 1)
    packer = zlib.compressobj(9)
    body = [*(packer.compress(row) for _ in range(side)), packer.flush()]
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"".join(body)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def picture() -> Picture:
    """One that was drawn anew, without asking a child process for it."""
    return Picture(jpeg(), 320, 200)


def sent(
    world: World, resident: Resident | None = None, *, by: User | None = None, text: str = "路灯不亮", kind: str = "snapshot",
    photo: Picture | None = None, place: str = "", at: datetime | None = None,
) -> Deed:  # fmt: skip
    """李建国 (or `resident`) sent something in."""
    mine = resident or world.li
    return send(
        resident=mine, kind=kind, text=text, place=place, photo=photo, by=by or mine.account or world.zhang, at=at
    )  # fmt: skip
