"""照片: a photo that somebody sends in. It is drawn anew outside of any transaction, by a child with limits, or refused."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from django.conf import settings
from django.http import HttpResponse

from communities import limits
from communities.guards import kept_private
from communities.models import User
from communities.redrawing import BROKEN, SECONDS, refusal_at_sight
from core.refusals import BadInput

LARGEST = 10 << 20
PATIENCE = SECONDS * 2
AN_HOUR = 30  # photos of one account, tries included: each costs a process


class Bounds(NamedTuple):
    """How large a picture may become: the longer side in pixels, and bytes (CHECKs `photo_bytes`, `course_photo_bytes`)."""

    longest: int
    most: int


EVIDENCE = Bounds(1600, 500 * 1024)  # what was seen, large enough to be looked into
ADORNING = Bounds(800, 40 * 1024)  # of a page that opens on a slow phone


class Kept(Protocol):
    """A row that keeps a picture."""

    pk: int
    jpeg: bytes | memoryview


class PhotoUnreadable(BadInput):
    code = "photo_unreadable"
    message = BROKEN


class PhotoTooLarge(BadInput):
    code = "photo_too_large"
    message = "照片超过10MB，没有提交。请换一张小一些的，或者不附照片直接提交。"


@dataclass(frozen=True)
class Picture:
    """A photo that was drawn anew; the verbs take nothing else, so nobody decodes inside a transaction."""

    jpeg: bytes
    width: int
    height: int


def hit(by: User) -> None:
    """Count one photo of `by`; refuses `TooMany`. Never within a transaction."""
    limits.hit(f"photo:{by.pk}", limit=AN_HOUR, window=timedelta(hours=1))


def redraw(photo: bytes, bounds: Bounds = EVIDENCE) -> Picture:
    """The picture without what the camera wrote into the file. Whatever goes wrong in the child is `PhotoUnreadable` here."""
    if len(photo) > LARGEST:
        raise PhotoTooLarge
    if refusal := refusal_at_sight(photo):
        raise PhotoUnreadable(refusal)
    head, jpeg = _child(photo, bounds)
    if "refusal" in head:
        raise PhotoUnreadable(str(head["refusal"]))
    return Picture(jpeg, int(str(head["width"])), int(str(head["height"])))


def _child(photo: bytes, bounds: Bounds) -> tuple[dict[str, object], bytes]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "communities.redrawing", *map(str, bounds)], input=photo,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE, cwd=settings.BASE_DIR, env={}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise PhotoUnreadable from None
    if child.returncode:
        raise PhotoUnreadable
    head, _, jpeg = child.stdout.partition(b"\n")
    return json.loads(head), jpeg


def shown(photo: Kept) -> HttpResponse:
    """The answer that shows `photo` to whoever the caller has let in: kept by no browser, taken for nothing but a JPEG."""
    answer = HttpResponse(bytes(photo.jpeg), content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="photo-{photo.pk}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return kept_private(answer)
