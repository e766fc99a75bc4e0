"""Any table that people bring, in a workbook or as CSV: its rows as texts, without knowing what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from quizapp.formats import charset, typed, workbook
from quizapp.formats.columns import is_formula_like
from quizapp.formats.upload import (
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_QUESTIONS,
    BadFile,
    Problem,
    Row,
    Upload,
    check_size,
)

NAME = "table"  # what the sandbox is asked for; no format of questions
_DELIMITERS = "\t;,|"
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0")
_GUARD = "'"  # before a text that a spreadsheet program would take for a formula

_EMPTY = "Tệp này trống. Vui lòng chọn tệp có dữ liệu."
_TOO_LONG = "Bảng có hơn 5.000 dòng. Vui lòng chia thành nhiều tệp nhỏ hơn."


def read(data: bytes) -> Upload:
    """The rows of the first sheet that holds something, each with its number and its `cells`."""
    if not data.strip(b"\x00\t\r\n "):
        raise BadFile(_EMPTY)
    check_size(data)
    return _packed(data) if data.startswith(_PACKED) else _text(data)


def write(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook with one sheet whose cells are all texts, so that no program takes the zeros off a number."""
    file = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(file, plain) as book:
        sheet = book.add_worksheet(name[:31])
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        exact = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True})
        head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        for column, words in enumerate(heads):
            sheet.set_column(column, column, max(14, len(words) + 4), text)
            sheet.write_string(0, column, words, head)
        for number, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                if words:
                    sheet.write_string(number, column, words, exact if is_formula_like(words) else text)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def cells(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a table that was pasted, by whatever sign its cells are parted."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    found = []
    try:
        for row in reader:
            tidy = [typed.clean(_unguarded(cell))[:LONGEST_TEXT] for cell in row[:MOST_COLUMNS]]
            if any(tidy):
                found.append((reader.line_num, tidy))
            if len(found) > MOST_QUESTIONS:
                raise BadFile(_TOO_LONG)
    except csv.Error as error:
        raise BadFile("Dấu nháy kép trong bảng đặt sai chỗ. Vui lòng kiểm tra lại tệp.") from error
    if not found:
        raise BadFile(_EMPTY)
    return found


def _text(data: bytes) -> Upload:
    text, conversion = charset.read(data)
    if text.lstrip().startswith(("<", "{", "%PDF")):
        raise BadFile("Đây không phải tệp Excel hay CSV. Vui lòng chọn đúng loại tệp rồi tải lên lại.")
    return Upload(tuple(Row(str(number), {"cells": row}) for number, row in cells(text)), (), conversion)


def _packed(data: bytes) -> Upload:
    try:
        book = workbook.read(data)
    except BadFile as refusal:
        if "câu hỏi" in refusal.sentence:  # the reader of workbooks counts questions; here they are lines
            raise BadFile(_TOO_LONG) from refusal
        raise
    sheet = next((one for one in book.sheets if one.rows), None)
    if sheet is None:
        raise BadFile(_EMPTY)
    if len(sheet.rows) > MOST_QUESTIONS:
        raise BadFile(_TOO_LONG)
    rows = tuple(Row(str(number), {"cells": [cell[:LONGEST_TEXT] for cell in row]}) for number, row in sheet.rows)
    notes: tuple[Problem, ...] = tuple(note for note in book.notes)
    return Upload(rows, notes, book.conversion)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(_GUARD) else cell


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line that holds something."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)
