"""QR codes as inline SVG, without style or script."""

from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=1024)  # drawing costs as much as the rest of the page
def drawn(address: str) -> SafeString:
    """`address`, an address of ours, as a code."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308  drawn by us from our own address
