"""Badges of delegates: ten on an A4 page, to be cut out, each with a code and a QR code that lead into the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.documents.sheet import FAMILY, PRINT, Sheet, nfc

ACROSS, DOWN = 2, 5
WIDE, TALL = 95.0, 54.0
LEFT, TOP = 10.0, 13.5  # of the sheet, so that the badges stand in its middle
_EDGE, _SIDE = 5.0, 27.0
_NAVY, _INK, _SOFT, _CUT = (11, 52, 112), (16, 34, 63), (68, 84, 111), (170, 180, 196)
_SMALLEST = 4.5  # points


@dataclass(frozen=True)
class Badge:
    """What one badge says; `address` is where its QR code leads."""

    name: str
    team: str
    code: str
    address: str


@dataclass(frozen=True)
class _Words:
    title: str
    code: str
    scan: str


_SAID = {
    "vi": _Words("Thẻ đại biểu", "Mã đại biểu", "Quét để vào phòng thi"),
    "en": _Words("Delegate badges", "Delegate code", "Scan to enter the room"),
}


def pdf(contest: str, badges: Sequence[Badge], made_at: datetime, language: str = "vi") -> bytes:
    """The badges in the order given."""
    said = _SAID[language]
    sheet = _Page(f"{said.title} – {contest}", language, "", made_at, face=PRINT, margins=(0, 0, 0, 0))
    sheet.set_auto_page_break(False)
    for n, badge in enumerate(badges):
        place = n % (ACROSS * DOWN)
        if n and not place:
            sheet.add_page()
        _draw(sheet, badge, contest, said, LEFT + place % ACROSS * WIDE, TOP + place // ACROSS * TALL)
    return sheet.finished()


class _Page(Sheet):
    def footer(self) -> None:
        """Nothing: badges fill the page."""

    def words(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
        lines: int = 1,
    ) -> float:
        """Words from `y` on in at most so many lines, made smaller until they fit; where they end."""
        text = nfc(text)
        while len(found := self._split(width, text, size, bold)) > lines and size > _SMALLEST:
            size -= 0.5
        self.set_text_color(*colour)
        for line in found:
            self.set_xy(x, y)
            self.cell(width, size * 0.42, line)
            y += size * 0.42
        return y

    def _split(self, width: float, text: str, size: float, bold: bool) -> list[str]:
        self.set_font(FAMILY, "B" if bold else "", size)
        found = self.multi_cell(width, size * 0.42, text, dry_run=True, output="LINES", align="L")
        assert isinstance(found, list)
        return [str(line) for line in found]


def _draw(sheet: _Page, badge: Badge, contest: str, said: _Words, x: float, y: float) -> None:
    sheet.set_draw_color(*_CUT)
    sheet.set_line_width(0.15)
    sheet.rect(x, y, WIDE, TALL)
    sheet.set_fill_color(*_NAVY)
    sheet.rect(x, y, WIDE, 1.8, style="F")
    left, width = x + _EDGE, WIDE - 2 * _EDGE
    beside = width - _SIDE - 3
    sheet.words(left, y + 4.5, width, contest, 8, colour=_SOFT, lines=2)
    below = sheet.words(left, y + 14, beside, badge.name, 17, bold=True, colour=_NAVY, lines=2)
    if badge.team:
        sheet.words(left, below + 1.2, beside, badge.team, 10.5, lines=2)
    sheet.words(left, y + TALL - 13.5, beside, said.code, 8, colour=_SOFT)
    sheet.words(left, y + TALL - 10, beside, badge.code, 15, bold=True, lines=1)
    qr_x, qr_y = x + WIDE - _EDGE - _SIDE, y + TALL - _SIDE - 9
    sheet.qr(badge.address, qr_x, qr_y, _SIDE)
    sheet.words(qr_x, y + TALL - 8, _SIDE, said.scan, 7, colour=_SOFT)
