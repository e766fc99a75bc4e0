"""A printed paper: the questions with lettered options, the sheet for the answers, and the key with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.documents.sheet import FAMILY, LEFT, RIGHT, TOP, Sheet, nfc
from quizapp.rules.law import basis_line
from quizapp.rules.paper import Place

LETTERS = "ABCDEF"
_WIDTH = 210 - LEFT - RIGHT
_COLUMNS = 4  # of the answer sheet
_TEXT, _LINE = 11, 5.5


@dataclass(frozen=True)
class Words:
    """The words around the questions, in the language of the paper."""

    state: str
    motto: str
    code: str
    about: str  # `20 câu · 30 phút`
    name: str
    number: str
    unit: str
    mark: str
    question: str
    several: str
    order: str
    whole: str
    answer: str
    practise: str
    sheet: str
    how_to_fill: str
    key: str
    right: str


@dataclass(frozen=True)
class Version:
    """One version of a paper, ready to be printed."""

    title: str
    organization: str
    code: str
    language: str
    places: Sequence[Place]
    practice_url: str
    words: Words
    made_at: datetime
    numbers: Sequence[int] = ()  # of the questions, where they do not simply count from 1

    @property
    def numbered(self) -> Sequence[tuple[int, Place]]:
        """The questions with their numbers."""
        return list(zip(self.numbers or range(1, len(self.places) + 1), self.places, strict=True))


def paper(version: Version) -> bytes:
    """The questions. No question is torn by the end of a page."""
    sheet = _begun(version, version.words.code + " " + version.code)
    _head(sheet, version, version.title)
    _person(sheet, version.words)
    for n, place in version.numbered:
        with sheet.together() as whole:
            _question(whole, version, n, place)
    return sheet.finished()


def answer_sheet(version: Version) -> bytes:
    """Where the answers are marked: bubbles A-F, boxes for orders, a line for numbers."""
    words = version.words
    sheet = _begun(version, f"{words.sheet} – {words.code} {version.code}")
    _head(sheet, version, words.sheet, qr=False)
    _person(sheet, words)
    sheet.say(words.how_to_fill, 10)
    sheet.ln(2)
    rows = max(10, -(-len(version.places) // _COLUMNS))
    top, width = sheet.get_y(), _WIDTH / _COLUMNS
    height = min(7.6, (297 - 20 - top) / rows)
    for n, place in enumerate(version.places):
        column, row = divmod(n, rows)
        _answer_line(sheet, n + 1, place, LEFT + column * width, top + row * height, height)
    for x, y in ((6, 6), (199, 6), (6, 286), (199, 286)):  # so that a scan can be set straight
        sheet.set_fill_color(0)
        sheet.rect(x, y, 5, 5, style="F")
    return sheet.finished()


def key(version: Version) -> bytes:
    """The right answers, each with its legal basis and its explanation."""
    words = version.words
    sheet = _begun(version, f"{words.key} – {words.code} {version.code}")
    _head(sheet, version, f"{words.key}: {version.title}", qr=False)
    for n, place in version.numbered:
        asked = place.question
        with sheet.together() as whole:
            whole.say(f"{words.question} {n}. {words.right}: {right_answer(place, version.language)}", bold=True)
            whole.say(basis_line(asked, version.language), 10, indent=6)
            whole.say(f"{asked.explanation.of(version.language)} ({asked.id})", 10, indent=6)
            whole.ln(2)
    return sheet.finished()


def right_answer(place: Place, language: str) -> str:
    """The right answer as it stands on this version: `B – 15 năm`, `A, C`, `C → A → B`, or a number with its unit."""
    asked = place.question
    if asked.kind == "number":
        return f"{asked.key[0]} {asked.unit.of(language) if asked.unit else ''}".strip()
    letters = [LETTERS[place.options.index(option)] for option in asked.key]
    if asked.kind == "order":
        return ", ".join(letters)
    if len(letters) == 1:
        return f"{letters[0]} – {asked.options[asked.key[0]].of(language)}"
    return ", ".join(sorted(letters))


def _begun(version: Version, footer: str) -> Sheet:
    return Sheet(f"{version.title} – {version.code}", version.language, footer, version.made_at)


def _head(sheet: Sheet, version: Version, title: str, *, qr: bool = True) -> None:
    words = version.words
    if version.organization:
        _state_heading(sheet, version)
    top = sheet.get_y()
    if qr:
        sheet.qr(version.practice_url, 210 - RIGHT - 24, top, 24)
        sheet.set_xy(210 - RIGHT - 30, top + 24)
        sheet.set_font(FAMILY, "", 8)
        sheet.cell(36, 4, words.practise, align="C")
        sheet.set_y(top)
        sheet.set_right_margin(RIGHT + 28)
        sheet.set_left_margin(LEFT + 28)
    sheet.set_x(sheet.l_margin)
    sheet.set_font(FAMILY, "B", 15)
    sheet.multi_cell(0, 7.5, nfc(title), align="C", new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(FAMILY, "B", 12)
    sheet.multi_cell(0, 7, f"{words.code}: {version.code}", align="C", new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(FAMILY, "", 11)
    sheet.multi_cell(0, 6, words.about, align="C", new_x="LMARGIN", new_y="NEXT")
    sheet.set_margins(LEFT, TOP, RIGHT)
    sheet.set_y(max(sheet.get_y(), top + 30) if qr else sheet.get_y() + 2)


def _state_heading(sheet: Sheet, version: Version) -> None:
    """Two columns: who organizes, and the name of the state with its motto, as official papers begin."""
    half, top = _WIDTH / 2, sheet.get_y()
    sheet.set_font(FAMILY, "B", 10.5)
    sheet.multi_cell(half - 4, 5.5, nfc(version.organization.upper()), align="C", new_x="LMARGIN", new_y="NEXT")
    bottom = sheet.get_y()
    sheet.set_xy(LEFT + half - 2, top)
    sheet.multi_cell(half + 2, 5.5, version.words.state, align="C", new_x="LEFT", new_y="NEXT")
    sheet.set_font(FAMILY, "B", 11.5)
    sheet.cell(half + 2, 5.5, version.words.motto, align="C")
    long = sheet.get_string_width(version.words.motto)
    centre, line = LEFT + half - 2 + (half + 2) / 2, sheet.get_y() + 6.2
    sheet.line(centre - long / 2, line, centre + long / 2, line)
    sheet.set_y(max(bottom, line) + 6)


def _person(sheet: Sheet, words: Words) -> None:
    """The lines that the person fills in by hand."""
    for labels in ((words.name, words.number), (words.unit, words.mark)):
        for label, width in zip(labels, (0.64, 0.36), strict=True):
            sheet.set_font(FAMILY, "", _TEXT)
            label_width = sheet.get_string_width(label) + 2
            sheet.cell(label_width, 8, label)
            x, y = sheet.get_x(), sheet.get_y() + 6.4
            rest = _WIDTH * width - label_width - 3
            sheet.set_dash_pattern(0.4, 0.8)
            sheet.line(x, y, x + rest, y)
            sheet.set_dash_pattern()
            sheet.set_x(x + rest + 3)
        sheet.ln(8)
    sheet.ln(3)


def _question(sheet: Sheet, version: Version, n: int, place: Place) -> None:
    words, asked = version.words, place.question
    how = {"several": words.several, "order": words.order, "number": words.whole}.get(asked.kind, "")
    stem = asked.stem.of(version.language)
    sheet.set_x(LEFT)
    sheet.set_font(FAMILY, "B", _TEXT)
    sheet.write(_LINE, f"{words.question} {n}. ")
    sheet.set_font(FAMILY, "", _TEXT)
    sheet.write(_LINE, nfc(f"{stem} {how}".strip()))
    sheet.ln(_LINE + 1)
    if asked.kind == "number":
        unit = asked.unit.of(version.language) if asked.unit else ""
        sheet.say(f"{words.answer}: ........................ {unit}", indent=6)
    else:
        _options(sheet, [asked.options[option].of(version.language) for option in place.options])
    if asked.kind == "order":
        sheet.say(f"{words.answer}: " + "   ".join("......." for _ in place.options), indent=6)
    sheet.ln(2.5)


def _options(sheet: Sheet, texts: Sequence[str]) -> None:
    """The options under their letters; short ones two in a line."""
    half = (_WIDTH - 6) / 2
    short = all(sheet.width_of(f"A. {text}", _TEXT) < half - 4 for text in texts)
    for n, text in enumerate(texts):
        sheet.set_x(LEFT + 6 + (half if short and n % 2 else 0))
        sheet.set_font(FAMILY, "B", _TEXT)
        sheet.cell(7, _LINE, f"{LETTERS[n]}.")
        sheet.set_font(FAMILY, "", _TEXT)
        if short:
            sheet.cell(half - 7, _LINE, nfc(text))
            if n % 2 == 1 or n == len(texts) - 1:
                sheet.ln(_LINE + 0.8)
        else:
            sheet.multi_cell(0, _LINE, nfc(text), align="L", new_x="LMARGIN", new_y="NEXT")
            sheet.ln(0.8)


def _answer_line(sheet: Sheet, n: int, place: Place, x: float, y: float, height: float) -> None:
    """One line of the answer sheet."""
    sheet.set_xy(x, y)
    sheet.set_font(FAMILY, "B", 9)
    sheet.cell(8, height, str(n), align="R")
    x, size = x + 9.5, 4.8
    middle = y + height / 2
    sheet.set_draw_color(0)
    if place.question.kind == "number":
        sheet.rect(x, middle - 2.8, 6 * 5.6 - 1, 5.6)
        return
    if place.question.kind == "order":
        for box in range(len(place.options)):
            sheet.rect(x + box * 5.6, middle - 2.6, 4.8, 5.2)
        return
    sheet.set_font(FAMILY, "", 7)
    for place_of, letter in enumerate(LETTERS):
        sheet.ellipse(x + place_of * 5.6, middle - size / 2, size, size)
        sheet.set_xy(x + place_of * 5.6, middle - size / 2)
        sheet.cell(size, size, letter, align="C")
