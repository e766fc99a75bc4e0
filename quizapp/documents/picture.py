"""Pictures to share: drawn from SVG with the product's own fonts, so that every machine gives the same letters."""

from __future__ import annotations

from functools import cache

import resvg_py
from PIL import ImageFont

from quizapp.documents.sheet import PRINT

WIDTH, HEIGHT = 1200, 630  # what social networks show whole
MEDIA_TYPE = "image/png"
_FAMILY = "Noto Sans"
_ELLIPSIS = "…"


def png(svg: str) -> bytes:
    """The picture an SVG describes. Only the product's fonts are used, and nothing outside the SVG is read."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(file) for file in PRINT.values()],
        skip_system_fonts=True,
        font_family=_FAMILY,
        sans_serif_family=_FAMILY,
    )


def wrapped(words: str, *, size: int, width: int, lines: int, bold: bool = False) -> list[str]:
    """Words broken into at most `lines` lines of `width` pixels; what does not fit ends in an ellipsis."""
    font = _font("B" if bold else "", size)
    found: list[str] = []
    rest = words.split()
    while rest and len(found) < lines:
        taken = 1
        while taken < len(rest) and font.getlength(" ".join(rest[: taken + 1])) <= width:
            taken += 1
        found.append(" ".join(rest[:taken]))
        rest = rest[taken:]
    if found:
        found[-1] = _fitting(found[-1] + (" " + " ".join(rest) if rest else ""), font, width)
    return [_fitting(line, font, width) for line in found]


def _fitting(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(line) <= width:
        return line
    kept = line
    while kept and font.getlength(kept.rstrip() + _ELLIPSIS) > width:
        kept = kept.rpartition(" ")[0] or kept[:-1]  # whole words while there are any
    return kept.rstrip() + _ELLIPSIS


@cache
def _font(style: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(PRINT[style]), size)
