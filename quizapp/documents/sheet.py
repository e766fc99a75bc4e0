"""An A4 sheet with whole Vietnamese fonts: what every printed document shares."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal, cast

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from quizapp.config import ROOT

VENDOR = ROOT / "static" / "vendor"
PRINT = {"": VENDOR / "print" / "regular.ttf", "B": VENDOR / "print" / "bold.ttf"}
OFFICIAL = {
    "": VENDOR / "official" / "regular.ttf",
    "I": VENDOR / "official" / "italic.ttf",
    "B": VENDOR / "official" / "bold.ttf",
    "BI": VENDOR / "official" / "bold-italic.ttf",
}
FAMILY = "print"  # whatever face a sheet is set in
LEFT, TOP, RIGHT, BOTTOM = 18, 14, 15, 18  # millimetres


class Sheet(FPDF):
    """Pages with `footer_words` and the page number at their foot. Positions are millimetres from the top left."""

    def __init__(
        self,
        title: str,
        language: str,
        footer_words: str,
        made_at: datetime,
        *,
        face: dict[str, Path] = PRINT,
        margins: tuple[float, float, float, float] = (LEFT, TOP, RIGHT, BOTTOM),
        orientation: Literal["portrait", "landscape"] = "portrait",
    ) -> None:
        super().__init__(orientation, format="A4")
        self.footer_words = nfc(footer_words)
        for style, path in face.items():
            self.add_font(FAMILY, cast("Literal['', 'B', 'I', 'BI']", style), path)
        left, top, right, bottom = margins
        self.set_margins(left, top, right)
        self.set_auto_page_break(True, bottom)
        self.set_title(nfc(title))
        self.set_lang(language)
        self.set_creation_date(made_at)  # the same document is the same file, whenever it is asked for
        self.alias_nb_pages("{pages}")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FAMILY, "", 9)
        self.cell(0, 5, f"{self.footer_words} – {self.page_no()}/{{pages}}", align="C")

    def say(self, words: str, size: float = 11, *, bold: bool = False, align: str = "L", indent: float = 0) -> None:
        """A paragraph over the whole width, from `indent` on."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, size * 0.5, nfc(words), align=align, new_x="LMARGIN", new_y="NEXT")

    def width_of(self, words: str, size: float, *, bold: bool = False) -> float:
        """How wide these words are in one line."""
        self.set_font(FAMILY, "B" if bold else "", size)
        return self.get_string_width(nfc(words))

    @contextmanager
    def together(self) -> Iterator[Sheet]:
        """What is written inside stays on one page: it goes on to the next where it does not fit."""
        with self.unbreakable() as whole:
            yield cast("Sheet", whole)

    def qr(self, address: str, x: float, y: float, side: float) -> None:
        """A QR code of an address, drawn as squares so that it prints sharply; a reader can follow it as a link too."""
        rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
        unit = side / len(rows)
        self.set_fill_color(0)
        for r, row in enumerate(rows):
            for c, dark in enumerate(row):
                if dark:
                    self.rect(x + c * unit, y + r * unit, unit + 0.02, unit + 0.02, style="F")
        self.link(x, y, side, side, address)

    def finished(self) -> bytes:
        """The file; the sheet can be written on no more."""
        made = bytes(self.output())
        for font in self.fonts.values():
            cast(TTFFont, font).ttfont.close()  # else the font files stay open until somebody collects the rubbish
        return made


def nfc(words: str) -> str:
    """Words with every letter in one piece, as the fonts have them."""
    return unicodedata.normalize("NFC", words)
