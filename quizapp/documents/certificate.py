"""Certificates: one A4 page across, in a frame drawn from curves, with a code that leads to the page that checks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, pi, sin, tau
from typing import Literal

from quizapp.documents.official import long_date
from quizapp.documents.sheet import FAMILY, OFFICIAL, Sheet, nfc

WIDE, TALL = 297, 210
MIDDLE = WIDE / 2
_GOLD, _PALE, _NAVY, _RED, _INK = (176, 134, 44), (245, 237, 216), (11, 52, 112), (150, 24, 32), (24, 28, 36)
_SIDE = 34  # what stays free at the left and the right of the words
_MOST_LINES = 2  # of a long name of a contest or unit


@dataclass(frozen=True)
class Certificate:
    """What one certificate says. `prize` is empty for taking part; `stage` names the round or list of a prize."""

    name: str
    unit: str
    contest: str
    organizer: str
    superior: str
    prize: str
    stage: str
    serial: str
    address: str  # of the page that checks it
    place: str
    day: date
    made_at: datetime
    language: str = "vi"


@dataclass(frozen=True)
class _Words:
    state: str
    motto: str
    title: str
    certifies: str
    took_part: str
    won: str
    contest: str
    check: str
    serial: str
    signed_for: str
    role: str


_SAID = {
    "vi": _Words(
        state="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        motto="Độc lập – Tự do – Hạnh phúc",
        title="GIẤY CHỨNG NHẬN",
        certifies="Ban Tổ chức cuộc thi chứng nhận",
        took_part="đã tham gia",
        won="đã đạt",
        contest="Cuộc thi",
        check="Quét mã để kiểm tra",
        serial="Số:",
        signed_for="TM. BAN TỔ CHỨC",
        role="TRƯỞNG BAN",
    ),
    "en": _Words(
        state="SOCIALIST REPUBLIC OF VIET NAM",
        motto="Independence – Freedom – Happiness",
        title="CERTIFICATE",
        certifies="The organizing committee certifies that",
        took_part="took part in",
        won="was awarded",
        contest="the contest",
        check="Scan to check",
        serial="No.",
        signed_for="FOR THE ORGANIZING COMMITTEE",
        role="CHAIR",
    ),
}


def pdf(certificates: Sequence[Certificate]) -> bytes:
    """The certificates, one on each page."""
    first = certificates[0]
    title = f"{_SAID[first.language].title} {first.serial}"
    sheet = _Page(title, first.language, first.made_at)
    for n, certificate in enumerate(certificates):
        if n:
            sheet.add_page()
        _frame(sheet)
        _words(sheet, certificate)
        _foot(sheet, certificate)
    return sheet.finished()


class _Page(Sheet):
    def __init__(self, title: str, language: str, made_at: datetime) -> None:
        super().__init__(title, language, "", made_at, face=OFFICIAL, margins=(0, 0, 0, 0), orientation="landscape")
        self.set_auto_page_break(False)

    def footer(self) -> None:
        """Nothing: the frame goes round the page."""

    def line_of(
        self,
        y: float,
        words: str,
        size: float,
        style: Literal["", "B", "I", "BI"] = "",
        colour: tuple[int, int, int] = _INK,
        *,
        left: float = _SIDE,
        width: float = WIDE - 2 * _SIDE,
        lines: int = 1,
    ) -> float:
        """Centred words from `y` on, made smaller until they need no more than so many lines; where they end."""
        words = nfc(words)
        while len(self._split(words, size, style, width)) > lines and size > 8:
            size -= 0.5
        self.set_text_color(*colour)
        for line in self._split(words, size, style, width):
            self.set_font(FAMILY, style, size)
            self.set_xy(left, y)
            self.cell(width, size * 0.42, line, align="C")
            y += size * 0.42
        return y

    def _split(self, words: str, size: float, style: Literal["", "B", "I", "BI"], width: float) -> list[str]:
        self.set_font(FAMILY, style, size)
        found = self.multi_cell(width, size * 0.42, words, dry_run=True, output="LINES", align="C")
        assert isinstance(found, list)
        return [str(line) for line in found]


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(sheet: _Page, one: Certificate) -> None:
    said = _SAID[one.language]
    sheet.line_of(22, said.state, 13, "B")
    sheet.line_of(28, said.motto, 13, "B")
    _rule(sheet, MIDDLE, 34.6, sheet.width_of(said.motto, 13, bold=True), _INK, 0.25)
    y = 39.5
    if one.superior:
        y = sheet.line_of(y, one.superior.upper(), 12, "", _NAVY) + 0.5
    sheet.line_of(y, one.organizer.upper(), 13, "B", _NAVY)
    sheet.line_of(54, said.title, 42, "B", _RED)
    sheet.line_of(75, said.certifies, 15, "I")
    below = sheet.line_of(85, one.name, 32, "BI", _NAVY)
    _ornament(sheet, below + 2.2)
    y = below + 6
    if one.unit:
        y = sheet.line_of(y, one.unit, 15, lines=_MOST_LINES) + 2.5
    if one.prize:
        y = sheet.line_of(y, said.won, 15, "I") + 1.5
        honour = f"{one.prize} – {one.stage}" if one.stage else one.prize
        y = sheet.line_of(y, honour.upper(), 21, "B", _RED) + 2
        sheet.line_of(y, _contest(one, said), 15, "B", lines=_MOST_LINES)
    else:
        y = sheet.line_of(y, said.took_part, 15, "I") + 2
        sheet.line_of(y, _contest(one, said), 19, "B", _RED, lines=_MOST_LINES)


def _contest(one: Certificate, said: _Words) -> str:
    """The name of the contest with the word before it, unless it begins with that word itself."""
    begins = one.contest.casefold().startswith(("cuộc thi", "hội thi", "contest", "the contest"))
    return one.contest if begins else f"{said.contest} “{one.contest}”"


def _foot(sheet: _Page, one: Certificate) -> None:
    said = _SAID[one.language]
    side, left, top = 24.0, 40.0, 152.0
    sheet.qr(one.address, left, top, side)
    sheet.line_of(top + side + 1.5, said.check, 9.5, "I", left=left - 20, width=side + 40)
    sheet.line_of(top + side + 5.5, f"{said.serial} {one.serial}", 10.5, "B", left=left - 20, width=side + 40)
    right, width = 165.0, 100.0
    where = ", ".join(part for part in (one.place, long_date(one.day, one.language)) if part)
    sheet.line_of(147, where, 13, "I", left=right, width=width)
    sheet.line_of(153, said.signed_for, 13, "B", left=right, width=width)
    sheet.line_of(158.5, said.role, 13, "B", left=right, width=width)


# ── The frame ───────────────────────────────────────────────────────────────────────────────────────────────────


def _frame(sheet: _Page) -> None:
    """A pale rosette behind the words, a braid between two lines round the page, and a rosette in every corner."""
    _rosette(sheet, MIDDLE, 108, 58, 36, _PALE, 0.12)
    sheet.set_draw_color(*_NAVY)
    sheet.set_line_width(0.9)
    sheet.rect(8, 8, WIDE - 16, TALL - 16)
    _braid(sheet)
    sheet.set_draw_color(*_NAVY)
    sheet.set_line_width(0.3)
    sheet.rect(15.5, 15.5, WIDE - 31, TALL - 31)
    sheet.set_fill_color(255)
    for x in (11.75, WIDE - 11.75):
        for y in (11.75, TALL - 11.75):
            sheet.ellipse(x - 6.6, y - 6.6, 13.2, 13.2, style="F")
            _rosette(sheet, x, y, 6.4, 12, _GOLD, 0.16)
            sheet.set_draw_color(*_NAVY)
            sheet.set_line_width(0.3)
            sheet.ellipse(x - 6.6, y - 6.6, 13.2, 13.2, style="D")


def _braid(sheet: _Page) -> None:
    """Waves that cross each other, round the page between the two lines of the frame."""
    sheet.set_draw_color(*_GOLD)
    sheet.set_line_width(0.22)
    middle, high = 11.75, 2.3
    for along, across, turned in ((WIDE, TALL, False), (TALL, WIDE, True)):
        length = along - 2 * middle
        waves = round(length / 9)
        for strand in range(4):
            steps = [n / 600 for n in range(601)]
            bends = [high * sin(tau * waves * t + pi * strand / 2) for t in steps]
            for edge in (middle, across - middle):
                points = [(middle + length * t, edge + bend) for t, bend in zip(steps, bends, strict=True)]
                sheet.polyline([(y, x) for x, y in points] if turned else points)


def _rosette(
    sheet: _Page, x: float, y: float, radius: float, petals: int, colour: tuple[int, int, int], line: float
) -> None:
    """A flower of fine lines, as on banknotes: two curves that turn round the middle against each other."""
    sheet.set_draw_color(*colour)
    sheet.set_line_width(line)
    for turn, depth in ((0.0, 0.34), (pi / petals, 0.2), (pi / petals / 2, 0.46)):
        points = []
        for n in range(petals * 24 + 1):
            angle = tau * n / (petals * 24)
            reach = radius * (1 - depth + depth * cos(petals * (angle + turn)))
            points.append((x + reach * cos(angle), y + reach * sin(angle)))
        sheet.polyline(points)


def _rule(sheet: _Page, middle: float, y: float, length: float, colour: tuple[int, int, int], line: float) -> None:
    sheet.set_draw_color(*colour)
    sheet.set_line_width(line)
    sheet.line(middle - length / 2, y, middle + length / 2, y)


def _ornament(sheet: _Page, y: float) -> None:
    """A line under the name with a diamond in its middle."""
    _rule(sheet, MIDDLE, y, 120, _GOLD, 0.4)
    sheet.set_fill_color(*_GOLD)
    sheet.polygon([(MIDDLE - 2.4, y), (MIDDLE, y - 1.2), (MIDDLE + 2.4, y), (MIDDLE, y + 1.2)], style="F")
