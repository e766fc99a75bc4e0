"""Official papers: the two-column state heading, clauses, lists and a signature, laid out as Decree 30/2020/NĐ-CP asks.

A paper is a value first (`Official`): the same value is printed (`pdf`) and becomes a workbook (`xlsx`), so that the
two never differ. Positions are millimetres, letters points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from quizapp.documents.sheet import FAMILY, OFFICIAL, Sheet, nfc
from quizapp.documents.tables import Table, workbook
from quizapp.rules.timing import VIETNAM

TOP, RIGHT, BOTTOM, LEFT = 20, 18, 20, 30
BODY, SMALL, LIST = 13, 11, 11  # points
PRINTED = 500  # rows of a list that are printed; the workbook has them all
_LINE = 0.42  # millimetres of a line for each point of its letters
_PADDING = 1.2  # inside the cells of a list
_MEASURED, _LONGEST = 100, 34  # rows that are measured for the widths, and millimetres that one word may ask for

Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Letterhead:
    """Who writes, under which number, where and when; what is not known yet is left open, to be filled in by hand."""

    agency: str
    superior: str = ""
    number: str = ""
    place: str = ""
    day: date | None = None
    language: str = "vi"


@dataclass(frozen=True)
class Paragraph:
    """Words of the text; `lead` stands bold before them (`Điều 1.`)."""

    words: str
    lead: str = ""
    style: Literal["body", "basis", "centre", "item", "note"] = "body"


@dataclass(frozen=True)
class Head:
    """A heading inside the text, in capitals or not as it is written."""

    words: str


@dataclass(frozen=True)
class Column:
    """One column of a list: its heading, its share of the width, and to which side its cells stand."""

    words: str
    share: float = 1.0
    align: Literal["L", "C", "R"] = "L"


@dataclass(frozen=True)
class Grid:
    """A list with lines; `name` is that of its sheet in the workbook. `foot` is a last row of totals.

    Of a long list the first rows are printed, with a word about the others: `of` says how many there are in all where
    not even all of them are here.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] | None = None
    empty: str = ""  # what stands there without rows
    of: int = 0


Block = Paragraph | Head | Grid


@dataclass(frozen=True)
class Signature:
    """Who signs, and who receives a copy."""

    above: str = ""  # `TM. BAN TỔ CHỨC`
    role: str = ""  # `TRƯỞNG BAN`
    note: str = ""  # `(Ký tên, đóng dấu)`
    receivers: Sequence[str] = ()


@dataclass(frozen=True)
class Annex:
    """A list that goes with the paper, on pages of its own; `wide` ones lie across."""

    name: str
    title: str
    note: str
    blocks: Sequence[Block]
    wide: bool = False


@dataclass(frozen=True)
class Official:
    """A whole paper. `source` says from which stored result its figures come, and is printed with it."""

    head: Letterhead
    kind: str  # `QUYẾT ĐỊNH`
    about: str
    blocks: Sequence[Block]
    made_at: datetime
    signature: Signature | None = None
    annexes: Sequence[Annex] = ()
    source: str = ""
    draft: bool = False
    wide: bool = False  # its pages lie across


def pdf(paper: Official) -> bytes:
    """The paper to be printed."""
    sheet = _Pages(paper)
    _letterhead(sheet, paper)
    _title(sheet, paper)
    _write(sheet, paper.blocks)
    if paper.source:
        _write(sheet, [Paragraph(paper.source, style="note")])
    if paper.signature:
        _signature(sheet, paper)
    for annex in paper.annexes:
        sheet.add_page(orientation="landscape" if annex.wide else "portrait")
        sheet.middle(annex.name, BODY, "B")
        sheet.middle(annex.title, BODY, "B")
        sheet.middle(annex.note, BODY - 1, "I")
        sheet.ln(3)
        _write(sheet, annex.blocks)
    return sheet.finished()


def xlsx(paper: Official) -> bytes:
    """The lists of the paper as a workbook: first a sheet that says what they are, then one for each list."""
    words = _LABELS[paper.head.language == "en"]
    facts = [
        (words[0], f"{paper.kind} {paper.about}".strip()),
        (words[1], paper.head.agency),
        (words[2], paper.head.number),
        (words[3], paper.source),
    ]
    first = Table(words[4], [words[5], ""], [[name, said] for name, said in facts if said])
    grids = [block for part in (paper.blocks, *(annex.blocks for annex in paper.annexes)) for block in part]
    return workbook([first, *_tables([grid for grid in grids if isinstance(grid, Grid)])])


def said(cell: Cell, language: str = "vi") -> str:
    """A cell as it is printed: 12.480 and 86,51 in Vietnamese, 12,480 and 86.51 in English."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return f"{cell:,}" if language == "en" else f"{cell:,}".translate(_VIETNAMESE)


def long_date(day: date | None, language: str = "vi") -> str:
    """`ngày 01 tháng 7 năm 2025`; dots to be filled in by hand where the day is not known."""
    if language == "en":
        return f"{day.day} {day:%B %Y}" if day else "................."
    if day is None:
        return "ngày      tháng      năm        "
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


COMMITTEE = Signature("TM. BAN TỔ CHỨC", "TRƯỞNG BAN", "(Ký tên, đóng dấu)")
SECRETARIAT = Signature("TM. TỔ THƯ KÝ", "TỔ TRƯỞNG", "(Ký, ghi rõ họ tên)")


def at(moment: datetime) -> str:
    """An instant in Viet Nam, as papers say it: `10 giờ 05 ngày 08/3/2026`."""
    local = moment.astimezone(VIETNAM)
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    return f"{local.hour:02d} giờ {local.minute:02d} ngày {local.day:02d}/{month}/{local.year}"


_MORE = ("Còn {} dòng nữa; bảng tính kèm theo có đủ mọi dòng.", "{} more lines; the workbook has all of them.")
_VIETNAMESE = str.maketrans(",.", ".,")
_LABELS = (
    ("Văn bản", "Cơ quan", "Số", "Nguồn số liệu", "Thông tin", "Mục"),
    ("Paper", "Agency", "Number", "Source of the figures", "About", "Item"),
)
_STATE = {
    "vi": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc", "Số: ", "DỰ THẢO", "Nơi nhận:"),
    "en": ("SOCIALIST REPUBLIC OF VIET NAM", "Independence – Freedom – Happiness", "No. ", "DRAFT", "Copies to:"),
}


class _Pages(Sheet):
    """The pages of an official paper: its number stands in the middle of the upper margin, not on the first."""

    def __init__(self, paper: Official) -> None:
        title = f"{paper.kind} {paper.about}".strip()
        margins = (LEFT, TOP, RIGHT, BOTTOM)
        self.language = paper.head.language
        lies: Literal["portrait", "landscape"] = "landscape" if paper.wide else "portrait"
        super().__init__(title, self.language, "", paper.made_at, face=OFFICIAL, margins=margins, orientation=lies)

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_y(10)
            self.set_font(FAMILY, "", BODY)
            self.cell(0, 5, str(self.page_no()), align="C")
            self.set_y(TOP)

    def footer(self) -> None:
        """Nothing: official papers number their pages above."""

    def middle(self, words: str, size: float, style: Literal["", "B", "I"] = "") -> None:
        """Centred words over the whole width."""
        if words:
            self.set_font(FAMILY, style, size)
            self.set_x(self.l_margin)
            self.multi_cell(0, size * _LINE, nfc(words), align="C", new_x="LMARGIN", new_y="NEXT")

    def room(self, height: float) -> None:
        """Go on to the next page where so much does not fit any more."""
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()


# ── The parts of a page ─────────────────────────────────────────────────────────────────────────────────────────


def _letterhead(sheet: _Pages, paper: Official) -> None:
    """Left who writes and under which number, right the name of the state with its motto, the place and the day."""
    head, (state, motto, number, draft, _) = paper.head, _STATE[paper.head.language]
    left, right = 0.41 * sheet.epw, 0.59 * sheet.epw
    top = sheet.get_y()
    if head.superior:
        _column(sheet, LEFT, left, head.superior.upper(), 12)
    _column(sheet, LEFT, left, head.agency.upper(), 12, "B")
    longest = min(sheet.width_of(head.agency.upper(), 12, bold=True), left)
    _rule(sheet, LEFT + left / 2, longest * 0.4, sheet.get_y() + 0.8)
    below_left = sheet.get_y() + 3
    sheet.set_y(top)
    _column(sheet, LEFT + left, right, state, 12, "B")
    _column(sheet, LEFT + left, right, motto, BODY, "B")
    _rule(sheet, LEFT + left + right / 2, sheet.width_of(motto, BODY, bold=True), sheet.get_y() + 0.8)
    sheet.set_y(max(below_left, sheet.get_y() + 3))
    line = sheet.get_y()
    _column(sheet, LEFT, left, number + (head.number or ".........../......-......"), BODY)
    if paper.draft:
        _column(sheet, LEFT, left, draft, BODY, "B")
    bottom = sheet.get_y()
    sheet.set_y(line)
    where = f"{head.place or '...................'}, {long_date(head.day, head.language)}"
    _column(sheet, LEFT + left, right, where, BODY, "I")
    sheet.set_y(max(bottom, sheet.get_y()) + 7)


def _column(sheet: _Pages, x: float, width: float, words: str, size: float, style: Literal["", "B", "I"] = "") -> None:
    sheet.set_font(FAMILY, style, size)
    sheet.set_x(x)
    sheet.multi_cell(width, size * _LINE, nfc(words), align="C", new_x="LMARGIN", new_y="NEXT")


def _rule(sheet: _Pages, middle: float, length: float, y: float) -> None:
    sheet.set_line_width(0.25)
    sheet.line(middle - length / 2, y, middle + length / 2, y)


def _title(sheet: _Pages, paper: Official) -> None:
    sheet.middle(paper.kind, 14, "B")
    sheet.middle(paper.about, BODY, "B")
    _rule(sheet, LEFT + sheet.epw / 2, 0.2 * sheet.epw, sheet.get_y() + 1.2)
    sheet.ln(6)


def _write(sheet: _Pages, blocks: Sequence[Block]) -> None:
    for block in blocks:
        match block:
            case Paragraph():
                _paragraph(sheet, block)
            case Head():
                sheet.room(36)  # a heading never stands alone at the foot of a page
                sheet.ln(1.5)
                sheet.say(block.words, BODY, bold=True)
                sheet.ln(1.5)
            case Grid():
                _grid(sheet, block)


def _paragraph(sheet: _Pages, said: Paragraph) -> None:
    if said.style == "centre":
        sheet.middle(said.words, BODY, "B")
        sheet.ln(2)
        return
    style: Literal["", "I"] = "I" if said.style in ("basis", "note") else ""
    size = SMALL if said.style == "note" else BODY
    indent = 0 if said.style == "note" else 10
    with (
        sheet.text_columns(text_align="L" if said.style == "note" else "J", line_height=1.2) as columns,
        columns.paragraph(first_line_indent=indent, bottom_margin=2) as paragraph,
    ):
        if said.lead:
            sheet.set_font(FAMILY, "B", size)
            paragraph.write(nfc(f"{said.lead} "))
        sheet.set_font(FAMILY, style, size)
        paragraph.write(nfc(f"– {said.words}" if said.style == "item" else said.words))


def _signature(sheet: _Pages, paper: Official) -> None:
    """Right who signs, with room for it; left who receives a copy. Never torn from each other."""
    sign = paper.signature
    assert sign is not None
    left, right = 0.48 * sheet.epw, 0.52 * sheet.epw
    sheet.room(40)
    sheet.ln(3)
    top = sheet.get_y()
    if sign.receivers:
        sheet.set_font(FAMILY, "BI", 12)
        sheet.cell(left, 5, _STATE[paper.head.language][4], new_x="LMARGIN", new_y="NEXT")
        sheet.set_font(FAMILY, "", SMALL)
        for receiver in sign.receivers:
            sheet.multi_cell(left, 4.8, nfc(f"- {receiver}"), align="L", new_x="LMARGIN", new_y="NEXT")
    bottom = sheet.get_y()
    sheet.set_y(top)
    for words, style in ((sign.above, "B"), (sign.role, "B"), (sign.note, "I")):
        if words:
            _column(sheet, LEFT + left, right, words, BODY, "B" if style == "B" else "I")
    sheet.set_y(max(bottom, sheet.get_y() + 20))


# ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _grid(sheet: _Pages, grid: Grid) -> None:
    """A list with lines; its headings stand again on every page, and no row is torn."""
    if not grid.rows:
        _paragraph(sheet, Paragraph(grid.empty or "–"))
        return
    widths = _widths(sheet, grid)
    heads = _wrapped(sheet, [column.words for column in grid.columns], widths, "B")
    sheet.set_line_width(0.2)
    sheet.room(_height(heads) + 12)
    _row(sheet, heads, widths, ["C"] * len(widths), "B")
    sides = [column.align for column in grid.columns]
    printed = grid.rows[:PRINTED]
    for cells, style in [*((row, "") for row in printed), *([(grid.foot, "B")] if grid.foot else [])]:
        bold: Literal["", "B"] = "B" if style else ""
        lines = _wrapped(sheet, [said(cell, sheet.language) for cell in cells], widths, bold)
        if sheet.get_y() + _height(lines) > sheet.h - BOTTOM:
            sheet.add_page()
            _row(sheet, heads, widths, ["C"] * len(widths), "B")
        _row(sheet, lines, widths, sides, bold)
    sheet.ln(4)
    left = max(grid.of, len(grid.rows)) - len(printed)
    if left:
        _paragraph(sheet, Paragraph(_MORE[sheet.language == "en"].format(said(left, sheet.language)), style="note"))


def _widths(sheet: _Pages, grid: Grid) -> list[float]:
    """The columns by their shares, none narrower than its longest word as far as that is possible."""
    words = [[column.words] for column in grid.columns]
    for row in grid.rows[:_MEASURED]:
        for column, cell in zip(words, row, strict=False):
            column.append(said(cell, sheet.language))
    sheet.set_font(FAMILY, "B", LIST)
    least = [
        min(max((sheet.get_string_width(nfc(word)) for cell in column for word in cell.split()), default=0), _LONGEST)
        + 2 * _PADDING
        + 0.5
        for column in words
    ]
    free = max(sheet.epw - sum(least), 0.0)
    shares = sum(column.share for column in grid.columns)
    wanted = [sheet.epw * column.share / shares for column in grid.columns]
    lacking = [max(want - need, 0.0) for want, need in zip(wanted, least, strict=True)]
    scale = free / sum(lacking) if sum(lacking) else 0.0
    widths = [need + more * scale for need, more in zip(least, lacking, strict=True)]
    return [width * sheet.epw / sum(widths) for width in widths]


def _row(
    sheet: _Pages, lines: list[list[str]], widths: list[float], sides: Sequence[str], style: Literal["", "B"]
) -> None:
    top, height, x = sheet.get_y(), _height(lines), sheet.l_margin
    sheet.set_font(FAMILY, style, LIST)
    for cell, width, side in zip(lines, widths, sides, strict=True):
        sheet.rect(x, top, width, height)
        for n, words in enumerate(cell):
            sheet.set_xy(x + _PADDING, top + _PADDING + n * LIST * _LINE)
            sheet.cell(width - 2 * _PADDING, LIST * _LINE, words, align=side)
        x += width
    sheet.set_xy(sheet.l_margin, top + height)


def _height(lines: list[list[str]]) -> float:
    return max(len(cell) for cell in lines) * LIST * _LINE + 2 * _PADDING


def _wrapped(sheet: _Pages, cells: Sequence[str], widths: Sequence[float], style: Literal["", "B"]) -> list[list[str]]:
    """The cells of a row in lines that fit their columns."""
    sheet.set_font(FAMILY, style, LIST)
    return [_lines(sheet, nfc(words), width - 2 * _PADDING - 0.2) for words, width in zip(cells, widths, strict=True)]


def _lines(sheet: _Pages, words: str, width: float) -> list[str]:
    """Words in lines no wider than `width`; only a word that is wider than a line is cut."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if sheet.get_string_width(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while sheet.get_string_width(word) > width and len(word) > 1:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or sheet.get_string_width(word[:n]) <= width)
            lines[-1] = word[:fits]
            word = word[fits:]
            lines.append("")
        lines[-1] = word
    return lines


def _tables(grids: Sequence[Grid]) -> list[Table]:
    """The lists as sheets: names that a workbook takes, no two alike whatever their case."""
    made: list[Table] = []
    for grid in grids:
        name = _sheet_name(grid.name, {table.name.casefold() for table in made})
        rows = [*grid.rows, *([grid.foot] if grid.foot else [])]
        cells = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows]
        made.append(Table(name, [column.words for column in grid.columns], cells))
    return made


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A workbook's sheet name: at most 31 letters, without the signs that mean something there."""
    allowed = "".join(" " if letter in "[]:*?/\\" else letter for letter in nfc(wanted))
    plain = " ".join(allowed.split()).strip("'") or "Bảng"
    name, n = plain[:31], 1
    while name.casefold() in taken:
        n += 1
        name = f"{plain[: 31 - len(str(n)) - 1]} {n}"
    return name
