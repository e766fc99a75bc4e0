"""CSV files: our table with commas, semicolons or tabs, in any code that Vietnamese files come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from quizapp.formats import charset, columns, rows, typed
from quizapp.formats.columns import COLUMNS
from quizapp.formats.upload import (
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_QUESTIONS,
    BadFile,
    Format,
    Problem,
    Row,
    Upload,
    check_count,
    check_size,
)
from quizapp.rules.bank import Topic
from quizapp.rules.question import Question

_DELIMITERS = ",;\t|"
_GUARD = "'"  # before a text that a spreadsheet program would take for a formula
_MOST_ROWS = MOST_QUESTIONS + 1_000  # with headings and empty rows


def read(data: bytes) -> Upload:
    """The questions of a CSV file."""
    check_size(data)
    text, conversion = charset.letters(data)
    if text.lstrip().startswith(("<", "{")):
        raise BadFile("Đây không phải tệp CSV. Vui lòng chọn đúng loại tệp rồi tải lên lại.")
    broken: list[Problem] = []
    made = rows.upload(list(_rows(text, broken)))
    unread = tuple(Row(problem.where, {}, (problem,)) for problem in broken)
    return Upload((*made.rows, *unread), made.notes, conversion)


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """The questions as CSV with commas, in UTF-8 with the mark by which spreadsheet programs know it."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.vi for column in COLUMNS])
    for question in filter(columns.holds, questions):
        row = columns.cells(question)
        writer.writerow([guarded(row.get(column.key, "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def guarded(text: str) -> str:
    """The text as a cell that no program takes for a formula; `_cell` takes the mark off again."""
    return _GUARD + text if columns.is_formula_like(text) else text


def _cell(text: str) -> str:
    if text.startswith(_GUARD) and columns.is_formula_like(text[1:]):
        return text[1:]
    return typed.clean(text)


def _rows(text: str, broken: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, up to where the quotes are wrong, which is then said in `broken`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if number > _MOST_ROWS:
                check_count(number)
            yield number, [_cell(cell) for cell in row[: MOST_COLUMNS + 1]]
    except csv.Error:
        where = str(reader.line_num)
        remedy = "Kiểm tra dấu nháy kép từ dòng ngay sau câu trước đến đây: mở và đóng đủ, trong ô thì viết hai lần."
        broken.append(Problem(where, "Dấu nháy kép đặt sai chỗ; từ đây đến hết tệp chưa đọc được.", {}, remedy))


def _delimiter(text: str) -> str:
    """What separates the cells: the sign that gives the first rows the most known headings."""
    first = text[:7].replace("\r", "\n").partition("\n")[0]
    if first.lower().startswith("sep=") and len(first) == 5:  # how some programs tell it
        return first[4]
    start = text[: 20 * LONGEST_TEXT]
    return max(_DELIMITERS, key=lambda sign: _headings(start, sign))


def _headings(start: str, delimiter: str) -> int:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    try:
        first = [row for row, _ in zip(reader, range(rows.HEADER_WITHIN), strict=False)]
    except csv.Error:
        return 0
    return max((sum(columns.heading(cell) is not None for cell in row if cell) for row in first), default=0)


FORMAT = Format(
    "csv",
    "Bảng CSV",
    "csv",
    "text/csv",
    read,
    write,
    columns.losses,
    columns.holds,
)
