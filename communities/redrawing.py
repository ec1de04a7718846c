"""Drawing a photo anew, in a process of its own: `python -m communities.redrawing SIDE BYTES < photo > line and JPEG`.

A bomb, a crash of a decoder or an endless loop ends this process and nothing else; it knows no secret and no database. It
answers with one line of JSON, {"width", "height"} or {"refusal"}, and after the first kind with the JPEG. What the camera wrote
into the file (place, time, device) is not copied: only the picture is drawn anew, the right way up.
"""

import json
import resource
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageOps

MEMORY, SECONDS = 640 << 20, 10
PIXELS = 64_000_000  # the cameras of phones have up to 50 million as a rule
OTHER_PIXELS = 24_000_000  # of what cannot be decoded at a fraction of its size: screenshots, as a rule
FORMATS = ("JPEG", "PNG", "WEBP")
SIZES, QUALITIES = (1600, 1280, 1024, 800, 640, 480, 320), (85, 75, 65, 55)  # tried from the largest that may be
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

BROKEN = "这张照片打不开，可能没有传完整。请换一张照片，或者不附照片直接提交。"
UNKNOWN = "只能附JPG、PNG或WebP格式的照片。请换一张，或者不附照片直接提交。"
HEIC = "这张照片是HEIC格式，现在还打不开。请在手机里把它截屏，附上截屏；或者在相机设置里选“兼容性最佳”后重拍。"
TOO_BIG = "这张照片的尺寸太大，没有读取。请截屏后附上截屏，或者不附照片直接提交。"


class Unreadable(Exception):
    """Its first argument is the sentence for whoever sent it."""


def refusal_at_sight(photo: bytes) -> str:
    """What the first bytes tell of a format that is not read; else nothing."""
    if photo[4:8] == b"ftyp" and photo[8:12] in HEIC_BRANDS:
        return HEIC
    known = photo.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        photo[:4] == b"RIFF" and photo[8:12] == b"WEBP"
    )
    return "" if known else UNKNOWN


def redrawn(photo: bytes, longest: int, most: int) -> tuple[bytes, int, int]:
    """A JPEG of at most `most` bytes and `longest` pixels a side, with its width and height. Refuses `Unreadable`."""
    if refusal := refusal_at_sight(photo):
        raise Unreadable(refusal)
    with Image.open(BytesIO(photo), formats=FORMATS) as opened:
        if opened.width * opened.height > (PIXELS if opened.format == "JPEG" else OTHER_PIXELS):
            raise Unreadable(TOO_BIG)
        opened.draft("RGB", (longest, longest))  # a JPEG is decoded at a fraction of its size, and of the memory
        return _fitted(_plain(opened, longest), longest, most)


def _plain(opened: Image.Image, longest: int) -> Image.Image:
    """The picture alone: upright, on white where it was transparent, as a new image that knows nothing of the file."""
    opened.load()
    small = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    small.thumbnail((longest, longest))
    turned = ImageOps.exif_transpose(small)
    plain = Image.new("RGB", turned.size, "white")
    plain.paste(turned, mask=turned.getchannel("A") if turned.mode == "RGBA" else None)
    return plain


def _fitted(plain: Image.Image, longest: int, most: int) -> tuple[bytes, int, int]:
    """Smaller or coarser until it is small enough; what is left at the smallest always is."""
    for side in (one for one in SIZES if one <= longest):
        plain.thumbnail((side, side))
        for quality in QUALITIES:
            told = BytesIO()
            plain.save(told, "JPEG", quality=quality, optimize=True)
            if told.tell() <= most:
                return told.getvalue(), plain.width, plain.height
    raise Unreadable(TOO_BIG)


def main() -> None:
    """All of it is read and drawn before a word is said."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        jpeg, width, height = redrawn(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
        head: dict[str, object] = {"width": width, "height": height}
    except Unreadable as reason:
        jpeg, head = b"", {"refusal": str(reason)}
    except (Image.DecompressionBombError, MemoryError):
        jpeg, head = b"", {"refusal": TOO_BIG}
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError):
        jpeg, head = b"", {"refusal": BROKEN}
    sys.stdout.buffer.write(f"{json.dumps(head)}\n".encode() + jpeg)


if __name__ == "__main__":
    main()
