"""Our own Excel template: the table with drop-down lists and a sheet of help, written and read."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.format import Format as Look
from xlsxwriter.worksheet import Worksheet

from quizapp.formats import columns, guide, rows, workbook
from quizapp.formats.columns import COLUMNS, DIFFICULTIES, KINDS, PROBLEMS, YES, Column
from quizapp.formats.upload import MOST_QUESTIONS, BadFile, Format, Row, Upload
from quizapp.rules.bank import Topic
from quizapp.rules.question import Question

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HEAD_ROWS = 2  # Vietnamese, then English
_WIDE, _MIDDLE, _NARROW = 60, 24, 12
_WIDTHS = {"stem": _WIDE, "explanation": _WIDE, "short": _MIDDLE, "citations": _MIDDLE, "topic": _MIDDLE}
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def read(data: bytes) -> Upload:
    """The questions of a workbook: of the first sheet that has our headings."""
    book = workbook.read(data)
    refusal: BadFile | None = None
    for sheet in book.sheets:
        try:
            made = rows.upload(sheet.rows)
        except BadFile as error:
            refusal = refusal or error
        else:
            return Upload(made.rows, (*book.notes, *made.notes), book.conversion)
    assert refusal is not None  # a workbook has at least one sheet
    raise refusal


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """The questions in a workbook that can be filled in further; without questions, the empty template."""
    held = [columns.cells(question) for question in questions if columns.holds(question)]
    return _written(held, topics, COLUMNS)


def write_rows(failed: Sequence[tuple[Row, str]], topics: Sequence[Topic]) -> bytes:
    """Rows to be mended, as they were read, each with what is wrong with it in words."""
    held = [{**columns.shown(row.values), PROBLEMS.key: words} for row, words in failed]
    return _written(held, topics, (PROBLEMS, *COLUMNS))


def _written(held: Sequence[Mapping[str, str]], topics: Sequence[Topic], wanted: Sequence[Column]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _PLAIN) as book:
        looks = _Looks(book)
        sheet, help_sheet = (book.add_worksheet(name) for name in guide.SHEETS)
        _write_head(sheet, wanted, looks)
        for number, row in enumerate(held, _HEAD_ROWS):
            for place, column in enumerate(wanted):
                if text := row.get(column.key, ""):
                    look = looks.exact if columns.is_formula_like(text) else looks.text
                    sheet.write_string(number, place, text, look)
        _add_choices(sheet, wanted, topics)
        _write_help(help_sheet, topics, looks)
    return file.getvalue()


class _Looks:
    """How cells look. Every cell for questions is text, so that no program turns `1,3` into a number or a date."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.text: Look = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.exact: Look = book.add_format(
            {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
        )
        self.head: Look = book.add_format(
            {"bold": True, "bg_color": "#0B4EA2", "font_color": "#FFFFFF", "num_format": "@"}
        )
        self.second: Look = book.add_format({"italic": True, "bg_color": "#E6EDF7", "num_format": "@"})
        self.title: Look = book.add_format({"bold": True, "font_size": 14})


def _write_head(sheet: Worksheet, wanted: Sequence[Column], looks: _Looks) -> None:
    for place, column in enumerate(wanted):
        width = _WIDTHS.get(column.key.removesuffix("_en"), _NARROW)
        sheet.set_column(place, place, _MIDDLE if column.key[0] in columns.LETTERS else width, looks.text)
        sheet.write_string(0, place, column.vi, looks.head)
        sheet.write_string(1, place, column.en, looks.second)
    sheet.freeze_panes(_HEAD_ROWS, 0)


def _add_choices(sheet: Worksheet, wanted: Sequence[Column], topics: Sequence[Topic]) -> None:
    """Drop-down lists; the topics are those of the help sheet."""
    first = len(guide.COLUMNS) + 6
    choices: dict[str, object] = {
        "kind": list(KINDS.values()),
        "difficulty": list(DIFFICULTIES.values()),
        "scenario": [YES],
    }
    if topics:
        choices["topic"] = f"='{guide.SHEETS[1]}'!$A${first}:$A${first + len(topics) - 1}"
    for place, column in enumerate(wanted):
        if column.key in choices:
            rule = {"validate": "list", "source": choices[column.key], "error_type": "warning"}
            sheet.data_validation(_HEAD_ROWS, place, _HEAD_ROWS + MOST_QUESTIONS - 1, place, rule)


def _write_help(sheet: Worksheet, topics: Sequence[Topic], looks: _Looks) -> None:
    """The help; its list of topics begins in the row that `_add_choices` names."""
    for place, width in enumerate((_MIDDLE, _MIDDLE, 90, 90)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, guide.TITLE[0], looks.title)
    sheet.write_string(0, 2, guide.TITLE[1], looks.title)
    names = {column.key: column for column in COLUMNS}
    lines: list[Sequence[str]] = [
        (names[key].vi, names[key].en, vietnamese, english) for key, (vietnamese, english) in guide.COLUMNS.items()
    ]
    _write_lines(sheet, 2, guide.HEAD, lines, looks)
    _write_lines(sheet, len(lines) + 4, guide.TOPICS, [(t.slug, t.letter, t.name.vi, t.name.en) for t in topics], looks)


def _write_lines(
    sheet: Worksheet, top: int, head: Sequence[str], lines: Sequence[Sequence[str]], looks: _Looks
) -> None:
    for place, text in enumerate(head):
        sheet.write_string(top, place, text, looks.head)
    for number, line in enumerate(lines, top + 1):
        for place, text in enumerate(line):
            sheet.write_string(number, place, text, looks.text)


FORMAT = Format("xlsx", "Bảng Excel theo mẫu", "xlsx", MEDIA_TYPE, read, write, columns.losses, columns.holds)
