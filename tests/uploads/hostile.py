"""Fifty files that nobody should be harmed by: wrong types, polyglots, bombs, broken ones, secrets, names."""

import gzip
import struct
import zlib
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from tests.activities import pictures

SCRIPT = b"<script>alert('QZrunQZ')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
PHP = b"<?php system($_GET['QZrunQZ']); ?>"
# What must never be in anything that is kept.
MARKS = (b"QZrunQZ", b"<script", b"<svg", b"<?php", b"%PDF", b"GIF89a", b"PK\x03\x04", b"\x7fELF", b"MZ\x90", pictures.SECRET, b"Exif", b"GPS", b"http://ns.adobe")  # fmt: skip


class Hostile(NamedTuple):
    what: str
    name: str
    kind: str
    content: bytes


def saved(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    told = BytesIO()
    Image.new(mode, size).save(told, form, **options)  # type: ignore[arg-type]
    return told.getvalue()


def zipped(*names: str, body: bytes = SCRIPT) -> bytes:
    told = BytesIO()
    with ZipFile(told, "w", ZIP_DEFLATED) as box:
        for name in names:
            box.writestr(name, body)
    return told.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small PNG that says it is as large as that."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def with_text_chunk() -> bytes:
    plain = pictures.png(60, 40)
    body = b"Comment\0" + SCRIPT
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    return plain[:33] + chunk + plain[33:]


def many_frames() -> bytes:
    told = BytesIO()
    frames = [Image.new("RGB", (200, 200), (number, 0, 0)) for number in range(60)]
    frames[0].save(told, "WEBP", save_all=True, append_images=frames[1:])
    return told.getvalue()


JPEG, PNG, WEBP = pictures.jpeg(), pictures.png(), pictures.webp()
_NAMED = (
    ("a path upwards", "../../../../etc/passwd"), ("a path of Windows", "..\\..\\windows\\win.ini"), ("a whole path", "/etc/cron.d/x.jpg"),
    ("a name of 300", "长" * 300 + ".jpg"), ("a name written backwards", "photo\u202egpj.exe"), ("a nought in the name", "photo.php\0.jpg"),
    ("two endings", "photo.php.jpg"), ("no name to speak of", ".jpg"), ("a name that is a script", "<img src=x onerror=alert(1)>.jpg"),
    ("a name that breaks a header", 'a"\r\nSet-Cookie: x=1.jpg'), ("a device of Windows", "CON.jpg"), ("a name of .htaccess", ".htaccess"),
)  # fmt: skip
FILES: tuple[Hostile, ...] = (
    # wrong types, under the names of pictures
    Hostile("a page", "a.jpg", "image/jpeg", b"<!doctype html>" + SCRIPT),
    Hostile("a drawing with a script", "a.svg", "image/svg+xml", SVG),
    Hostile("a drawing named as a photo", "a.png", "image/png", SVG),
    Hostile("a PDF", "a.jpg", "image/jpeg", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"),
    Hostile("a program of Linux", "a.jpg", "image/jpeg", b"\x7fELF" + b"\0" * 200),
    Hostile("a program of Windows", "a.jpg", "image/jpeg", b"MZ\x90\0" + b"\0" * 200),
    Hostile("PHP", "a.php", "image/jpeg", PHP), Hostile("a shell script", "a.sh", "text/plain", b"#!/bin/sh\nid"),
    Hostile("a plain text", "a.jpg", "image/jpeg", "照片".encode()), Hostile("a zip", "a.jpg", "image/jpeg", zipped("a.html")),
    Hostile("a zip that climbs", "a.zip", "application/zip", zipped("../../evil.sh", "/etc/passwd")),
    Hostile("a macro sheet", "a.xlsm", "application/vnd.ms-excel", zipped("xl/vbaProject.bin")),
    Hostile("an old Excel", "a.xls", "application/vnd.ms-excel", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    Hostile("XML with an entity", "a.jpg", "image/jpeg", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    Hostile("a GIF", "a.gif", "image/gif", saved("GIF")), Hostile("a TIFF", "a.tif", "image/tiff", saved("TIFF")),
    Hostile("a BMP", "a.bmp", "image/bmp", saved("BMP")), Hostile("an icon", "a.ico", "image/x-icon", saved("ICO", (16, 16))),
    Hostile("a HEIC", "a.heic", "image/heic", b"\0\0\0\x18ftypheic" + b"\0" * 100),
    # polyglots: read as one thing they are another
    Hostile("a GIF that is a script", "a.gif", "image/gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;" + SCRIPT),
    Hostile("a JPEG that is a page", "a.html", "text/html", JPEG + SCRIPT), Hostile("a JPEG that is PHP", "a.php", "image/jpeg", JPEG + PHP),
    Hostile("a JPEG that is a zip", "a.jpg", "image/jpeg", JPEG + zipped("a.html")),
    Hostile("a JPEG that is a PDF", "a.jpg", "image/jpeg", JPEG + b"%PDF-1.7\n%%EOF"),
    Hostile("a JPEG with a script in its comment", "a.jpg", "image/jpeg", pictures.jpeg(comment=SCRIPT)),
    Hostile("a PNG that is a page", "a.png", "image/png", PNG + SCRIPT), Hostile("a PNG with a script in a chunk", "a.png", "image/png", with_text_chunk()),
    Hostile("a WebP that is a zip", "a.webp", "image/webp", WEBP + zipped("a.html")),
    # bombs
    Hostile("a PNG of 900 million points", "a.png", "image/png", pictures.bomb()),
    Hostile("a PNG that says four thousand million", "a.png", "image/png", claiming(65_000, 65_000)),
    Hostile("a PNG of no size", "a.png", "image/png", claiming(0, 0)), Hostile("a PNG without end", "a.png", "image/png", claiming(2**31 - 1, 1)),
    Hostile("a TIFF bomb", "a.tif", "image/tiff", saved("TIFF", (20_000, 20_000), "1", compression="group4")),
    Hostile("a WebP of many frames", "a.webp", "image/webp", many_frames()),
    Hostile("a zip bomb", "a.xlsx", "application/zip", zipped("xl/worksheets/sheet1.xml", body=b"0" * (8 << 20))),
    Hostile("a gzip bomb", "a.jpg", "image/jpeg", gzip.compress(b"0" * (8 << 20))),
    # broken
    Hostile("nothing", "a.jpg", "image/jpeg", b""), Hostile("one byte", "a.jpg", "image/jpeg", b"\xff"), Hostile("only the first bytes", "a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0"),
    Hostile("half a JPEG", "a.jpg", "image/jpeg", JPEG[: len(JPEG) // 2]), Hostile("half a PNG", "a.png", "image/png", PNG[: len(PNG) // 2]),
    Hostile("a head of WebP", "a.webp", "image/webp", b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 50),
    Hostile("noughts", "a.jpg", "image/jpeg", b"\0" * 5000),
    # secrets
    Hostile("where it was taken", "家.jpg", "image/jpeg", pictures.from_a_phone()),
    # names
    *(Hostile(what, name, "image/jpeg", JPEG) for what, name in _NAMED),
)  # fmt: skip
